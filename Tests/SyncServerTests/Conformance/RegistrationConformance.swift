import SyncCore
import Testing

@testable import SyncServer

extension RelayStoreConformance {
    static let registration: [Check] = [
        Check("a team that is not known is nobody's") { store, _ in
            let team = try TestTeam()
            #expect(try await store.team(team.handle) == nil)
        },
        Check("a new team needs to be admitted") { store, _ in
            let team = try TestTeam()
            #expect(try await store.register(team.chain, as: team.handle, admitting: .nobody) == .notAdmitted)
            #expect(
                try await store.register(team.chain, as: team.handle, admitting: .anybody)
                    == .stored(counter: 0, isNewTeam: true))
            #expect(try await store.team(team.handle)?.registration == team.chain[0])
        },
        Check("replaying what is stored changes nothing") { store, _ in
            var team = try TestTeam()
            try team.rotate()
            let stored = try await team.register(in: store)
            #expect(
                try await store.register(team.chain, as: team.handle, admitting: .nobody)
                    == .stored(counter: 1, isNewTeam: false))
            #expect(
                try await store.register([team.chain[0]], as: team.handle, admitting: .nobody)
                    == .stored(counter: 1, isNewTeam: false))
            #expect(try await store.registrations(of: stored) == team.chain)
        },
        Check("any member replays the newer chain, or its tail") { store, _ in
            var team = try TestTeam()
            _ = try await team.register(in: store)
            for _ in 1...3 { try team.rotate() }
            #expect(
                try await store.register(Array(team.chain[1...2]), as: team.handle, admitting: .nobody)
                    == .stored(counter: 2, isNewTeam: false))
            #expect(
                try await store.register(team.chain, as: team.handle, admitting: .nobody)
                    == .stored(counter: 3, isNewTeam: false))
        },
        Check("a second registration with a stored counter, and one that skips, are refused") { store, _ in
            var team = try TestTeam()
            var other = team
            try team.rotate()
            try other.rotate(variant: "other")
            _ = try await team.register(in: store)
            #expect(
                try await store.register([other.chain[1]], as: team.handle, admitting: .anybody)
                    == .conflict(stored: team.chain))
            try team.rotate()
            try team.rotate()
            #expect(
                try await store.register([team.chain[3]], as: team.handle, admitting: .anybody)
                    == .conflict(stored: Array(team.chain[0...1])))
        },
        Check("a stranger's chain does not even learn the stored one") { store, _ in
            let team = try TestTeam()
            let stranger = try TestTeam("stranger")
            #expect(try await store.register(stranger.chain, as: team.handle, admitting: .anybody) == .unknownTeam)
            _ = try await team.register(in: store)
            #expect(try await store.register(stranger.chain, as: team.handle, admitting: .anybody) == .unknownTeam)
        },
        Check("a new registration ends what older ones allowed") { store, _ in
            var team = try TestTeam()
            let before = try await team.register(in: store)
            var log = try TestLog("a", salt: team.salt)
            _ = try await push(try log.run(3), to: store, before)
            let pull = try #require(try await store.pull(after: nil, of: before))
            try team.rotate()
            let after = try await team.register(in: store)

            let more = try log.run(1)
            await #expect(throws: UnknownTeam.self) { try await push(more, to: store, before) }
            await #expect(throws: UnknownTeam.self) { try await store.frame(pull, of: before) }
            await #expect(throws: UnknownTeam.self) { try await store.appendControl([[1]], to: before) }
            await #expect(throws: UnknownTeam.self) { try await store.heads(of: before) }
            #expect(try await push(more, to: store, after).stored == 1)
        },
    ]

    static let control: [Check] = [
        Check("control records keep their order, each once") { store, _ in
            let team = try await TestTeam().register(in: store)
            #expect(try await store.appendControl([[1], [2], [1]], to: team) == ControlReceipt(last: 2, stored: 2))
            #expect(try await store.appendControl([[2], [3]], to: team) == ControlReceipt(last: 3, stored: 1))
            #expect(try await store.appendControl([[3]], to: team) == ControlReceipt(last: 3, stored: 0))
            let all = try await store.control(of: team, after: 0, through: 3, limit: 100)
            #expect(all.map(\.sealed) == [[1], [2], [3]])
            #expect(all.map(\.position) == [1, 2, 3])
            #expect(try await store.control(of: team, after: 2, through: 3, limit: 100).map(\.sealed) == [[3]])
            #expect(try await store.control(of: team, after: 3, through: 3, limit: 100).isEmpty)
            #expect(try await store.control(of: team, after: .max, through: .max, limit: 100).isEmpty)
        },
        Check("control records come in pages, at least one in each") { store, _ in
            let team = try await TestTeam().register(in: store)
            _ = try await store.appendControl((0..<5).map { [UInt8](repeating: $0, count: 10) }, to: team)
            #expect(try await store.control(of: team, after: 0, through: 5, limit: 15).map(\.position) == [1, 2])
            #expect(try await store.control(of: team, after: 2, through: 5, limit: 1).map(\.position) == [3])
        },
        Check("teams do not see each other") { store, _ in
            let team = try await TestTeam("a").register(in: store)
            let other = try await TestTeam("b").register(in: store)
            _ = try await store.appendControl([[1]], to: team)
            var log = try TestLog("a", salt: team.registration.teamSalt)
            _ = try await push(try log.run(2), to: store, team)
            #expect(try await store.control(of: other, after: 0, through: .max, limit: 100).isEmpty)
            #expect(try await everything(in: store, other).isEmpty)
            #expect(try await store.heads(of: other).heads.isEmpty)
            #expect(try await store.appendControl([[1]], to: other).stored == 1)
        },
    ]

    static let mailboxes: [Check] = [
        Check("a box is kept, read, and taken away") { store, clock in
            let team = try await TestTeam().register(in: store)
            let id = MailboxID(high: 1, low: 2)
            let expires = clock.surroundings.now() + 3_600_000
            #expect(try await store.box(id) == nil)
            #expect(try await store.putBox([1, 2], id: id, expires: expires, requests: 0, of: team) == .stored)
            #expect(try await store.putBox([1, 2], id: id, expires: expires, requests: 0, of: team) == .stored)
            #expect(try await store.putBox([3], id: id, expires: expires, requests: 0, of: team) == .occupied)
            #expect(try await store.box(id) == [1, 2])
            try await store.removeBox(id)
            try await store.removeBox(id)
            #expect(try await store.box(id) == nil)
        },
        Check("a box past its hour is gone") { store, clock in
            let team = try await TestTeam().register(in: store)
            let id = MailboxID(high: 1, low: 2)
            _ = try await store.putBox([1], id: id, expires: clock.surroundings.now() + 3_600_000, requests: 0, of: team)
            clock.advance(hours: 1)
            #expect(try await store.box(id) == nil)
            #expect(
                try await store.putBox([2], id: id, expires: clock.surroundings.now() + 1, requests: 0, of: team) == .stored)
        },
        Check("a team has a bounded number of boxes") { store, clock in
            let team = try await TestTeam("a").register(in: store)
            let other = try await TestTeam("b").register(in: store)
            let expires = clock.surroundings.now() + 3_600_000
            for number in 0..<UInt64(RelayLimits.boxesPerTeam) {
                _ = try await store.putBox([1], id: MailboxID(high: 0, low: number), expires: expires, requests: 0, of: team)
            }
            let id = MailboxID(high: 9, low: 9)
            #expect(try await store.putBox([1], id: id, expires: expires, requests: 0, of: team) == .tooMany)
            #expect(try await store.putBox([1], id: id, expires: expires, requests: 0, of: other) == .stored)
        },
    ]
}
