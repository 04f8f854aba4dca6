/// Two clocks that do not agree. What came first bears a later time than what came after it: so the first clock is ahead of the second,
/// by that much or more. Which of the two is wrong nobody can tell. Shown to people, never used to merge.
public struct ClockGap: Hashable, Sendable {
    public var ahead: DeviceID
    public var behind: DeviceID
    /// At least, in milliseconds.
    public var least: Int64
    /// When it was seen last, by the clock here.
    public var noticed: Int64
}

/// How a device's clock stands to another one.
public struct ClockOffset: Hashable, Sendable {
    /// At least so many milliseconds: ahead of the other one where positive, behind it where negative.
    public var least: Int64
    /// Whose clock the other one is; nil for that of this device.
    public var against: DeviceID?
}

/// The clocks of a team that were seen not to agree.
public struct ClockGaps: Hashable, Sendable {
    /// By devices.
    public private(set) var all: [ClockGap] = []

    /// Clocks that the network sets are right to seconds.
    private static let threshold: Int64 = 60_000
    /// A clock that was set right is nobody's news for ever.
    private static let lifetime: Int64 = 30 * 86_400_000
    /// Whoever writes anything for a time is not answered by a number that overflows.
    private static let believable: ClosedRange<Int64> = -(1 << 60)...(1 << 60)
    private static let day: Int64 = 86_400_000
    private static let limit = 256

    init() {}

    /// Something happened on one device before something else on another one, as their clocks say.
    mutating func learn(_ earlier: (device: DeviceID, wall: Int64), before later: (device: DeviceID, wall: Int64), now: Int64) {
        guard earlier.device != later.device else { return }
        let (gap, isBeyond) = earlier.wall.subtractingReportingOverflow(later.wall)
        guard !isBeyond, Self.believable.contains(gap) else { return }
        // The later one's clock is ahead by less than what passed between the two.
        all.removeAll { $0.ahead == later.device && $0.behind == earlier.device && $0.least > -gap }
        if gap >= Self.threshold { note(ClockGap(ahead: earlier.device, behind: later.device, least: gap, noticed: now)) }
    }

    private mutating func note(_ gap: ClockGap) {
        if let known = all.firstIndex(where: { $0.ahead == gap.ahead && $0.behind == gap.behind }) {
            let isFresh = gap.noticed - all[known].noticed < Self.day
            all[known].least = isFresh ? max(all[known].least, gap.least) : gap.least
            all[known].noticed = gap.noticed
        } else {
            if all.count >= Self.limit, let oldest = all.indices.min(by: { all[$0].noticed < all[$1].noticed }) { all.remove(at: oldest) }
            all.append(gap)
            all.sort { ($0.ahead, $0.behind) < ($1.ahead, $1.behind) }
        }
    }

    /// What was seen lately.
    func recent(at now: Int64) -> ClockGaps { since(now - Self.lifetime) }

    /// What is to be seen to: what was noticed within a week. Nothing tells that a clock was set right but its later changes, and those may
    /// be rare.
    public func pressing(at now: Int64) -> ClockGaps { since(now - 7 * Self.day) }

    private func since(_ time: Int64) -> ClockGaps {
        var since = self
        since.all.removeAll { $0.noticed < time }
        return since
    }

    /// How a device's clock stands to this one's; if nothing tells, to that of whom it differs from most.
    public func offset(of device: DeviceID, from own: DeviceID) -> ClockOffset? {
        let gaps = all.filter { $0.ahead == device || $0.behind == device }
        let direct = gaps.filter { $0.ahead == own || $0.behind == own }
        guard device != own, let gap = (direct.isEmpty ? gaps : direct).max(by: { $0.least < $1.least }) else { return nil }
        let isAhead = gap.ahead == device
        let other = isAhead ? gap.behind : gap.ahead
        return ClockOffset(least: isAhead ? gap.least : -gap.least, against: other == own ? nil : other)
    }

    /// Whether this device's clock is on one side of several others', so that it is the one to be looked at.
    public func isSuspect(_ own: DeviceID) -> Bool {
        let (slow, fast) = (all.count { $0.behind == own }, all.count { $0.ahead == own })
        return (slow == 0) != (fast == 0) && slow + fast > 1
    }
}

extension ClockGaps {
    var bytes: [UInt8] {
        var writer = ByteWriter(capacity: all.count * 44)
        for gap in all {
            writer.raw(gap.ahead)
            writer.raw(gap.behind)
            writer.zig(gap.least)
            writer.zig(gap.noticed)
        }
        return writer.bytes
    }

    init(_ bytes: [UInt8]) throws(DecodingFailure) {
        var reader = ByteReader(bytes)
        while !reader.isAtEnd {
            all.append(
                ClockGap(
                    ahead: try reader.identifier(), behind: try reader.identifier(), least: try reader.zig(), noticed: try reader.zig()))
        }
    }
}
