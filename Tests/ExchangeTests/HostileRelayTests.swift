import Foundation
import Testing

@testable import SyncCore

/// P4: what a relay may do, and what comes of it. Whatever it tells, nothing wrong is merged, nothing is lost here, and what could be
/// noticed is named in `status` or fails as damaged.
@Suite(.serialized) struct HostileRelayTests {
    @Test func `P4 segments that a relay withholds are named once anybody's later note of them passes`() async throws {
        try await HostileTeam.run { team in
            // All of Ana's log is kept from Cem, and what Ben writes after he saw it is not.
            let ana = try #require(try team.ana.heads().first { try team.ana.isOwn($0.tag) })
            _ = try team.ana.addEvent("York")
            _ = try await team.push(team.ana)
            team.relays[2].act { asked, honest in
                let told = try await honest(asked)
                guard asked.is("GET", "/segments") else { return told }
                return .frames(try told.frames().map { .init(segments: $0.segments.filter { !$0.isOf(ana.tag) }, token: $0.token) })
            }
            _ = try await team.pull(team.cem)
            #expect(try team.cem.documentCount() == 1)
            #expect(try team.cem.status().withheld.isEmpty)
            _ = try await team.pull(team.ben)
            _ = try team.ben.addEvent("Rome")
            _ = try await team.push(team.ben)
            _ = try await team.pull(team.cem)
            let status = try team.cem.status()
            #expect(status.withheld == [Withheld(device: team.ana.device, segments: 1)])
            // What Ben wrote comes after what is missing: it waits, and is not merged without it.
            #expect(status.waiting.count == 1)
            #expect(try team.cem.documentCount() == 1)
            try await team.team.wholeHistoryComes(to: team.cem, through: team.relays[2])
            #expect(try team.cem.export() == team.ben.export())
            #expect(try team.cem.status().withheld.isEmpty)
        }
    }

    @Test func `P4 a control record that a relay withholds is named by what is written after it`() async throws {
        try await HostileTeam.run { team in
            let known = try team.cem.log.read { try $0.sealedControl() }.count
            let relay = team.relays[2]
            try team.ana.rename(team.ben.device, to: "Ben of Leeds")
            let hidden = try team.ana.log.read { try $0.sealedControl() }.dropFirst(known).map { Data($0).base64EncodedString() }
            try team.ana.rename(team.cem.device, to: "Cem of York")
            _ = try await team.push(team.ana)
            relay.act { asked, honest in
                let told = try await honest(asked)
                guard asked.is("GET", "/control") else { return told }
                var control = try told.decoded(RelayMessages.Control.self)
                control.records.removeAll { hidden.contains($0.sealed) }
                return try .json(control)
            }
            _ = try await team.pull(team.cem)
            #expect(!hidden.isEmpty)
            #expect(try team.cem.status().unreadableControl == 1)
            #expect(try team.cem.team().name(of: team.ben.device) == "device 1")
        }
    }

    @Test func `P4 a relay that answers with what it answered before changes nothing`() async throws {
        try await HostileTeam.run { team in
            let relay = team.relays[2]
            let old = try await relay.honest(.init(method: "GET", path: "/segments", token: team.cem.tokens(at: "relay").read, body: []))
            let control = try await relay.honest(.init(method: "GET", path: "/control?after=0", token: team.cem.controlToken, body: []))
            _ = try team.ana.addEvent("York")
            _ = try await team.push(team.ana)
            let before = try team.cem.export()
            relay.act { asked, honest in
                if asked.is("GET", "/segments") { return old }
                if asked.is("GET", "/control") { return control }
                return try await honest(asked)
            }
            for _ in 0..<2 { _ = try await team.pull(team.cem) }
            #expect(try team.cem.export() == before)
            try await team.everybodyIsHonestAgain()
            #expect(try team.cem.documentCount() == 2)
        }
    }

    @Test(arguments: Disorder.allCases)
    func `P4 segments in another order, cut out or spliced are refused as damaged, and nothing of them is kept`(_ disorder: Disorder) async throws {
        try await HostileTeam.run { team in
            for title in ["York", "Rome"] {
                for replica in [team.ana, team.ben] {
                    _ = try replica.addEvent(title)
                    _ = try await team.push(replica)
                }
            }
            team.relays[2].act { asked, honest in
                let told = try await honest(asked)
                guard asked.is("GET", "/segments") else { return told }
                let frames = try told.frames()
                let all = frames.flatMap(\.segments)
                return .frames([.init(segments: try disorder.apply(to: all), token: try #require(frames.last).token)])
            }
            let error = try await team.failure(team.cem) { _ = try await $0.pull() }
            #expect(error?.kind == .integrity, "\(disorder)")
            #expect(error?.what.hasPrefix("127.0.0.1") == true)
            try await team.everybodyIsHonestAgain()
            #expect(try team.cem.documentCount() == 5)
        }
    }

    enum Disorder: CaseIterable {
        case reversed, hole, body, signature, retagged, unsigned, flipped

        /// The first two that are given are of two logs, and each log has another after them.
        func apply(to all: [[UInt8]]) throws -> [[UInt8]] {
            var segments = try all.map { try Segment($0) }
            let other = try #require(segments.first { $0.tag != segments[0].tag })
            switch self {
            case .reversed: segments.reverse()
            case .hole: segments.removeFirst()
            case .body: segments[0].body = other.body
            case .signature:
                // All of them: one that a later one of its run proves right is only passed over.
                for place in segments.indices { segments[place].signature = other.signature }
            case .retagged: segments[0].header.form = .run(tag: other.tag, index: other.index)
            case .unsigned: segments = segments.map(\.unsigned)
            case .flipped:
                var bytes = segments.map(\.bytes)
                bytes[0][bytes[0].count - 1] ^= 1
                return bytes
            }
            return segments.map(\.bytes)
        }
    }

    @Test func `P4 another team's segments change nothing`() async throws {
        try await HostileTeam.run { team in
            let stranger = try RelayTeam()
            _ = try stranger.replicas[0].addEvent("Elsewhere")
            _ = try stranger.replicas[0].seal()
            let strange = try stranger.replicas[0].offers(lackedBy: []).flatMap { $0 }
            team.relays[2].act { asked, honest in
                let told = try await honest(asked)
                guard asked.is("GET", "/segments") else { return told }
                return .frames([.init(segments: strange, token: try #require(told.frames().last).token)])
            }
            // Where nothing is new nobody asks for segments.
            _ = try team.ana.addEvent("Leeds")
            _ = try await team.push(team.ana)
            let error = try await team.failure(team.cem) { _ = try await $0.pull() }
            #expect(error?.kind == .integrity)
            try await team.everybodyIsHonestAgain()
        }
    }
}

extension [UInt8] {
    func isOf(_ tag: LogTag) -> Bool { (try? Segment(self).tag) == tag }
}

extension Replica {
    func isOwn(_ tag: LogTag) throws -> Bool { try log.read { try $0.log(tag)?.device == device } }
}
