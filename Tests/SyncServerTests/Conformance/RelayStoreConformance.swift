import SyncCore
import Testing

@testable import SyncServer

/// What every implementation of `RelayStore` must do, written once.
enum RelayStoreConformance {
    struct Check: Sendable, CustomTestStringConvertible {
        let name: String
        /// Of the store that it is run on.
        let limits: StoreLimits
        let run: @Sendable (any RelayStore, TestClock) async throws -> Void

        init(
            _ name: String, limits: StoreLimits = .standard,
            _ run: @escaping @Sendable (any RelayStore, TestClock) async throws -> Void
        ) {
            self.name = name
            self.limits = limits
            self.run = run
        }

        var testDescription: String { name }
    }

    static let checks = registration + control + segments + proofs + forks + pulls + mailboxes + requests + tags + withdrawals + limits + news

    static func push(_ segments: [Segment], to store: any RelayStore, _ team: RelayTeam) async throws -> AppendReceipt {
        var reader = PushReader()
        try reader.take(stream(segments))
        try reader.end()
        return try await Push.store(reader, in: store, of: team)
    }

    /// Every frame of a pull, to its end.
    static func frames(
        _ pull: Pull, from store: any RelayStore, _ team: RelayTeam
    ) async throws -> [(segments: [Segment], end: Position)] {
        var pull = pull
        var frames: [(segments: [Segment], end: Position)] = []
        while !pull.isDone {
            let frame = try await store.frame(pull, of: team)
            var parser = StreamParser()
            parser.append(frame.items)
            var segments: [Segment] = []
            while let item = try parser.next() {
                if case .segment(let bytes) = item { segments.append(try Segment(bytes)) }
            }
            try parser.end()
            #expect(segments.count == frame.segments)
            frames.append((segments, frame.end))
            pull.after = frame.end.number
        }
        return frames
    }

    static func everything(in store: any RelayStore, _ team: RelayTeam) async throws -> [Segment] {
        let pull = try #require(try await store.pull(after: nil, of: team))
        return try await frames(pull, from: store, team).flatMap(\.segments)
    }
}
