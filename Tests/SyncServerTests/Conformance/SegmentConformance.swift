import SyncCore
import Testing

@testable import SyncServer

extension RelayStoreConformance {
    static let segments: [Check] = [
        Check("a run is stored, once, with its head and the digest of its arrivals") { store, _ in
            let team = try await TestTeam().register(in: store)
            var log = try TestLog("a", salt: team.registration.teamSalt)
            let run = try log.run(5, signedEvery: 2)
            let receipt = try await push(run, to: store, team)
            #expect(receipt.stored == 5)
            #expect(receipt.known == 0)
            #expect(receipt.refused.isEmpty)
            #expect(receipt.heads == [log.tag: [Head(index: 4, chain: log.chain)]])

            var position = Position.beginning
            var chain = Chain.beginning
            for segment in run {
                chain = Chain.value(at: segment.header, after: chain, teamSalt: team.registration.teamSalt)
                position = position.following(chain)
            }
            #expect(receipt.position == position)

            let again = try await push(run, to: store, team)
            #expect(again.stored == 0)
            #expect(again.known == 5)
            #expect(again.position == position)
            #expect(try await everything(in: store, team) == run)
        },
        Check("a log grows push by push, also where a push overlaps what is known") { store, _ in
            let team = try await TestTeam().register(in: store)
            var log = try TestLog("a", salt: team.registration.teamSalt)
            let run = try log.run(9)
            #expect(try await push(Array(run[0..<3]), to: store, team).stored == 3)
            #expect(try await push(Array(run[3..<4]), to: store, team).stored == 1)
            let receipt = try await push(Array(run[2..<9]), to: store, team)
            #expect(receipt.stored == 5)
            #expect(receipt.known == 2)
            #expect(receipt.heads[log.tag] == [Head(index: 8, chain: log.chain)])
        },
        Check("logs may come interleaved, and a refusal of one does not stop another") { store, _ in
            let team = try await TestTeam().register(in: store)
            var a = try TestLog("a", salt: team.registration.teamSalt)
            var b = try TestLog("b", salt: team.registration.teamSalt)
            let (left, right) = (try a.run(4, signedEvery: 4), try b.run(4, signedEvery: 4))
            var mixed = zip(left, right).flatMap { [$0, $1] }
            mixed[5].signature = nil
            mixed[7].signature = nil
            let receipt = try await push(mixed, to: store, team)
            #expect(receipt.stored == 4)
            #expect(receipt.refused == [Refusal(tag: b.tag, index: 0, reason: .unsigned)])
            #expect(try await everything(in: store, team) == left)
        },
        Check("without its predecessor nothing is stored") { store, _ in
            let team = try await TestTeam().register(in: store)
            var log = try TestLog("a", salt: team.registration.teamSalt)
            let run = try log.run(4)
            #expect(
                try await push(Array(run[1...]), to: store, team).refused
                    == [Refusal(tag: log.tag, index: 1, reason: .predecessor)])
            _ = try await push([run[0]], to: store, team)
            #expect(
                try await push(Array(run[2...]), to: store, team).refused
                    == [Refusal(tag: log.tag, index: 2, reason: .predecessor)])
            #expect(try await everything(in: store, team) == [run[0]])
        },
        Check("a gap inside a push stores what comes before it") { store, _ in
            let team = try await TestTeam().register(in: store)
            var log = try TestLog("a", salt: team.registration.teamSalt)
            var run = try log.run(6)
            run.remove(at: 3)
            let receipt = try await push(run, to: store, team)
            #expect(receipt.stored == 3)
            #expect(receipt.refused == [Refusal(tag: log.tag, index: 4, reason: .predecessor)])
        },
        Check("an empty push is answered") { store, _ in
            let team = try await TestTeam().register(in: store)
            #expect(try await push([], to: store, team) == AppendReceipt())
        },
        Check("positions have no gaps and the digest follows them, whoever pushes at once") { store, _ in
            let team = try await TestTeam().register(in: store)
            try await withThrowingTaskGroup(of: Int.self) { group in
                for number in 0..<20 {
                    group.addTask {
                        var log = try TestLog("\(number)", salt: team.registration.teamSalt)
                        return try await push(try log.run(7, signedEvery: 3), to: store, team).stored
                    }
                }
                for try await stored in group { #expect(stored == 7) }
            }
            var chains: [LogTag: Hash32] = [:]
            var position = Position.beginning
            for segment in try await everything(in: store, team) {
                let chain = Chain.value(
                    at: segment.header, after: chains[segment.tag] ?? Chain.beginning,
                    teamSalt: team.registration.teamSalt)
                chains[segment.tag] = chain
                position = position.following(chain)
            }
            #expect(position.number == 140)
            #expect(try await store.summary(of: team).position == position)
        },
    ]
}
