import AsyncHTTPClient
import NIOCore
import NIOFoundationCompat
import NIOHTTP1

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// What a relay answered, before it is known what it means.
struct RelayAnswer {
    /// Whose answer it is, for people.
    var relay: String
    var status: UInt
    var isProblem: Bool
    var body: HTTPClientResponse.Body

    /// - Throws: `unreachable` where the connection ends before the answer does, `refused` where it is longer than `limit`.
    func bytes(limit: Int) async throws -> [UInt8] {
        do {
            return Array(buffer: try await body.collect(upTo: limit))
        } catch is NIOTooManyBytesError {
            throw SyncError(.refused, "\(relay) sent an answer of more than \(limit) bytes.", safe: "Nothing was changed.")
        } catch where !(error is CancellationError) {
            throw cut
        }
    }

    var cut: SyncError {
        SyncError(
            .unreachable, "The connection to \(relay) was cut.", safe: "What had arrived whole is kept.",
            next: "Repeat the command: it goes on where it stopped.")
    }

    func json<Message: Decodable>(_ type: Message.Type) async throws -> Message {
        do {
            return try JSONDecoder().decode(type, from: Data(try await bytes(limit: 32 << 20)))
        } catch is DecodingError {
            throw SyncError(
                .refused, "The relay's answer is not one that this version of sync knows.", safe: "Nothing was changed.",
                next: "Check the address with  sync remote list, and the version of the relay.")
        }
    }
}

/// Speaks HTTP with one relay. Knows no replica.
struct RelayClient: Sendable {
    enum Token: Sendable {
        case none
        case bearer(Secret)
        /// What an operator made.
        case admission(String)
    }

    let address: RelayAddress
    let timeout: TimeAmount
    private let http: HTTPClient

    /// - Parameter http: Connections of its own; what all of this process share where none are given.
    init(_ address: RelayAddress, timeoutSeconds: Int, http: HTTPClient? = nil) {
        self.address = address
        timeout = .seconds(Int64(timeoutSeconds))
        self.http = http ?? RelayConnections.client(timeoutSeconds: timeoutSeconds, pin: address.pin)
    }

    /// The address without its pin.
    var base: String { address.url }

    /// For people: the address without its scheme.
    var name: String { base.split(separator: "/", maxSplits: 2).last.map(String.init) ?? base }

    func request(
        _ method: HTTPMethod, _ path: String, token: Token = .none, body: [UInt8]? = nil, type: String = "application/json"
    ) async throws -> RelayAnswer {
        var request = HTTPClientRequest(url: base + path)
        request.method = method
        switch token {
        case .none: break
        case .bearer(let secret): request.headers.add(name: "authorization", value: "Bearer " + Hex.encode(secret.bytes))
        case .admission(let text): request.headers.add(name: "authorization", value: "Bearer " + text)
        }
        if let body {
            request.headers.add(name: "content-type", value: type)
            request.body = .bytes(ByteBuffer(bytes: body))
        }
        do {
            let response = try await answer(to: request)
            let type = response.headers.first(name: "content-type") ?? ""
            return RelayAnswer(
                relay: name, status: response.status.code, isProblem: type.hasPrefix("application/problem+json"), body: response.body)
        } catch let error as HTTPClientError {
            throw unreachable(error == .connectTimeout || error == .deadlineExceeded || error == .readTimeout)
        } catch where !(error is CancellationError) {
            throw notSecured(error) ?? unreachable(false)
        }
    }

    /// Waits where the relay says that this device asks too often, as long as it says.
    private func answer(to request: HTTPClientRequest) async throws -> HTTPClientResponse {
        for _ in 0..<Self.patience {
            let response = try await http.execute(request, timeout: timeout)
            guard response.status == .tooManyRequests, let wait = response.headers.first(name: "retry-after").flatMap({ Int($0) }),
                (1...Self.longestWait).contains(wait)
            else { return response }
            try await Task.sleep(for: .seconds(wait))
        }
        return try await http.execute(request, timeout: timeout)
    }

    private static let patience = 5
    /// Seconds. Who is told to wait for longer is told so by the command.
    private static let longestWait = 60

    func send<Message: Encodable>(
        _ method: HTTPMethod, _ path: String, token: Token = .none, _ message: Message
    ) async throws -> RelayAnswer {
        try await request(method, path, token: token, body: Array(JSONEncoder().encode(message)))
    }

    func unreachable(_ timedOut: Bool) -> SyncError {
        let why = timedOut ? " (timed out after \(timeout.nanoseconds / 1_000_000_000) s)" : ""
        return SyncError(.unreachable, "\(name) is not reachable\(why).")
    }

    /// What a status that was not expected means.
    func failure(_ answer: RelayAnswer) async -> SyncError {
        guard answer.isProblem else {
            return SyncError(
                .refused, "\(base) answers, but it is no relay of sync (status \(answer.status)).",
                safe: "Nothing was sent.", next: "Check the address with  sync remote list.")
        }
        return failure(answer.status, try? await answer.json(RelayMessages.Problem.self))
    }

    func failure(_ status: UInt, _ problem: RelayMessages.Problem?) -> SyncError {
        let detail = problem?.detail ?? problem?.title ?? "status \(status)"
        switch status {
        case 404:
            return SyncError(
                .notJoined, "The relay does not know this team, or not this device any more.",
                safe: "Your records are safe here.", next: "Ask a coordinator, or run  sync remote list  to check the address.")
        case 403 where problem?.type == "urn:sync:not-admitted":
            return SyncError(
                .refused, "The relay takes a new team only with a token of its operator's.", safe: "Your records are safe here.",
                next: "Ask whoever runs it for one, forget it (sync remote rm), and  sync remote add NAME URL --admission TOKEN")
        case 429 where problem?.type == "urn:sync:too-fast":
            return SyncError(.unreachable, "\(name) is asked too often from here, and wants a pause.", next: "Try again in some minutes.")
        case 507: return full(problem?.type)
        case 500...599:
            return SyncError(.unreachable, "The relay has a problem: \(detail)", next: "Try again later.")
        default:
            return SyncError(.refused, "The relay refused: \(detail)", safe: "Your records are safe here.")
        }
    }

    /// A disk may get room again by itself; what an operator allows does not change by asking again.
    private func full(_ type: String?) -> SyncError {
        let byHand = "hand your records on without a network:  sync bundle create FILE"
        switch type {
        case "urn:sync:team-full":
            return SyncError(
                .refused, "\(name) keeps as much of this team as its operator allows, and takes no more.", safe: "Your records are safe here.",
                next: "Ask whoever runs it for more room (sync serve --team-size), or \(byHand)")
        case "urn:sync:relay-full":
            return SyncError(
                .refused, "\(name) has as many teams as its operator allows, and takes no other.", safe: "Your records are safe here.",
                next: "Ask whoever runs it, or add another relay:  sync remote add NAME URL")
        default:
            return SyncError(
                .unreachable, "\(name) has no room left: its disk is full.", safe: "What it has can still be pulled.",
                next: "Tell whoever runs it, and push again once there is room; or \(byHand)")
        }
    }

    /// Reads a stream frame by frame; each is handed on with the token that ends it.
    func frames(
        of answer: RelayAnswer, _ take: (_ segments: [[UInt8]], _ token: String) async throws -> Void
    ) async throws {
        var parser = StreamParser()
        var segments: [[UInt8]] = []
        do {
            for try await buffer in answer.body {
                parser.append(buffer.readableBytesView)
                while let item = try parser.next() {
                    switch item {
                    case .segment(let bytes): segments.append(bytes)
                    case .token(let bytes):
                        try await take(segments, try RelayMessages.position(String(decoding: bytes, as: UTF8.self)))
                        segments = []
                    }
                }
            }
            try parser.end()
        } catch DecodingFailure.truncated {
            throw answer.cut
        } catch is DecodingFailure {
            throw SyncError.damaged("The relay sent bytes that are no segments.")
        } catch let error as SyncError {
            throw error
        } catch {
            throw answer.cut
        }
        guard segments.isEmpty else { throw answer.cut }
    }
}
