import HTTPTypes
import HummingbirdTesting
import SyncCore
import Testing

@testable import SyncServer

@Suite struct RequestLimitsTests {
    @Test func `a request with headers that are too large is refused in words, and one with far too large ones is cut`() async throws {
        try await withRelay(.live) { relay, _ in
            let answer = try await relay.call(.get, "/healthz", headers: [.userAgent: String(repeating: "x", count: 17 << 10)])
            #expect(answer.status == .requestHeaderFieldsTooLarge && answer.problem == "headers-too-large")
            let port = try #require(relay.port)
            let endless = try await exchange(
                port: port, head: "GET /healthz HTTP/1.1\r\nHost: relay\r\nX: \(String(repeating: "x", count: 1 << 20))\r\n\r\n")
            #expect(!endless.contains("200"))
            #expect(try await relay.call(.get, "/healthz").status == .ok)
        }
    }

    @Test func `a body that is packed is not unpacked`() async throws {
        try await withRelay { relay, _ in
            let answer = try await relay.call(
                .put, "registration", json: ["registrations": [String]()], headers: [.contentEncoding: "gzip"])
            #expect(answer.status == .unsupportedMediaType && answer.problem == "encoded")
        }
    }

    @Test func `whoever asks too often is told when to come again, and then may`() async throws {
        try await withRelay(limits: .init(requestsPerMinute: 30)) { relay, clock in
            try await relay.register()
            for _ in 0..<29 { #expect(try await relay.call(.get, "heads", token: relay.team.tokens.read).status == .ok) }
            let answer = try await relay.call(.get, "heads", token: relay.team.tokens.read)
            #expect(answer.status == .tooManyRequests && answer.problem == "too-fast")
            #expect(answer.headers[.retryAfter] == "2")
            clock.advance(seconds: 2)
            #expect(try await relay.call(.get, "heads", token: relay.team.tokens.read).status == .ok)
            #expect(try await relay.call(.get, "heads", token: relay.team.tokens.read).status == .tooManyRequests)
        }
    }

    @Test func `a meter keeps no more than who came lately`() {
        let clock = TestClock()
        let meter = RequestMeter(perMinute: 60, surroundings: clock.surroundings)
        for number in 0..<(1 << 14) { #expect(meter.wait(of: "\(number)") == nil) }
        clock.advance(seconds: 60)
        for number in 0..<(1 << 14) { #expect(meter.wait(of: "later \(number)") == nil) }
        #expect(meter.count <= 1 << 14)
        // However many there are.
        for number in 0..<(1 << 18) { _ = meter.wait(of: "stranger \(number)") }
        #expect(meter.count <= 1 << 17)
    }

    @Test func `a clock that is set back lets nobody ask more`() {
        let clock = TestClock()
        let meter = RequestMeter(perMinute: 1, surroundings: clock.surroundings)
        #expect(meter.wait(of: "a") == nil)
        clock.advance(hours: -1)
        #expect(meter.wait(of: "a") == 60)
    }
}
