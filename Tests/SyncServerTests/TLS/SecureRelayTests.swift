import AsyncHTTPClient
import Logging
import NIOCore
import NIOHTTP1
import NIOPosix
import SyncCore
import Testing

@testable import SyncServer

@Suite struct SecureRelayTests {
    private func expectAnswer(_ client: AnyCertificateClient, _ url: String) async throws {
        let answer = try await client.call(.GET, url + "/healthz")
        #expect(answer.status == 200)
    }

    @Test func `it speaks HTTP 2 with who can and HTTP 1 with who cannot`() async throws {
        try await withSecureRelay { relay in
            let url = relay.url
            try await AnyCertificateClient.with(.automatic) { client in
                let answer = try await client.call(.GET, url + "/healthz")
                #expect(answer.status == 200 && answer.version == .http2)
                #expect(answer.text.contains("\"relay\":\"sync\""))
            }
            try await AnyCertificateClient.with(.http1Only) { client in
                let answer = try await client.call(.GET, url + "/healthz")
                #expect(answer.status == 200 && answer.version == .http1_1)
            }
        }
    }

    @Test func `a body that is refused is answered in both`() async throws {
        try await withSecureRelay { relay in
            let (url, team) = (relay.url, try relay.base)
            for version in [HTTPClient.Configuration.HTTPVersion.automatic, .http1Only] {
                try await AnyCertificateClient.with(version) { client in
                    let unknown = try await client.call(.POST, team + "/segments", token: Secret([UInt8](repeating: 1, count: 32)), body: [1, 2, 3])
                    #expect(unknown.status == 404)
                    #expect(unknown.text.contains("urn:sync:unknown-team"))
                    // The connection or the stream ends after such an answer; what comes next is served.
                    try await expectAnswer(client, url)
                }
            }
        }
    }

    @Test(arguments: [true, false])
    func `whoever listens is told what arrives, in both`(isHTTP2: Bool) async throws {
        try await withSecureRelay { relay in
            let (base, tokens) = (try relay.base, try relay.team.tokens)
            try await AnyCertificateClient.with(isHTTP2 ? .automatic : .http1Only) { client in
                try await relay.register(by: client)
                try await client.listen(base + "/live", token: tokens.read) { parts in
                    var parts = parts
                    var text = ""
                    while !text.contains("\"control\":0"), let part = try await parts.next() { text += String(buffer: part) }
                    let stored = try await client.call(.POST, base + "/control", token: tokens.write, body: Array("{\"sealed\":[\"AQID\"]}".utf8))
                    #expect(stored.status == 200)
                    while !text.contains("\"control\":1"), let part = try await parts.next() { text += String(buffer: part) }
                    #expect(text.contains("\"control\":1"))
                    #expect(relay.news.count == 1)
                }
                // Whoever goes makes room, also where the connection stays.
                try await until { relay.news.count == 0 }
            }
        }
    }

    @Test func `a certificate that is replaced is what new connections get, and open ones go on`() async throws {
        let logger = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
        try await withSecureRelay { relay in
            let (url, shelf, folder) = (relay.url, relay.shelf, relay.folder)
            let source = CertificateSource(madeIn: folder.path, .system)
            let old = try source.load().pin
            for version in [HTTPClient.Configuration.HTTPVersion.automatic, .http1Only] {
                try await AnyCertificateClient.with(version) { early in
                    try await expectAnswer(early, url)
                    let before = try #require(early.pins.first)
                    try SelfSignedCertificate(.system).keep(in: folder.path)
                    shelf.reload(logger)
                    try await expectAnswer(early, url)
                    #expect(early.pins == [before])
                    try await AnyCertificateClient.with(version) { late in
                        try await expectAnswer(late, url)
                        let new = try source.load().pin
                        #expect(late.pins == [new])
                    }
                }
            }
            #expect(try source.load().pin != old)
        }
    }

    @Test func `a certificate that cannot be used leaves the old one, and one that is missing is not made anew`() async throws {
        let logger = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
        try await withSecureRelay { relay in
            let (url, shelf, folder) = (relay.url, relay.shelf, relay.folder)
            let file = folder.path + "/" + SelfSignedCertificate.fileName
            let pin = try CertificateSource(madeIn: folder.path, .system).load().pin
            for spoil in [{ try FileSystem.writeDurably(Array("junk".utf8), to: file) }, { FileSystem.remove(file) }] {
                try spoil()
                shelf.reload(logger)
                try await AnyCertificateClient.with(.http1Only) { client in
                    try await expectAnswer(client, url)
                    #expect(client.pins == [pin])
                }
            }
            #expect(!FileSystem.exists(file))
        }
    }

    @Test func `a connection that never shakes hands is ended`() async throws {
        try await withSecureRelay(idleSeconds: 0) { relay in
            let port = Int(relay.url.split(separator: ":").last ?? "") ?? 0
            let channel = try await ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup).connect(host: "127.0.0.1", port: port).get()
            try await channel.closeFuture.get()
        }
    }
}
