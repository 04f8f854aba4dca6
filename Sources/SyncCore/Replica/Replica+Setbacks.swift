/// When a remote was last seen to lack what it had said that it keeps: it was restored from a backup, or it is not honest.
public struct Setback: Hashable, Sendable {
    public var remote: String
    /// In milliseconds since 1970.
    public var noticed: Int64
}

extension Replica {
    /// How long it is told of: a relay that was restored once is no news for ever.
    private static let setbackMilliseconds: Int64 = 30 * 24 * 3_600_000

    private static func setbackKey(_ remote: String) -> String { "setback of " + remote }
    private static func acknowledgedKey(_ remote: String) -> String { "acknowledged by " + remote }

    func setbacks(_ log: LogTransaction) throws -> [Setback] {
        try log.remotes().compactMap { remote in
            guard let bytes = try log.setting(Self.setbackKey(remote.name)), !bytes.isEmpty else { return nil }
            var reader = ByteReader(bytes[...])
            let noticed = Int64(bitPattern: try reader.word())
            return surroundings.now() - noticed < Self.setbackMilliseconds ? Setback(remote: remote.name, noticed: noticed) : nil
        }
    }

    func noteSetback(of remote: String) throws {
        var writer = ByteWriter(capacity: 8)
        writer.word(UInt64(bitPattern: surroundings.now()))
        try locked { try log.write { try $0.set(Self.setbackKey(remote), writer.bytes) } }
    }

    /// A remote took what this device pushed: whoever says later that it has less of it has lost it, or never kept it.
    func noteAcknowledged(_ heads: [LogHead], by remote: String) throws {
        try locked {
            try log.write { log in
                guard let own = try ownNewest(log), heads.contains(own) else { return }
                var writer = ByteWriter(capacity: 24)
                writer.raw(own.tag.bytes)
                writer.word(own.index)
                try log.set(Self.acknowledgedKey(remote), writer.bytes)
            }
        }
    }

    /// Whether a remote that has these lacks what it took from this device.
    func lacksAcknowledged(_ heads: [LogHead], _ remote: String) throws -> Bool {
        guard let bytes = try log.read({ try $0.setting(Self.acknowledgedKey(remote)) }), !bytes.isEmpty else { return false }
        var reader = ByteReader(bytes[...])
        let tag = LogTag(try reader.raw(16))
        let index = try reader.word()
        return !heads.contains { $0.tag == tag && $0.index >= index }
    }

    /// Another remote may get the name.
    func forgetSetbacks(of remote: String, _ log: LogTransaction) throws {
        for key in [Self.setbackKey(remote), Self.acknowledgedKey(remote)] { try log.set(key, []) }
    }

    private func ownNewest(_ log: LogTransaction) throws -> LogHead? {
        guard let owner = try log.logs().last(where: { $0.device == device }), let newest = try log.lastSegment(of: owner.number)
        else { return nil }
        return LogHead(tag: owner.tag, index: newest.index, chain: newest.chain)
    }
}
