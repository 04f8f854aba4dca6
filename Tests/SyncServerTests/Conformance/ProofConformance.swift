import SyncCore
import Testing

@testable import SyncServer

extension RelayStoreConformance {
    static let proofs: [Check] = [
        Check("a run is stored up to its last valid signature") { store, _ in
            let team = try await TestTeam().register(in: store)
            var log = try TestLog("a", salt: team.registration.teamSalt)
            var run = try log.run(8, signedEvery: 3)
            run[7].signature = nil
            let receipt = try await push(run, to: store, team)
            #expect(receipt.stored == 5)
            #expect(receipt.refused == [Refusal(tag: log.tag, index: 5, reason: .unsigned)])
            #expect(receipt.heads[log.tag]?.map(\.index) == [4])
        },
        Check("a wrong last signature is refused, what is proven before it stays") { store, _ in
            let team = try await TestTeam().register(in: store)
            var log = try TestLog("a", salt: team.registration.teamSalt)
            var run = try log.run(4, signedEvery: 2)
            run[3].signature?[0] ^= 1
            let receipt = try await push(run, to: store, team)
            #expect(receipt.stored == 2)
            #expect(receipt.refused == [Refusal(tag: log.tag, index: 2, reason: .signature)])
        },
        Check("a wrong signature inside a proven run is dropped, and stops nothing (S3)") { store, _ in
            let team = try await TestTeam().register(in: store)
            var log = try TestLog("a", salt: team.registration.teamSalt)
            let run = try log.run(10)
            var flipped = run
            flipped[5].signature?[10] ^= 0x40
            let receipt = try await push(flipped, to: store, team)
            #expect(receipt.stored == 10)
            #expect(receipt.refused.isEmpty)
            var kept = run
            kept[5].signature = nil
            #expect(try await everything(in: store, team) == kept)
        },
        Check("a forged prefix under a true signature is refused (F1)") { store, _ in
            let team = try await TestTeam().register(in: store)
            var log = try TestLog("a", salt: team.registration.teamSalt)
            var other = try TestLog("a", salt: team.registration.teamSalt, bodies: 1000)
            let run = try log.run(6, signedEvery: 6)
            let forged = try other.run(2).map(\.unsigned) + run[2...]
            let receipt = try await push(forged, to: store, team)
            #expect(receipt.stored == 0)
            #expect(receipt.refused == [Refusal(tag: log.tag, index: 0, reason: .signature)])
            #expect(try await push(run, to: store, team).stored == 6)
        },
        Check("a log signed by another key, or for another team, is refused") { store, _ in
            let team = try await TestTeam().register(in: store)
            var log = try TestLog("a", salt: team.registration.teamSalt)
            var run = try log.run(1)
            run[0].signature = try Chain.sign(log.chain, with: TestKeys.key("thief"))
            #expect(try await push(run, to: store, team).refused.map(\.reason) == [.signature])
            var elsewhere = try TestLog("a", salt: TestKeys.hash("other team"))
            #expect(try await push(try elsewhere.run(3), to: store, team).refused.map(\.reason) == [.signature])
            #expect(try await everything(in: store, team).isEmpty)
        },
        Check("no flipped bit is stored") { store, _ in
            let team = try await TestTeam().register(in: store)
            var log = try TestLog("a", salt: team.registration.teamSalt)
            let run = try log.run(3, signedEvery: 2)
            let genuine = Set(run.flatMap { [$0.bytes, $0.unsigned.bytes] })
            let bytes = stream(run)
            for position in bytes.indices {
                var flipped = bytes
                flipped[position] ^= 1 << UInt8(position % 8)
                var reader = PushReader()
                do {
                    try reader.take(flipped)
                    try reader.end()
                } catch { continue }
                _ = try await Push.store(reader, in: store, of: team)
            }
            for segment in try await everything(in: store, team) { #expect(genuine.contains(segment.bytes)) }
            let heads = try await store.heads(of: team).heads
            #expect(heads.keys.allSatisfy { $0 == log.tag })
            _ = try await push(run, to: store, team)
            #expect(try await store.heads(of: team).heads == [log.tag: [Head(index: 2, chain: log.chain)]])
        },
        Check("a segment whose body is gone, or is not the one it names, is refused by its name") { store, _ in
            let team = try await TestTeam().register(in: store)
            var log = try TestLog("a", salt: team.registration.teamSalt)
            var run = try log.run(3)
            run[1].body = nil
            #expect(
                try await push(run, to: store, team).refused.contains(Refusal(tag: log.tag, index: 1, reason: .body)))
            run[1].body = TestKeys.bytes("other", 40)
            let receipt = try await push(run, to: store, team)
            #expect(receipt.refused.contains(Refusal(tag: log.tag, index: 1, reason: .form)))
            #expect(receipt.known == 1)
        },
    ]

    static let forks: [Check] = [
        Check("both branches of a fork are stored, in any order (S4)") { store, _ in
            let team = try await TestTeam().register(in: store)
            var log = try TestLog("a", salt: team.registration.teamSalt)
            let common = try log.run(3)
            var copy = log.clone(1)
            let first = try log.run(2)
            let second = try copy.run(4)
            #expect(try await push(common + second, to: store, team).stored == 7)
            let receipt = try await push(common + first, to: store, team)
            #expect(receipt.stored == 2)
            #expect(receipt.known == 3)
            #expect(receipt.refused.isEmpty)
            #expect(
                receipt.heads[log.tag] == [Head(index: 4, chain: log.chain), Head(index: 6, chain: copy.chain)])
            #expect(try await everything(in: store, team) == common + second + first)
        },
        Check("both branches may come in one push, one after the other, and each grows on") { store, _ in
            let team = try await TestTeam().register(in: store)
            var log = try TestLog("a", salt: team.registration.teamSalt)
            let common = try log.run(2, signedEvery: 2)
            var copy = log.clone(1)
            let (first, second) = (try log.run(3, signedEvery: 3), try copy.run(20))
            #expect(try await push(common + first + second, to: store, team).stored == 25)
            let (more, yetMore) = (try copy.run(1), try log.run(2))
            #expect(try await push(more + yetMore, to: store, team).refused.isEmpty)
            #expect(
                try await store.heads(of: team).heads[log.tag]
                    == [Head(index: 6, chain: log.chain), Head(index: 22, chain: copy.chain)])
        },
        Check("a log has at most eight branches, and those go on growing") { store, _ in
            let team = try await TestTeam().register(in: store)
            var log = try TestLog("a", salt: team.registration.teamSalt)
            let common = try log.run(2)
            _ = try await push(common, to: store, team)
            var copies = (1...9).map { log.clone($0) }
            for number in 0..<8 {
                #expect(try await push(try copies[number].run(2), to: store, team).stored == 2)
            }
            let receipt = try await push(try copies[8].run(2), to: store, team)
            #expect(receipt.stored == 0)
            #expect(receipt.refused == [Refusal(tag: log.tag, index: 2, reason: .branches)])
            #expect(receipt.heads[log.tag]?.count == Limits.branchesPerLog)
            #expect(try await push(try copies[3].run(2), to: store, team).stored == 2)
        },
        Check("two opens of one key are two branches") { store, _ in
            let team = try await TestTeam().register(in: store)
            var log = try TestLog("a", salt: team.registration.teamSalt)
            var other = log.clone(1)
            #expect(try await push(try log.run(2), to: store, team).stored == 2)
            #expect(try await push(try other.run(2), to: store, team).stored == 2)
            #expect(try await store.heads(of: team).heads[log.tag]?.count == 2)
        },
    ]
}
