@testable import SyncCore
@testable import SyncServer

/// A relay without disk or HTTP. It checks what is pushed by the same code as the real one.
struct MemoryRelay {
    struct Kept {
        var tag: LogTag
        var chain: Hash32
        var isSigned: Bool
        var bytes: [UInt8]
        /// Of this and everything before it.
        var digest: Hash32
    }

    private(set) var control: [[UInt8]] = []
    private(set) var kept: [Kept] = []
    private var logs: [LogTag: SyncServer.StoredLog] = [:]
    private var index: [Hash32: UInt64] = [:]
    private var followed: Set<Hash32> = []
    private let salt: Hash32

    init(salt: Hash32) { self.salt = salt }

    mutating func append(control sealed: [[UInt8]]) {
        for record in sealed where !control.contains(record) { control.append(record) }
    }

    /// Of each log where every branch ends.
    var heads: [LogHead] {
        kept.filter { !followed.contains($0.chain) }.map { LogHead(tag: $0.tag, index: index[$0.chain] ?? 0, chain: $0.chain) }
    }

    /// - Returns: Why it refused what it refused.
    mutating func push(_ segments: [[UInt8]]) async throws -> [String] {
        var reader = PushReader()
        for segment in segments {
            var writer = ByteWriter()
            StreamItem.segment(segment).append(to: &writer)
            try reader.take(writer.bytes)
        }
        try reader.end()
        var check = RunCheck(salt: salt, logs: logs)
        var refused = reader.refused
        for run in reader.runs {
            let outcome = try await check.check(run)
            if let refusal = outcome.refusal { refused.append(refusal) }
            if let run = outcome.verified { append(run) }
        }
        return refused.map { "\($0.reason) at \($0.tag.hex.prefix(6))/\($0.index)" }
    }

    private mutating func append(_ run: VerifiedRun) {
        var previous = run.previous
        for (place, segment) in run.segments.enumerated() {
            if index[segment.chain] == nil {
                let number = run.first + UInt64(place)
                logs[run.tag, default: SyncServer.StoredLog(publicKey: run.publicKey, chains: [:])].chains[number, default: []].append(segment.chain)
                index[segment.chain] = number
                followed.insert(previous)
                let digest = Digest.plain((kept.last?.digest ?? .zero).bytes + segment.chain.bytes)
                kept.append(
                    Kept(tag: run.tag, chain: segment.chain, isSigned: segment.isSigned, bytes: segment.bytes, digest: digest))
            }
            previous = segment.chain
        }
    }

    // MARK: Pull

    /// Where a pull ended: how many segments, and a digest of them all, so that a relay that lost some notices.
    struct Token {
        var count: Int
        var digest: Hash32

        init(count: Int, digest: Hash32) {
            self.count = count
            self.digest = digest
        }

        var text: String { "\(count) \(digest.hex)" }

        init?(_ text: String) {
            let words = text.split(separator: " ")
            guard words.count == 2, let count = Int(words[0]), let digest = Hash32(hex: String(words[1])) else { return nil }
            self.init(count: count, digest: digest)
        }
    }

    func token(at count: Int) -> Token { Token(count: count, digest: count == 0 ? .zero : kept[count - 1].digest) }

    /// What comes after a token, in frames that end signed; nil where the token is of another history.
    func frames(after text: String?) -> [(segments: [[UInt8]], token: String)]? {
        var start = 0
        if let text {
            guard let token = Token(text), token.count <= kept.count, self.token(at: token.count).digest == token.digest else { return nil }
            start = token.count
        }
        return frames(from: start)
    }

    private func frames(from start: Int) -> [(segments: [[UInt8]], token: String)] {
        var frames: [(segments: [[UInt8]], token: String)] = []
        var frame: [[UInt8]] = []
        // Several in every answer that has more than a few segments, and not hundreds.
        let length = max(3, (kept.count - start) / 20)
        for place in start..<max(start, kept.count) {
            frame.append(kept[place].bytes)
            let mayEnd = kept[place].isSigned && (place + 1 == kept.count || frame.count >= length)
            guard mayEnd else { continue }
            frames.append((frame, token(at: place + 1).text))
            frame = []
        }
        if !frame.isEmpty { frames.append((frame, token(at: kept.count).text)) }
        return frames
    }
}
