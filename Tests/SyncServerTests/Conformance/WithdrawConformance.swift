import SyncCore
import Testing

@testable import SyncServer

extension RelayStoreConformance {
    private static func bare(_ segment: Segment) -> Segment { Segment(header: segment.header, signature: segment.signature, body: nil) }

    private static func withdrawn(_ segment: Segment, _ log: TestLog, _ chain: Hash32) -> WithdrawnSegment {
        WithdrawnSegment(tag: log.tag, index: segment.index, chain: chain)
    }

    /// The chain values of a run from the open on.
    private static func chains(_ run: [Segment], _ team: RelayTeam) -> [Hash32] {
        var value = Chain.beginning
        return run.map { segment in
            value = Chain.value(at: segment.header, after: value, teamSalt: team.registration.teamSalt)
            return value
        }
    }

    static let withdrawals: [Check] = [
        Check("a withdrawn body is gone, and its place, its tokens and its log stay") { store, _ in
            let team = try await TestTeam().register(in: store)
            var log = try TestLog("a", salt: team.registration.teamSalt)
            let run = try log.run(4, signedEvery: 2)
            let receipt = try await push(run, to: store, team)
            let before = try await store.heads(of: team)
            let chain = chains(run, team)[2]
            try await store.withdraw([withdrawn(run[2], log, chain)], of: team)
            let found = try await everything(in: store, team)
            #expect(found == [run[0], run[1], bare(run[2]), run[3]])
            let after = try await store.heads(of: team)
            #expect(after.heads == before.heads && after.withdrawn == [chain])
            #expect(after.summary.position == receipt.position && after.summary != before.summary)
            #expect(try await store.summary(of: team) == after.summary)
            #expect(try await store.pull(after: receipt.position.token, of: team)?.isDone == true)
            // Again, and a longer log on it.
            try await store.withdraw([withdrawn(run[2], log, chain)], of: team)
            #expect(try await push(try log.run(1), to: store, team).stored == 1)
        },
        Check("a body that was withdrawn does not come back, and one that was not may not be absent") { store, _ in
            let team = try await TestTeam().register(in: store)
            var log = try TestLog("a", salt: team.registration.teamSalt)
            let run = try log.run(4)
            let chains = chains(run, team)
            // Withdrawn before it is here at all: a wiped relay is told first.
            try await store.withdraw([withdrawn(run[1], log, chains[1])], of: team)
            let refused = try await push([run[0], run[1], bare(run[2])], to: store, team)
            #expect(refused.refused == [Refusal(tag: log.tag, index: 2, reason: .body)] && refused.stored == 2)
            #expect(try await push(Array(run[0..<3]), to: store, team).stored == 1)
            #expect(try await push([bare(run[1]), run[2], run[3]], to: store, team).stored == 1)
            #expect(try await everything(in: store, team) == [run[0], bare(run[1]), run[2], run[3]])
        },
        Check("one team's withdrawal is nothing to another") { store, _ in
            let (left, right) = (try await TestTeam("left").register(in: store), try await TestTeam("right").register(in: store))
            var log = try TestLog("a", salt: left.registration.teamSalt)
            let run = try log.run(2)
            _ = try await push(run, to: store, left)
            try await store.withdraw([withdrawn(run[1], log, chains(run, left)[1])], of: right)
            #expect(try await everything(in: store, left) == run)
            #expect(try await store.heads(of: left).withdrawn.isEmpty)
        },
    ]
}
