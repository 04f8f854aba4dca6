/// When a remote was last seen to lack what it had said that it keeps: it was restored from a backup, or it is not honest.
public struct Setback: Hashable, Sendable {
    public var remote: String
    /// In milliseconds since 1970.
    public var noticed: Int64
}

extension Replica {
    /// How long it is told of: a relay that was restored once is no news for ever.
    private static let setbackMilliseconds: Int64 = 30 * 24 * 3_600_000

    func setbacks(_ log: LogTransaction) throws -> [Setback] {
        let known = Set(try log.remotes().map(\.name))
        return try log.reliance().compactMap { reliance in
            guard let noticed = reliance.setback, known.contains(reliance.remote), surroundings.now() - noticed < Self.setbackMilliseconds
            else { return nil }
            return Setback(remote: reliance.remote, noticed: noticed)
        }
    }

    func noteSetback(of remote: String) throws {
        try locked { try log.write { log in try log.rely(on: remote) { $0.setback = surroundings.now() } } }
    }

    /// A remote took what this device pushed: whoever says later that it has less of it has lost it, or never kept it.
    func noteAcknowledged(_ heads: [LogHead], by remote: String) throws {
        try locked {
            try log.write { log in
                guard let own = try ownNewest(log), heads.contains(own) else { return }
                try log.rely(on: remote) { $0.acknowledged = .init(tag: own.tag, index: own.index) }
            }
        }
    }

    /// Whether a remote that has these lacks what it took from this device.
    func lacksAcknowledged(_ heads: [LogHead], _ remote: String) throws -> Bool {
        guard let last = try log.read({ try $0.reliance() }).first(where: { $0.remote == remote })?.acknowledged else { return false }
        return !heads.contains { $0.tag == last.tag && $0.index >= last.index }
    }

    /// Another remote may get the name.
    func forgetSetbacks(of remote: String, _ log: LogTransaction) throws { try log.rely(on: remote) { $0 = Reliance(remote: remote) } }

    private func ownNewest(_ log: LogTransaction) throws -> LogHead? {
        guard let owner = try log.logs().last(where: { $0.device == device }), let newest = try log.lastSegment(of: owner.number)
        else { return nil }
        return LogHead(tag: owner.tag, index: newest.index, chain: newest.chain)
    }
}

/// What a remote has said and done with what it was given. Kept together in one setting: what names a setting stands readable in a sealed
/// store, and the name of a remote is somebody's word.
private struct Reliance {
    struct Acknowledged {
        var tag: LogTag
        var index: UInt64
    }

    var remote: String
    /// When it was last seen to lack something, in milliseconds since 1970.
    var setback: Int64?
    /// The newest segment of this device that it took.
    var acknowledged: Acknowledged?

    var isEmpty: Bool { setback == nil && acknowledged == nil }

    init(remote: String) { self.remote = remote }

    init(from reader: inout ByteReader) throws {
        remote = try reader.text(limit: 4096)
        setback = try reader.flag() ? try reader.zig() : nil
        acknowledged = try reader.flag() ? Acknowledged(tag: try reader.identifier(), index: try reader.varint()) : nil
    }

    func append(to writer: inout ByteWriter) {
        writer.text(remote)
        writer.u8(setback == nil ? 0 : 1)
        if let setback { writer.zig(setback) }
        writer.u8(acknowledged == nil ? 0 : 1)
        if let acknowledged {
            writer.raw(acknowledged.tag)
            writer.varint(acknowledged.index)
        }
    }
}

extension LogTransaction {
    fileprivate func reliance() throws -> [Reliance] {
        var reader = ByteReader(try setting(Replica.Setting.reliance) ?? [])
        var all: [Reliance] = []
        while !reader.isAtEnd { all.append(try Reliance(from: &reader)) }
        return all
    }

    fileprivate func rely(on remote: String, _ change: (inout Reliance) -> Void) throws {
        var all = try reliance()
        var own = all.first { $0.remote == remote } ?? Reliance(remote: remote)
        all.removeAll { $0.remote == remote }
        change(&own)
        if !own.isEmpty { all.append(own) }
        var writer = ByteWriter()
        for reliance in all { reliance.append(to: &writer) }
        try set(Replica.Setting.reliance, writer.bytes)
    }
}
