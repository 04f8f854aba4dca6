import SyncCore

/// A device's log with real keys, chain and signatures, and bodies of bytes that mean nothing.
struct TestLog {
    let key: SigningKey
    let salt: Hash32
    /// The chain value at the newest segment.
    private(set) var chain = Chain.beginning
    private(set) var count: UInt64 = 0
    private var bodies: UInt64

    init(_ name: String, salt: Hash32, bodies: UInt64 = 0) throws {
        key = try TestKeys.key("log \(name)")
        self.salt = salt
        self.bodies = bodies
    }

    var tag: LogTag { SegmentHeader.tag(of: key.publicKey) }

    mutating func next(signed: Bool = true, bytes: Int = 40) throws -> Segment {
        bodies += 1
        let body = TestKeys.bytes("body \(tag.hex) \(count) \(bodies)", bytes)
        let form: SegmentHeader.Form =
            count == 0
            ? .open(publicKey: key.publicKey, commitment: TestKeys.hash("commitment")) : .run(tag: tag, index: count)
        let header = SegmentHeader(
            form: form, nonce: TestKeys.bytes("nonce \(bodies)", 12), bodyLength: bytes, bodyHash: Digest.plain(body))
        chain = Chain.value(at: header, after: chain, teamSalt: salt)
        count += 1
        return Segment(header: header, signature: signed ? try Chain.sign(chain, with: key) : nil, body: body)
    }

    /// So many, of which every `stride`-th from the end is signed.
    mutating func run(_ number: Int, signedEvery stride: Int = 1, bytes: Int = 40) throws -> [Segment] {
        try (0..<number).map { try next(signed: (number - 1 - $0).isMultiple(of: stride), bytes: bytes) }
    }

    /// The same log after a restore from a backup: what it writes next differs.
    func clone(_ number: UInt64) -> TestLog {
        var copy = self
        copy.bodies += 1_000_000 * number
        return copy
    }
}

enum TestKeys {
    static func hash(_ name: String) -> Hash32 { Digest.plain(name.utf8) }

    static func key(_ name: String) throws -> SigningKey {
        guard let seed = Secret(hash(name).bytes) else { throw DecodingFailure.truncated }
        return try SigningKey(seed: seed)
    }

    /// As many as are asked for, which differ by name; cheap also where they are many.
    static func bytes(_ name: String, _ count: Int) -> [UInt8] {
        var out = hash(name).bytes
        while out.count < count { out += out }
        return Array(out.prefix(count))
    }
}

func stream(_ segments: [Segment]) -> [UInt8] {
    var writer = ByteWriter()
    for segment in segments { StreamItem.segment(segment.bytes).append(to: &writer) }
    return writer.bytes
}

/// The segments of a stream and its tokens, in frames.
func frames(_ bytes: [UInt8]) throws -> [(segments: [Segment], token: String)] {
    var parser = StreamParser()
    parser.append(bytes)
    var frames: [(segments: [Segment], token: String)] = []
    var open: [Segment] = []
    while let item = try parser.next() {
        switch item {
        case .segment(let bytes): open.append(try Segment(bytes))
        case .token(let bytes):
            frames.append((open, String(decoding: bytes, as: UTF8.self)))
            open = []
        }
    }
    try parser.end()
    guard open.isEmpty else { throw DecodingFailure.truncated }
    return frames
}
