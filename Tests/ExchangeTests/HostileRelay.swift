import Foundation
import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import NIOHTTP1
import SyncServer
import Synchronization
import Testing

@testable import SyncCore

/// A relay in the hands of an adversary: it stands before an honest one, sees all that is asked, and answers what its rule says.
final class HostileRelay: Sendable {
    struct Asked: Sendable {
        var method: String
        /// With the query, and without the team: `GET /control?after=3` has `/control?after=3`.
        var path: String
        var token: Secret?
        var body: [UInt8]

        func `is`(_ method: String, _ prefix: String) -> Bool { self.method == method && path.hasPrefix(prefix) }
    }

    struct Told: Sendable {
        var status = 200
        var type = "application/json"
        var body: [UInt8]
        /// In how many pieces; after the last of them nothing more comes where `isStalled`.
        var pieces = 1
        var isStalled = false
    }

    typealias Rule = @Sendable (Asked, _ honest: @Sendable (Asked) async throws -> Told) async throws -> Told

    private let rule = Mutex<Rule>({ asked, honest in try await honest(asked) })
    private let upstream: RelayClient
    private let handle: String

    init(before url: String, team handle: String) throws {
        upstream = RelayClient(try RelayAddress(url), timeoutSeconds: 10)
        self.handle = handle
    }

    func act(_ new: @escaping Rule) { rule.withLock { $0 = new } }
    func beHonest() { act { asked, honest in try await honest(asked) } }

    /// Asks the honest relay behind it.
    func honest(_ asked: Asked) async throws -> Told {
        let answer = try await upstream.request(
            HTTPMethod(rawValue: asked.method), "/v1/teams/\(handle)" + asked.path, token: asked.token.map { .bearer($0) } ?? .none,
            body: asked.body.isEmpty ? nil : asked.body)
        return Told(
            status: Int(answer.status), type: answer.isProblem ? "application/problem+json" : "application/json",
            body: try await answer.bytes(limit: 64 << 20))
    }

    func run(_ body: (_ url: String) async throws -> Void) async throws {
        let (ports, listening) = AsyncStream.makeStream(of: Int.self)
        let application = Application(
            responder: CallbackResponder { [self] (request: Request, context: BasicRequestContext) in
                try await respond(to: request)
            },
            configuration: ApplicationConfiguration(address: .hostname("127.0.0.1", port: 0)),
            onServerRunning: { listening.yield($0.localAddress?.port ?? 0) },
            logger: Logger(label: "hostile", factory: { _ in SwiftLogNoOpLogHandler() }))
        let task = Task {
            defer { listening.finish() }
            try await application.runService(gracefulShutdownSignals: [])
        }
        defer { task.cancel() }
        let port = try #require(await ports.first { _ in true })
        try await body("http://127.0.0.1:\(port)")
    }

    private func respond(to request: Request) async throws -> Response {
        var path = request.uri.description
        let prefix = "/v1/teams/\(handle)"
        if path.hasPrefix(prefix) { path = String(path.dropFirst(prefix.count)) }
        let bearer = request.headers[.authorization].map { $0.dropFirst("Bearer ".count) }
        let asked = Asked(
            method: request.method.rawValue, path: path, token: bearer.flatMap { Hex.decode(String($0)) }.flatMap { Secret($0) },
            body: Array(buffer: try await request.body.collect(upTo: 64 << 20)))
        let told = try await rule.withLock { $0 }(asked, honest)
        return Response(
            status: .init(code: told.status), headers: [.contentType: told.type],
            body: ResponseBody(contentLength: told.body.count + (told.isStalled ? 1 : 0)) { writer in
                let size = max(1, (told.body.count + told.pieces - 1) / told.pieces)
                for start in stride(from: 0, to: told.body.count, by: size) {
                    try await writer.write(ByteBuffer(bytes: told.body[start..<min(start + size, told.body.count)]))
                }
                // The fault itself, not a wait: it ends with the relay.
                if told.isStalled { try await Task.sleep(for: .seconds(3600)) }
                try await writer.finish(nil)
            })
    }
}

extension HostileRelay.Told {
    static func json(_ message: some Encodable) throws -> Self { Self(body: Array(try JSONEncoder().encode(message))) }

    func decoded<Message: Decodable>(_ type: Message.Type) throws -> Message { try JSONDecoder().decode(type, from: Data(body)) }

    /// The frames of a stream of segments.
    func frames() throws -> [Frame] {
        var parser = StreamParser()
        parser.append(body)
        var frames: [Frame] = []
        var segments: [[UInt8]] = []
        while let item = try parser.next() {
            switch item {
            case .segment(let bytes): segments.append(bytes)
            case .token(let token):
                frames.append(Frame(segments: segments, token: token))
                segments = []
            }
        }
        return frames
    }

    static func frames(_ frames: [Frame]) -> Self {
        var writer = ByteWriter(capacity: 1024)
        for frame in frames {
            for segment in frame.segments { StreamItem.segment(segment).append(to: &writer) }
            StreamItem.token(frame.token).append(to: &writer)
        }
        return Self(type: StreamItem.contentType, body: writer.bytes)
    }

    struct Frame {
        var segments: [[UInt8]]
        var token: [UInt8]
    }
}
