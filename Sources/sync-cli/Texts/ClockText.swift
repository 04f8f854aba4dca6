import SyncCore

/// Clocks that do not agree, for people. The words say what is known and no more: a difference, and that it may be greater.
struct ClockText {
    private let team: TeamState
    private let own: DeviceID
    /// This device's clock differs from several others: it is the one to be looked at, not theirs.
    private let isOwnSuspect: Bool
    private let gaps: ClockGaps

    init(_ gaps: ClockGaps, _ team: TeamState, own: DeviceID) {
        (self.gaps, self.team, self.own) = (gaps, team, own)
        isOwnSuspect = gaps.isSuspect(own)
    }

    /// `clock at least 6 minutes fast`.
    func text(_ offset: ClockOffset) -> String {
        let length = LocalClock.age(Int64(offset.least.magnitude))
        let isAhead = offset.least > 0
        if let other = offset.against.flatMap(team.name) { return "clock at least \(length) \(isAhead ? "ahead of" : "behind") that of \(other)" }
        if isOwnSuspect { return "clock at least \(length) \(isAhead ? "ahead of" : "behind") this device's" }
        return "clock at least \(length) \(isAhead ? "fast" : "slow")"
    }

    func text(of device: DeviceID) -> String? { gaps.offset(of: device, from: own).map(text) }

    /// For `status`: this device's clock and those that it does not agree with; nil where there are none.
    var line: String? {
        let (ahead, behind) = (gaps.all.filter { $0.behind == own }, gaps.all.filter { $0.ahead == own })
        let lines = [(ahead, "behind", "slow"), (behind, "ahead of", "fast")].compactMap { gaps, side, word -> String? in
            guard let least = gaps.map(\.least).max() else { return nil }
            let names = gaps.map { $0.ahead == own ? $0.behind : $0.ahead }.compactMap(team.name).joined(separator: ", ")
            let length = LocalClock.age(least)
            return isOwnSuspect
                ? "! this device's clock is at least \(length) \(word): \(side) \(names). Set it right; nothing is merged by it"
                : "this device's clock is at least \(length) \(side) that of \(names): one of them is wrong. Nothing is merged by it"
        }
        return lines.isEmpty ? nil : lines.joined(separator: "; ")
    }

    static func json(_ offset: ClockOffset?, _ team: TeamState) -> JSON {
        guard let offset else { return .null }
        return .object([
            ("at_least_ms", .integer(offset.least)), ("against", offset.against.flatMap(team.name).map(JSON.string) ?? "this device"),
        ])
    }

    static func json(_ gaps: ClockGaps, _ team: TeamState) -> JSON {
        func name(_ device: DeviceID) -> JSON { .string(team.name(of: device) ?? "an unknown device") }
        guard !gaps.all.isEmpty else { return .null }
        return .array(
            gaps.all.map { gap in
                .object([
                    ("ahead", name(gap.ahead)), ("behind", name(gap.behind)), ("at_least_ms", .integer(gap.least)),
                    ("noticed", .integer(gap.noticed)),
                ])
            })
    }
}
