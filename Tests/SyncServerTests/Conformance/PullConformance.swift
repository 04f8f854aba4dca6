import SyncCore
import Testing

@testable import SyncServer

extension RelayStoreConformance {
    static let pulls: [Check] = [
        Check("frames are bounded, each ends signed, and any of their tokens goes on") { store, _ in
            let team = try await TestTeam().register(in: store)
            var logs = try (0..<3).map { try TestLog("\($0)", salt: team.registration.teamSalt) }
            for _ in 0..<2 {
                for number in logs.indices { _ = try await push(try logs[number].run(150, signedEvery: 50), to: store, team) }
            }
            let all = try await everything(in: store, team)
            #expect(all.count == 900)
            let pull = try #require(try await store.pull(after: nil, of: team))
            let parts = try await frames(pull, from: store, team)
            #expect(parts.flatMap(\.segments) == all)
            #expect(parts.count == 4)
            var seen = 0
            for part in parts {
                #expect(part.segments.count <= Limits.frameSegments)
                for tag in Set(part.segments.map(\.tag)) {
                    #expect(part.segments.last { $0.tag == tag }?.signature != nil)
                }
                seen += part.segments.count
                #expect(part.end.number == Int64(seen))
                let token = try #require(PositionToken(part.end.token.text))
                let rest = try #require(try await store.pull(after: token, of: team))
                #expect(try await frames(rest, from: store, team).flatMap(\.segments) == Array(all[seen...]))
            }
        },
        Check("frames are bounded by bytes") { store, _ in
            let team = try await TestTeam().register(in: store)
            var log = try TestLog("a", salt: team.registration.teamSalt)
            _ = try await push(try log.run(10, bytes: 300_000), to: store, team)
            let pull = try #require(try await store.pull(after: nil, of: team))
            let sizes = try await frames(pull, from: store, team).map(\.segments.count)
            #expect(sizes == [3, 3, 3, 1])
        },
        Check("a frame exceeds its limit by what it takes to end signed") { store, _ in
            let team = try await TestTeam().register(in: store)
            var log = try TestLog("a", salt: team.registration.teamSalt)
            _ = try await push(try log.run(2), to: store, team)
            _ = try await push(try log.run(700, signedEvery: 700), to: store, team)
            _ = try await push(try log.run(2), to: store, team)
            let pull = try #require(try await store.pull(after: nil, of: team))
            #expect(try await frames(pull, from: store, team).map(\.segments.count) == [2, 700, 2])
        },
        Check("a pull ends at the head at its start") { store, _ in
            let team = try await TestTeam().register(in: store)
            var log = try TestLog("a", salt: team.registration.teamSalt)
            _ = try await push(try log.run(3), to: store, team)
            let pull = try #require(try await store.pull(after: nil, of: team))
            _ = try await push(try log.run(3), to: store, team)
            let parts = try await frames(pull, from: store, team)
            #expect(parts.flatMap(\.segments).count == 3)
            #expect(parts.last?.end == pull.through)
        },
        Check("a token of another history is not honoured") { store, _ in
            let team = try await TestTeam().register(in: store)
            var log = try TestLog("a", salt: team.registration.teamSalt)
            let receipt = try await push(try log.run(4, signedEvery: 2), to: store, team)
            let token = receipt.position.token
            #expect(try await store.pull(after: Position.beginning.token, of: team) != nil)
            #expect(try await store.pull(after: token, of: team) != nil)
            var digest = token.digestStart
            digest[15] ^= 1
            for bad in [
                PositionToken(number: token.number, digestStart: digest),
                PositionToken(number: token.number + 1, digestStart: token.digestStart),
                PositionToken(number: token.number - 1, digestStart: token.digestStart),
                PositionToken(number: 0, digestStart: token.digestStart),
                PositionToken(number: .max, digestStart: token.digestStart),
            ] {
                #expect(try await store.pull(after: bad, of: team) == nil)
            }
        },
        Check("want sends what is past each index, and logs that were not named (S7)") { store, _ in
            let team = try await TestTeam().register(in: store)
            var (a, b, c) = (
                try TestLog("a", salt: team.registration.teamSalt), try TestLog("b", salt: team.registration.teamSalt),
                try TestLog("c", salt: team.registration.teamSalt)
            )
            let (first, second, third) = (try a.run(6), try b.run(5), try c.run(4))
            for run in [first, second, third] { _ = try await push(run, to: store, team) }
            let stranger = LogTag(high: 7, low: 7)

            func wanted(_ have: [LogTag: Int64]) async throws -> [Segment] {
                let pull = try await store.pull(missing: have, of: team)
                return try await frames(pull, from: store, team).flatMap(\.segments)
            }
            #expect(try await wanted([:]) == first + second + third)
            #expect(try await wanted([a.tag: 3, b.tag: 4, stranger: 9]) == first[4...] + third)
            #expect(try await wanted([a.tag: -1, b.tag: 4, c.tag: 2]) == first + third[3...])
            #expect(try await wanted([a.tag: 5, b.tag: 4, c.tag: .max]).isEmpty)
            let nothing = try await store.pull(missing: [a.tag: 5, b.tag: 4, c.tag: 3], of: team)
            #expect(nothing.isDone)
        },
        Check("after a want, the last token goes on from everything") { store, _ in
            let team = try await TestTeam().register(in: store)
            var (a, b) = (
                try TestLog("a", salt: team.registration.teamSalt), try TestLog("b", salt: team.registration.teamSalt)
            )
            _ = try await push(try a.run(5), to: store, team)
            _ = try await push(try b.run(5), to: store, team)
            let pull = try await store.pull(missing: [a.tag: 2, b.tag: 4], of: team)
            let end = try #require(try await frames(pull, from: store, team).last?.end)
            let more = try b.run(2)
            _ = try await push(more, to: store, team)
            let rest = try #require(try await store.pull(after: end.token, of: team))
            #expect(try await frames(rest, from: store, team).flatMap(\.segments) == more)
        },
        Check("a wiped relay is refilled by a third party that stripped signatures in between (F6, S3)") { store, _ in
            let team = try await TestTeam().register(in: store)
            var (a, b) = (
                try TestLog("a", salt: team.registration.teamSalt), try TestLog("b", salt: team.registration.teamSalt)
            )
            var (first, second) = (try a.run(300), try b.run(40))
            for index in first.indices where index % 100 != 99 { first[index].signature = nil }
            for index in second.indices.dropLast() { second[index].signature = nil }
            let receipt = try await push(first + second, to: store, team)
            #expect(receipt.stored == 340)
            #expect(receipt.refused.isEmpty)
            #expect(try await everything(in: store, team) == first + second)
            #expect(try await push(try a.run(1), to: store, team).stored == 1)
        },
    ]
}
