/// The clear part of a segment: all that a relay sees of it beside its length.
public struct SegmentHeader: Hashable, Sendable {
    /// What only one of the two forms has.
    public enum Form: Hashable, Sendable {
        /// Index 0: the log's public key, and a commitment that finds the epoch of the log and binds it to that epoch's key.
        case open(publicKey: Hash32, commitment: Hash32)
        /// Index 1 and up.
        case run(tag: LogTag, index: UInt64)
    }

    public static let suite: UInt8 = 1

    public var form: Form
    /// 12 bytes.
    public var nonce: [UInt8]
    public var bodyLength: Int
    public var bodyHash: Hash32

    public init(form: Form, nonce: [UInt8], bodyLength: Int, bodyHash: Hash32) {
        self.form = form
        self.nonce = nonce
        self.bodyLength = bodyLength
        self.bodyHash = bodyHash
    }

    public var tag: LogTag {
        switch form {
        case .open(let publicKey, _): Self.tag(of: publicKey)
        case .run(let tag, _): tag
        }
    }

    public var index: UInt64 {
        switch form {
        case .open: 0
        case .run(_, let index): index
        }
    }

    /// The name of the log that this key signs.
    public static func tag(of publicKey: Hash32) -> LogTag {
        LogTag(prefixOf: Digest.hash("sync/v1/tag", publicKey.bytes))
    }

    /// Everything before the body's hash: what the body is sealed under.
    var bytesWithoutBodyHash: [UInt8] {
        var writer = ByteWriter(capacity: 128)
        writer.u8(Self.suite)
        switch form {
        case .open(let publicKey, let commitment):
            writer.raw(publicKey)
            writer.raw(commitment)
        case .run(let tag, let index):
            writer.raw(tag)
            writer.varint(index)
        }
        writer.raw(nonce)
        writer.count(bodyLength)
        return writer.bytes
    }

    public var bytes: [UInt8] {
        var out = bytesWithoutBodyHash
        bodyHash.append(to: &out)
        return out
    }

    init(from reader: inout ByteReader, isOpen: Bool) throws(DecodingFailure) {
        guard try reader.u8() == Self.suite else { throw .invalid("suite") }
        if isOpen {
            form = .open(publicKey: try reader.hash32(), commitment: try reader.hash32())
        } else {
            let tag: LogTag = try reader.identifier()
            let index = try reader.varint()
            guard index > 0 else { throw .invalid("index") }
            form = .run(tag: tag, index: index)
        }
        nonce = Array(try reader.raw(Sealing.nonceLength))
        bodyLength = try reader.count(limit: Limits.bodyBytes)
        bodyHash = try reader.hash32()
    }
}

extension Identifier16 {
    /// The first 16 bytes of a hash.
    init(prefixOf hash: Hash32) {
        self.init(high: hash.first, low: hash.second)
    }
}
