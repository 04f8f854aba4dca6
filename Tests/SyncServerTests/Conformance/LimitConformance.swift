import SyncCore
import Testing

@testable import SyncServer

extension RelayStoreConformance {
    private static let small = StoreLimits(bytesPerTeam: 20_000, teams: 2)

    static let limits: [Check] = [
        Check("a team that is full is refused what does not fit, whole, and is served what it has", limits: small) { store, _ in
            let team = try await TestTeam().register(in: store)
            let other = try await TestTeam("other").register(in: store)
            var log = try TestLog("a", salt: team.registration.teamSalt)
            let kept = try log.run(3, bytes: 5000)
            #expect(try await push(kept, to: store, team).stored == 3)
            await #expect(throws: StoreFull.team) { _ = try await push(try log.run(2, bytes: 5000), to: store, team) }
            #expect(try await everything(in: store, team) == kept)
            // What is there already is no more than before, and other teams have room of their own.
            #expect(try await push(kept, to: store, team).known == 3)
            var others = try TestLog("b", salt: other.registration.teamSalt)
            #expect(try await push(try others.run(3, bytes: 5000), to: store, other).stored == 3)
        },
        Check("a team that is full can still put a device out", limits: small) { store, _ in
            let team = try await TestTeam().register(in: store)
            for number in 0..<4 {
                #expect(try await store.appendControl([TestKeys.bytes("removal \(number)", 10_000)], to: team).stored == 1)
            }
        },
        Check("a relay that is full takes no team more", limits: small) { store, _ in
            for name in ["a", "b"] { _ = try await TestTeam(name).register(in: store) }
            let third = try TestTeam("c")
            await #expect(throws: StoreFull.relay) {
                _ = try await store.register(third.chain, as: third.handle, admitting: .anybody)
            }
            #expect(try await store.team(third.handle) == nil)
            var known = try TestTeam("a")
            try known.rotate()
            #expect(try await store.register(known.chain, as: known.handle, admitting: .nobody) == .stored(counter: 1, isNewTeam: false))
        },
        Check("a token lets as many teams begin as it says, and none after its time") { store, clock in
            let hash = TestKeys.hash("token")
            let day: Int64 = 86_400_000
            try await store.addAdmission(AdmissionToken(hash: hash, uses: 2, expires: clock.surroundings.now() + day))
            func begin(_ name: String, _ hash: Hash32 = hash) async throws -> RegistrationResult {
                let team = try TestTeam(name)
                return try await store.register(team.chain, as: team.handle, admitting: .token(hash))
            }
            #expect(try await begin("a", TestKeys.hash("another")) == .notAdmitted)
            #expect(try await begin("a") == .stored(counter: 0, isNewTeam: true))
            // Whoever repeats a request uses nothing up.
            #expect(try await begin("a") == .stored(counter: 0, isNewTeam: false))
            #expect(try await store.admissions().map(\.uses) == [1])
            #expect(try await begin("b") == .stored(counter: 0, isNewTeam: true))
            #expect(try await begin("c") == .notAdmitted)
            #expect(try await store.admissions().isEmpty)
            try await store.addAdmission(AdmissionToken(hash: hash, uses: 2, expires: clock.surroundings.now() + day))
            clock.advance(hours: 48)
            #expect(try await begin("c") == .notAdmitted)
            #expect(try await store.admissions().isEmpty)
        },
        Check("a token that was taken back lets nobody begin") { store, clock in
            let token = AdmissionToken(hash: TestKeys.hash("token"), uses: 9, expires: clock.surroundings.now() + 1000_000)
            try await store.addAdmission(token)
            #expect(try await store.admissions() == [token])
            #expect(try await store.removeAdmission(token.hash))
            #expect(try await store.removeAdmission(token.hash) == false)
            let team = try TestTeam()
            #expect(try await store.register(team.chain, as: team.handle, admitting: .token(token.hash)) == .notAdmitted)
        },
        Check("what a store has is told in teams, segments and bytes, and less where bodies were withdrawn") { store, _ in
            #expect(try await store.usage() == StoreUsage())
            let team = try await TestTeam().register(in: store)
            var log = try TestLog("a", salt: team.registration.teamSalt)
            let run = try log.run(3, bytes: 1000)
            _ = try await push(run, to: store, team)
            _ = try await store.appendControl([[1, 2, 3]], to: team)
            let size = Int64(run.reduce(3) { $0 + $1.bytes.count })
            #expect(try await store.usage() == StoreUsage(teams: 1, segments: 3, bytes: size))
            try await store.withdraw([WithdrawnSegment(tag: log.tag, index: 2, chain: log.chain)], of: team)
            #expect(try await store.usage() == StoreUsage(teams: 1, segments: 3, bytes: size - 1000))
            try await store.checkReady()
        },
    ]

    static let news: [Check] = [
        Check("who listens to a team is told of what is stored of it, and of nothing else") { store, _ in
            let (team, other) = (try await TestTeam().register(in: store), try await TestTeam("other").register(in: store))
            let heard = Heard(try #require(store.news.listen(to: team.handle, limit: 1)))
            #expect(store.news.listen(to: team.handle, limit: 1) == nil)
            var log = try TestLog("a", salt: team.registration.teamSalt)
            let run = try log.run(2)
            _ = try await push(run, to: store, team)
            try await until { heard.count == 1 }
            _ = try await store.appendControl([[1, 2, 3]], to: team)
            try await until { heard.count == 2 }
            // Of these nothing is stored, or nothing of this team: the next that is told is what comes after.
            _ = try await push(run, to: store, team)
            _ = try await store.appendControl([[1, 2, 3]], to: team)
            _ = try await store.appendControl([[4]], to: other)
            _ = try await push(try log.run(1), to: store, team)
            try await until { heard.count == 3 }
            store.news.close()
            try await until { heard.isOver }
            #expect(heard.count == 3 && store.news.count == 0)
        }
    ]
}
