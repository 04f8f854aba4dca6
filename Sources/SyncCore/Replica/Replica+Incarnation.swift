/// A store that was copied, restored or moved goes on under another author, so that no two stores write in one name.
public struct Renewal: Hashable, Sendable {
    public enum Reason: UInt8, Hashable, Sendable {
        /// The marks of this store do not fit together, or not this place: it was copied, restored from a backup, or moved.
        case elsewhere = 1
        /// Something that this store did not write bears its name: another copy of it is in use.
        case usedTwice = 2
    }

    public var reason: Reason
    /// In milliseconds since 1970.
    public var time: Int64
    /// Changes that were not sent yet, all of which are kept.
    public var unsent: Int
}

extension Replica {
    /// Makes sure that this store is the only one that writes as this incarnation of the device; where it is not, it becomes another
    /// incarnation, with an author and logs of its own, and carries on what was not sent under its old names. To be called before
    /// anything is committed or sealed; reading needs it not. The caller holds the lock.
    func beOnlyOne() throws {
        if try isWhatItWas() { return }
        // Another process may have seen to it.
        keys = try KeyFile(path: paths.keys).keys(under: storeKey)
        if try !isWhatItWas() { try renew() }
    }

    /// For people: whether it is where it was made. What is not is another incarnation from its next change on.
    public func isInItsPlace() throws -> Bool { try isWhatItWas() }

    /// The same in three places, one of which backups leave out; and it tells where the log lies, which copies do not share.
    private func isWhatItWas() throws -> Bool { try log.read { try isWhatItWas($0) } }

    private func isWhatItWas(_ log: LogTransaction) throws -> Bool {
        let mark = keys.incarnation
        let marked = mark.bytes
        guard try log.setting(Setting.incarnation) == marked,
            let beside = try? FileSystem.read(paths.incarnation), beside == marked
        else { return false }
        return mark.isOfLog(at: paths.log)
    }

    /// Interrupted anywhere, it begins anew: nothing is written under the new author before all three marks are on the disk.
    private func renew() throws {
        var next = keys
        next.authorSalt = surroundings.random(16)
        next.incarnation = Incarnation(mark: surroundings.random(16), ofLogAt: paths.log)
        let renewal = try log.write { log in
            let isUsedTwice = try log.setting(Setting.incarnation) == Self.otherCopy
            if isUsedTwice { try takeBackUnsent(log) }
            try log.forgetToldHeads()
            let renewal = Renewal(
                reason: isUsedTwice ? .usedTwice : .elsewhere, time: surroundings.now(), unsent: try unsent(log))
            try log.set(Setting.renewal, renewal.bytes)
            try log.set(Setting.incarnation, next.incarnation.bytes)
            return renewal
        }
        try save(next)
        try FileSystem.writeDurably(next.incarnation.bytes, to: paths.incarnation)
        onRenewal?(renewal)
    }

    /// What is sealed past a fork may be refused where a log has too many branches: the new log carries it again. Elsewhere sealed segments
    /// stay as good as they were.
    private func takeBackUnsent(_ log: LogTransaction) throws {
        for owner in try log.logs() where owner.device == device {
            while true {
                let changes = try log.unsentChanges(of: owner.number, limit: 32)
                if changes.isEmpty { break }
                for change in changes { try log.takeBack(change.number, loader.change(change, log).canonicalBytes) }
            }
            try log.forgetUnsent(of: owner.number)
        }
    }

    /// In the place of the mark: what this store did not write bears its name.
    private static let otherCopy: [UInt8] = []

    /// From now on nothing is written under the author of today. A store that is a copy itself, and has not written since, learns nothing by
    /// what the other one wrote.
    private func noteOtherCopy(_ log: LogTransaction) throws {
        if try isWhatItWas(log) { try log.set(Setting.incarnation, Self.otherCopy) }
    }

    // MARK: What others show

    /// The logs of this incarnation, whether they were begun or not.
    func ownTags() throws -> [LogTag] {
        try keys.epochs.map { epoch in
            SegmentHeader.tag(of: try SigningKey(seed: ownLogSeed(epoch.id)).publicKey)
        }
    }

    /// Of this incarnation's log in an epoch.
    func ownLogSeed(_ epoch: EpochID) -> Secret { keys.signingSeed.derive("sync/v1/own-log", epoch.bytes + author.bytes) }

    /// Whether a remote names segments under this incarnation's name that are not here: another store wrote them, or they are a lie.
    func isNamedElsewhere(_ heads: [LogHead]) throws -> Bool {
        let own = try ownTags()
        return try unknown(heads).contains { own.contains($0.tag) }
    }

    /// A segment came from outside and was stored: in the chain of its log, and signed by its key.
    func lookForCopies(_ number: Int64, of owner: Int64, at index: UInt64, _ log: LogTransaction) throws {
        guard let binding = try log.binding(ofSegment: number) else { return }
        if binding.device == device, try log.author(binding.author) == author { try noteOtherCopy(log) }
        if try log.chains(of: owner, at: index).count > 1 {
            try log.note(.init(author: binding.author, sign: .usedTwice, noticed: surroundings.now()))
        }
    }

    /// The open of an author's log came. Its device may have another author.
    func lookForRenewal(_ author: Int64, of device: DeviceID, _ log: LogTransaction) throws {
        guard try !log.hasLog(author: author), try log.hasLog(device: device, beside: author) else { return }
        try log.note(.init(author: author, sign: .renewed, noticed: surroundings.now()))
    }

    // MARK: For people

    /// For so long a sign is shown.
    static let signMilliseconds: Int64 = 30 * 86_400_000

    /// Other devices of the team of which there may be copies, the strongest and newest sign of each.
    func copies(_ log: LogTransaction, _ team: TeamState) throws -> [CopySign] {
        let signs = try log.copySigns(since: surroundings.now() - Self.signMilliseconds).compactMap { sign -> CopySign? in
            guard let device = try log.device(ofAuthor: sign.author), device != self.device, team.roster[device] != nil else { return nil }
            return CopySign(device: device, kind: sign.sign, noticed: sign.noticed)
        }
        return Dictionary(grouping: signs, by: \.device).values.compactMap { signs in
            signs.max { ($0.kind.rawValue, $0.noticed) < ($1.kind.rawValue, $1.noticed) }
        }.sorted { ($0.noticed, $0.device) < ($1.noticed, $1.device) }
    }

    func renewal(_ log: LogTransaction) throws -> Renewal? {
        guard let renewal = try log.setting(Setting.renewal).flatMap({ try? Renewal($0) }),
            renewal.time >= surroundings.now() - Self.signMilliseconds
        else { return nil }
        return renewal
    }
}

extension Renewal {
    fileprivate var bytes: [UInt8] {
        var writer = ByteWriter()
        writer.u8(reason.rawValue)
        writer.zig(time)
        writer.count(unsent)
        return writer.bytes
    }

    fileprivate init(_ bytes: [UInt8]) throws(DecodingFailure) {
        var reader = ByteReader(bytes)
        guard let reason = Reason(rawValue: try reader.u8()) else { throw .invalid("reason") }
        self.init(reason: reason, time: try reader.zig(), unsent: try reader.count(limit: .max))
        try reader.end()
    }
}
