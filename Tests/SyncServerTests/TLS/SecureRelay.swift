import AsyncHTTPClient
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Logging
import NIOCore
import NIOHTTP1
import NIOSSL
import SyncCore
import Synchronization

@testable import SyncServer

/// A client that takes any certificate and remembers the pins of those that it was shown, one a connection.
final class AnyCertificateClient: Sendable {
    private let shown = Shown()
    private let http: HTTPClient

    final class Shown: Sendable { let pins = Mutex<[CertificatePin?]>([]) }

    init(_ version: HTTPClient.Configuration.HTTPVersion) {
        var configuration = HTTPClient.Configuration(certificateVerification: .none)
        configuration.httpVersion = version
        let shown = shown
        let note: @Sendable (any Channel) -> EventLoopFuture<Void> = { channel in
            channel.nioSSL_peerCertificate().map { certificate in
                let pin = (try? certificate?.extractPublicKey().toSPKIBytes()).map { CertificatePin(publicKeyInfo: $0) }
                shown.pins.withLock { $0.append(pin) }
            }
        }
        (configuration.http1_1ConnectionDebugInitializer, configuration.http2ConnectionDebugInitializer) = (note, note)
        http = HTTPClient(eventLoopGroup: HTTPClient.defaultEventLoopGroup, configuration: configuration)
    }

    var pins: [CertificatePin?] { shown.pins.withLock { $0 } }

    func call(_ method: HTTPMethod, _ url: String, token: Secret? = nil, body: [UInt8]? = nil) async throws -> (status: UInt, version: HTTPVersion, text: String) {
        var request = HTTPClientRequest(url: url)
        request.method = method
        if let token { request.headers.add(name: "authorization", value: "Bearer " + Hex.encode(token.bytes)) }
        if let body { request.body = .bytes(body) }
        let answer = try await http.execute(request, timeout: .seconds(60))
        return (answer.status.code, answer.version, String(buffer: try await answer.body.collect(upTo: 1 << 20)))
    }

    /// Asks, and hands on the pieces of the answer as they come.
    func listen(_ url: String, token: Secret, _ body: (HTTPClientResponse.Body.AsyncIterator) async throws -> Void) async throws {
        var request = HTTPClientRequest(url: url)
        request.headers.add(name: "authorization", value: "Bearer " + Hex.encode(token.bytes))
        try await body(try await http.execute(request, timeout: .seconds(60)).body.makeAsyncIterator())
    }

    /// Runs `body` with one, and ends it.
    static func with(_ version: HTTPClient.Configuration.HTTPVersion, _ body: (AnyCertificateClient) async throws -> Void) async throws {
        let client = AnyCertificateClient(version)
        let result: Result<Void, any Error>
        do { result = .success(try await body(client)) } catch { result = .failure(error) }
        try await client.http.shutdown()
        try result.get()
    }
}

/// A relay that listens, and what a test may look at.
struct SecureRelay: Sendable {
    let url: String
    let shelf: CertificateShelf
    let folder: TestFolder
    let team: TestTeam
    let news: TeamNews

    var base: String { get throws { url + "/v1/teams/" + (try team.handle.hex) } }

    func register(by client: AnyCertificateClient) async throws {
        let chain = team.chain.map { "\"\(Base64.encode($0.bytes))\"" }.joined(separator: ",")
        let answer = try await client.call(.PUT, base + "/registration", body: Array("{\"registrations\":[\(chain)]}".utf8))
        guard answer.status < 300 else { throw SyncError(.failure, answer.text) }
    }
}

/// Runs `body` against a relay with a certificate of its own.
func withSecureRelay(
    idleSeconds: Int64 = 60, _ body: @Sendable (SecureRelay) async throws -> Void
) async throws {
    let folder = try TestFolder()
    let logger = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
    let configuration = RelayServer.Configuration(port: 0, security: .selfSigned, dataFolder: folder.path, admission: .open, idleSeconds: idleSeconds)
    let store = try SQLiteStore(folder: folder.path, logger: logger)
    let source = CertificateSource(madeIn: folder.path, .system)
    let shelf = try CertificateShelf(source)
    let application = buildApplication(configuration: configuration, store: store, shelf: shelf, logger: logger)
    let team = try TestTeam()
    try await application.test(.live) { client in
        let url = "https://127.0.0.1:\(client.port ?? 0)"
        try await body(SecureRelay(url: url, shelf: shelf, folder: folder, team: team, news: store.news))
    }
    try await store.close()
}
