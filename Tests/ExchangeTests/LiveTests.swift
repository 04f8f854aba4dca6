import SyncServer
import Synchronization
import Testing

@testable import SyncCore

@Suite(.serialized) struct LiveTests {
    private struct Enough: Error {}

    @Test func `whoever watches has what another device pushed, without asking for it`() async throws {
        let team = try RelayTeam()
        try await team.withRelay { url in
            try await team.join(url)
            let (ana, ben) = (team.replicas[0], team.replicas[1])
            try await team.everybodyExchanges()
            let remote = try #require(try ben.remote("relay"))
            var isHeard = false
            await #expect(throws: Enough.self) {
                try await Watch(ben, remote: remote).run { event in
                    switch event {
                    case .listening:
                        _ = try ana.addEvent("Leeds")
                        _ = try await team.exchange(ana).push()
                    case .pulled(let report) where report.received.changes > 0:
                        isHeard = true
                        throw Enough()
                    default: break
                    }
                }
            }
            #expect(isHeard)
            #expect(try ben.export() == ana.export())
        }
    }

    @Test func `a relay that is not there is asked again later and later, and never at the same moment by all`() async throws {
        let team = try RelayTeam()
        let replica = team.replicas[0]
        try team.point(replica, at: "http://127.0.0.1:9")
        let watch = try Watch(replica, remote: try #require(try replica.remote("relay")), shortest: 0.001)
        var waits: [Double] = []
        await #expect(throws: Enough.self) {
            try await watch.run { event in
                guard case .lost(let error, let seconds) = event else { return }
                #expect(error.kind == .unreachable)
                waits.append(seconds)
                if waits.count == 6 { throw Enough() }
            }
        }
        for (number, wait) in waits.enumerated() { #expect(wait <= 0.001 * Double(1 << number) && wait >= 0.0005 * Double(1 << number)) }
        let backoff = Backoff(shortest: 0.001, surroundings: .system)
        #expect(backoff.seconds(after: 1000) <= 60)
        #expect(Set((0..<20).map { _ in backoff.seconds(after: 10) }).count > 5)
    }

    @Test func `another process that writes for long does not end it`() async throws {
        let team = try RelayTeam()
        try await team.withRelay { url in
            try await team.join(url)
            let ben = team.replicas[1]
            var lock: StoreLock? = try StoreLock(path: ben.paths.lock)
            var lost: [SyncError.Kind] = []
            let watch = try Watch(ben, remote: try #require(try ben.remote("relay")), shortest: 0.01)
            await #expect(throws: Enough.self) {
                try await watch.run { event in
                    switch event {
                    case .lost(let error, _):
                        lost.append(error.kind)
                        lock = nil
                    case .listening: throw Enough()
                    case .pulled: break
                    }
                }
            }
            #expect(lost == [.storeInUse] && lock == nil)
        }
    }

    @Test func `where nothing is new, one question is asked`() async throws {
        try await HostileTeam.run { team in
            _ = try await team.pull(team.cem)
            let asked = Mutex<[(path: String, bytes: Int)]>([])
            team.relays[2].act { request, honest in
                let told = try await honest(request)
                asked.withLock { $0.append((request.path, told.body.count)) }
                return told
            }
            _ = try await team.pull(team.cem)
            let questions = asked.withLock { $0 }
            #expect(questions.count == 1 && questions[0].path.hasPrefix("/control"))
            #expect(questions[0].bytes <= 300)
        }
    }
}
