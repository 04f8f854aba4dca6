import Crypto
import Foundation
import Hummingbird
import HummingbirdCore
import HummingbirdHTTP2
import HummingbirdTLS
import NIOSSL
import Synchronization
import Testing

@testable import SyncCore
@testable import SyncServer

@Suite struct PinnedRelayTests {
    @Test func `a team meets at a relay whose certificate nobody vouches for`() async throws {
        let team = try RelayTeam()
        try await team.withRelay(.selfSigned) { url in
            try await team.join(url)
            let invite = try await team.exchange(team.replicas[0]).ask(role: .volunteer, expires: .max, hours: 1)
            #expect(try InviteCode(text: invite.code.text).relayAddress == url)
            #expect(try await Asking(InviteCode(text: invite.code.text)).offer().role == .volunteer)
            _ = try team.replicas[0].addEvent("Rally")
            try await team.everybodyExchanges()
            #expect(try team.replicas[1].export() == team.replicas[0].export())
            #expect(try team.replicas[1].remote("relay")?.url == url)
        }
    }

    @Test func `a code alone leads to it, and what joins by it keeps the pin`() async throws {
        let team = try RelayTeam()
        try await team.withRelay(.selfSigned) { url in
            try team.point(team.replicas[0], at: url)
            let invite = try await team.exchange(team.replicas[0]).invite(role: .volunteer, expires: 0, hours: 24)
            let code = try InviteCode(text: invite.code.text)
            #expect(code.relayAddress == url)
            #expect(try await Exchange.planJoin(code).teamName == "Solidarity")
            var other = code
            other.certificatePin = .zero
            let error = await #expect(throws: SyncError.self) { try await Exchange.planJoin(other) }
            #expect(error?.kind == .integrity)
        }
    }

    @Test func `without its pin it is a stranger`() async throws {
        let team = try RelayTeam()
        try await team.withRelay(.selfSigned) { url in
            try team.point(team.replicas[0], at: RelayAddress(url).url)
            let error = await #expect(throws: SyncError.self) { _ = try await team.exchange(team.replicas[0]).push() }
            #expect(error?.kind == .refused)
            #expect(error?.next?.contains("--fingerprint") == true)
        }
    }

    @Test func `a certificate that is renewed for the same key, or past its date, is the same relay`() async throws {
        let team = try RelayTeam()
        let key = P256.Signing.PrivateKey()
        var addresses: Set<String> = []
        // In 2001 it ended.
        for validUntil in [Int64(4_000_000_000), 1_000_000_000] {
            try SelfSignedCertificate(.system, key: key, validUntil: validUntil).keep(in: team.relayFolder)
            try await team.withRelay(.selfSigned) { url in
                try team.pointAll(at: url)
                _ = try team.replicas[0].addEvent("Rally")
                #expect(try await team.exchange(team.replicas[0]).push().changes > 0)
                addresses.insert(try #require(RelayAddress(url).pin).text)
            }
        }
        #expect(addresses.count == 1)
    }

    /// The check is the library's to call, and a version of it that does not would send everything.
    @Test(arguments: [true, false])
    func `whoever answers with another key is told nothing`(offersHTTP2: Bool) async throws {
        let team = try RelayTeam()
        let own = try SelfSignedCertificate(.system).pem
        let server = try CountingServer(pem: own, offersHTTP2: offersHTTP2)
        try await server.run { port in
            let known = String(repeating: "3f", count: 32)
            try team.point(team.replicas[0], at: "https://127.0.0.1:\(port)#sha256=\(known)")
            for _ in 0..<2 {
                let error = await #expect(throws: SyncError.self) { _ = try await team.exchange(team.replicas[0]).push() }
                #expect(error?.kind == .integrity)
                #expect(error?.what.contains("somebody may stand between") == true)
                #expect(error?.safe?.contains("Nothing was sent") == true)
            }
            #expect(server.asked == 0)
            // With the key that it has it is asked: the server does count.
            try team.point(team.replicas[0], at: "https://127.0.0.1:\(port)#\(server.pin.text)")
            let error = await #expect(throws: SyncError.self) { _ = try await team.exchange(team.replicas[0]).push() }
            #expect(error?.kind != .integrity)
            #expect(server.asked > 0)
            // Whose one window makes a push slow where the relay is far away.
            #expect(server.askedOverHTTP2 == 0)
        }
    }
}

/// Speaks TLS and HTTP, knows nothing, and counts what it is asked.
private final class CountingServer: Sendable {
    let pin: CertificatePin
    private let tls: TLSConfiguration
    private let offersHTTP2: Bool
    private let count = Mutex((all: 0, overHTTP2: 0))

    init(pem: String, offersHTTP2: Bool) throws {
        let bytes = Array(pem.utf8)
        let chain = try NIOSSLCertificate.fromPEMBytes(bytes)
        tls = .makeServerConfiguration(
            certificateChain: chain.map { .certificate($0) }, privateKey: .privateKey(try NIOSSLPrivateKey(bytes: bytes, format: .pem)))
        pin = try LoadedCertificate(certificatePEM: bytes, keyPEM: bytes).pin
        self.offersHTTP2 = offersHTTP2
    }

    var asked: Int { count.withLock { $0.all } }
    var askedOverHTTP2: Int { count.withLock { $0.overHTTP2 } }

    func run(_ body: (_ port: Int) async throws -> Void) async throws {
        let router = Router(context: SeenContext.self)
        router.add(
            middleware: Counting { isOverHTTP2 in
                self.count.withLock { $0 = ($0.all + 1, $0.overHTTP2 + (isOverHTTP2 ? 1 : 0)) }
            })
        let (ports, listening) = AsyncStream.makeStream(of: Int.self)
        let server: HTTPServerBuilder =
            offersHTTP2 ? try .http2Upgrade(tlsConfiguration: tls) : try .tls(.http1(), tlsConfiguration: tls)
        let application = Application(
            router: router, server: server, configuration: .init(address: .hostname("127.0.0.1", port: 0)),
            onServerRunning: { listening.yield($0.localAddress?.port ?? 0) })
        let running = Task { try await application.runService(gracefulShutdownSignals: []) }
        let port = try #require(await ports.first { _ in true })
        let result: Result<Void, any Error>
        do { result = .success(try await body(port)) } catch { result = .failure(error) }
        running.cancel()
        _ = try? await running.value
        try result.get()
    }

    private struct Counting: RouterMiddleware {
        let note: @Sendable (_ isOverHTTP2: Bool) -> Void

        func handle(
            _ request: Request, context: SeenContext, next: (Request, SeenContext) async throws -> Response
        ) async throws -> Response {
            note(context.isOverHTTP2)
            return try await next(request, context)
        }
    }

    private struct SeenContext: RequestContext {
        var coreContext: CoreRequestContextStorage
        let isOverHTTP2: Bool

        init(source: ApplicationRequestContextSource) {
            coreContext = CoreRequestContextStorage(source: source)
            // A stream lies in a connection, and that in what listens.
            isOverHTTP2 = source.channel.parent?.parent != nil
        }
    }
}
