import Foundation
import SyncServer
import Testing

@testable import SyncCore

/// Stores that were restored or cloned, at a relay.
@Suite(.serialized) struct CopyExchangeTests {
    /// A clone that cannot tell that it is one: a machine that was set back to an older image.
    private func image(of replica: Replica, _ team: RelayTeam) throws -> Replica {
        try replica.checkpoint()
        let folder = replica.paths.folder + "-image"
        try FileManager.default.copyItem(atPath: replica.paths.folder, toPath: folder)
        let image = try Replica(openingAt: folder)
        var keys = image.keys
        keys.incarnation = Incarnation(mark: keys.incarnation.mark, ofLogAt: image.paths.log)
        try image.locked {
            try image.log.write { try $0.set(Replica.Setting.incarnation, keys.incarnation.bytes) }
            try image.save(keys)
            try FileSystem.writeDurably(keys.incarnation.bytes, to: image.paths.incarnation)
        }
        return image
    }

    private func exchange(_ replicas: [Replica], _ team: RelayTeam) async throws {
        for _ in 0..<3 {
            for replica in replicas {
                _ = try await team.exchange(replica).pull()
                _ = try await team.exchange(replica).push()
            }
        }
    }

    @Test func `S4 a restored device that comes first to a wiped relay takes nobody's branch away`() async throws {
        let team = try RelayTeam()
        var image: Replica?
        try await team.withRelay { url in
            try await team.join(url)
            let ben = team.replicas[1]
            _ = try ben.addEvent("York")
            try await team.everybodyExchanges()
            image = try self.image(of: ben, team)
            _ = try ben.addEvent("Leeds")
            try await team.everybodyExchanges()
        }
        let (ana, ben, restored) = (team.replicas[0], team.replicas[1], try #require(image))
        try team.wipeRelay()
        try await team.withRelay { url in
            for replica in [ana, ben, restored] { try team.point(replica, at: url) }
            _ = try restored.addEvent("Rome")
            _ = try await team.exchange(restored).push()
            let refilled = try await team.exchange(ana).pull()
            #expect(refilled.refilled.segments > 0)
            try await exchange([ana, ben, restored], team)
            for replica in [ben, restored] { #expect(try replica.export() == ana.export()) }
            #expect(try ana.read { try $0.count(.event) } == 3)
            #expect(ben.author != restored.author)
            _ = try ben.addEvent("Paris")
            _ = try restored.addEvent("Madrid")
            try await exchange([ana, ben, restored], team)
            for replica in [ben, restored] { #expect(try replica.export() == ana.export()) }
            #expect(try ana.read { try $0.count(.event) } == 5)
            let signs = try ana.status().copies
            #expect(signs.map(\.device) == [ben.device] && signs.map(\.kind) == [.usedTwice])
            #expect(try restored.unsentCount() == 0)
        }
    }

    @Test func `F2 whoever has both branches of a log fills an empty relay with them`() async throws {
        let team = try RelayTeam()
        var image: Replica?
        try await team.withRelay { url in
            try await team.join(url)
            let ben = team.replicas[1]
            _ = try ben.addEvent("York")
            try await team.everybodyExchanges()
            image = try self.image(of: ben, team)
            for title in ["Leeds", "Bath"] {
                _ = try ben.addEvent(title)
                _ = try await team.exchange(ben).push()
            }
            _ = try await team.exchange(team.replicas[0]).pull()
        }
        let (ana, clone) = (team.replicas[0], try #require(image))
        try team.wipeRelay()
        try await team.withRelay { url in
            for replica in [ana, clone] { try team.point(replica, at: url) }
            for title in ["Rome", "Pisa"] {
                _ = try clone.addEvent(title)
                _ = try await team.exchange(clone).push()
            }
            _ = try await team.exchange(ana).pull()
        }
        try team.wipeRelay()
        try await team.withRelay { url in
            try team.point(ana, at: url)
            _ = try await team.exchange(ana).push()
            try team.point(clone, at: url)
            _ = try await team.exchange(clone).pull()
        }
        #expect(try clone.export() == ana.export())
        #expect(try ana.read { try $0.count(.event) } == 5)
    }

    @Test func `F2 a relay that is ahead on a device's own log stops it from sealing another branch`() async throws {
        let team = try RelayTeam()
        try await team.withRelay { url in
            try await team.join(url)
            let (ana, ben) = (team.replicas[0], team.replicas[1])
            _ = try ben.addEvent("York")
            try await team.everybodyExchanges()
            let image = try self.image(of: ben, team)
            let author = ben.author
            _ = try ben.addEvent("Leeds")
            _ = try await team.exchange(ben).push()
            _ = try image.addEvent("Rome")
            _ = try await team.exchange(image).push()
            #expect(image.author != author && ben.author == author)
            try await exchange([ana, ben, image], team)
            for replica in [ben, image] { #expect(try replica.export() == ana.export()) }
            #expect(try ana.log.read { log in try log.logs().allSatisfy { try log.firstFork(of: $0.number) == nil } })
            // Rome bears the old author's number, which Leeds bears, too: two stores wrote at one time.
            #expect(try ana.status().copies.map(\.kind) == [.usedTwice])
        }
    }
}
