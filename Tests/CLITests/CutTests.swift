import Foundation
import Testing

#if canImport(Glibc)
import Glibc
#endif

/// The wire is cut, or the relay killed, in the middle of an exchange: the same command again ends it, nothing lost, nothing twice.
@Suite(.serialized) struct CutTests {
    /// Where the wire is cut, in tenths of what passes when it is not.
    private static let tenths = Array(0..<10)

    /// `count` records that do not compress to nothing.
    private static func records(_ count: Int, _ batch: Int, descriptionBytes: Int = 120) -> String {
        var generator = SystemRandomNumberGenerator()
        return (0..<count).map { number in
            let text = (0..<(descriptionBytes / 10)).map { _ in String(generator.next() & 0xff_ffff_ffff, radix: 36) }.joined(separator: " ")
            return #"{"schema":1,"type":"event","code":"\#(batch)-\#(number)","title":"Rally \#(number)","description":"\#(text)"}"# + "\n"
        }.joined()
    }

    private static func add(_ count: Int, _ batch: Int, on device: String, of team: WiredTeam, descriptionBytes: Int = 120) throws {
        let path = try team.environment.write(records(count, batch, descriptionBytes: descriptionBytes), to: "records.ndjson")
        try team.must(device, "import", path, "-q")
    }

    /// Of a database with its write-ahead log.
    private static func bytes(_ path: String) -> Int {
        [path, path + "-wal"].reduce(0) { sum, path in
            let attributes = try? FileManager.default.attributesOfItem(atPath: path)
            return sum + ((attributes?[.size] as? NSNumber)?.intValue ?? 0)
        }
    }

    private static func expectSafe(_ ran: TestEnvironment.Ran, _ what: String) {
        #expect(ran.exit == 5, "\(what): \(ran)")
        #expect(ran.err.contains("safe here") || ran.err.contains("Nothing is lost"), "\(what): \(ran.err)")
    }

    private static func expectEqual(_ team: WiredTeam, _ what: String) throws {
        let (ana, ben) = (try team.export("ana"), try team.export("ben"))
        #expect(ana == ben, "\(what)")
        #expect(try team.changes("ana") == team.changes("ben"), "\(what)")
        #expect(try team.must("ana", "push").out.contains("Nothing to send"), "\(what)")
    }

    @Test(arguments: [Wire.Way.toRelay, .fromRelay]) func `a push that is cut anywhere`(way: Wire.Way) throws {
        let team = try WiredTeam()
        try Self.add(20, 0, on: "ana", of: team)
        let whole = try team.wire.bytes(way) { try team.must("ana", "push") }
        try team.must("ben", "pull")
        var cuts = 0
        for tenth in Self.tenths {
            try Self.add(20, 1 + tenth, on: "ana", of: team)
            team.wire.cut(way, after: whole * tenth / 10 + 1)
            let first = try team.on("ana", ["push"])
            guard team.wire.mend() else { continue }
            cuts += 1
            Self.expectSafe(first, "cut at \(tenth)/10")
            try team.must("ana", "push")
            try team.must("ben", "pull")
            try Self.expectEqual(team, "cut at \(tenth)/10")
        }
        #expect(cuts >= 9)
    }

    @Test func `a pull that is cut anywhere`() throws {
        let team = try WiredTeam()
        try Self.add(20, 0, on: "ana", of: team)
        try team.must("ana", "push")
        let whole = try team.wire.bytes(.fromRelay) { try team.must("ben", "pull") }
        var cuts = 0
        for tenth in Self.tenths {
            try Self.add(20, 1 + tenth, on: "ana", of: team)
            try team.must("ana", "push")
            team.wire.cut(.fromRelay, after: whole * tenth / 10 + 1)
            let first = try team.on("ben", ["pull"])
            guard team.wire.mend() else { continue }
            cuts += 1
            Self.expectSafe(first, "cut at \(tenth)/10")
            try team.must("ben", "pull")
            try Self.expectEqual(team, "cut at \(tenth)/10")
        }
        #expect(cuts >= 9)
    }

    @Test func `what had arrived before the cut is not fetched again`() throws {
        let team = try WiredTeam()
        // A frame ends where a push ended, or past a megabyte.
        for batch in 0..<3 {
            try Self.add(400, batch, on: "ana", of: team, descriptionBytes: 3000)
            try team.must("ana", "push")
        }
        // An HTTP client may let go of what it was given and had not handed on when a connection ends: it gets the time.
        let store = team.environment.folder + "/ben/log.db"
        let size = Self.bytes(store)
        team.wire.cut(.fromRelay, after: 1_800_000) {
            for _ in 0..<30_000 where Self.bytes(store) < size + 1_000_000 { usleep(1000) }
        }
        var first: TestEnvironment.Ran?
        let before = try team.wire.bytes(.fromRelay) { first = try team.on("ben", ["pull"]) }
        try #require(team.wire.mend())
        #expect(first?.exit == 5 && first?.err.contains("What had arrived whole is kept.") == true)
        let kept = try team.must("ben", "event", "list", "--all", "--json").lines.count
        #expect(kept > 0 && kept < 1200)
        let after = try team.wire.bytes(.fromRelay) { try team.must("ben", "pull") }
        print("a pull cut at \(before) bytes had kept \(kept) of 1200 records; the next fetched \(after) bytes")
        #expect(after < before)
        try Self.expectEqual(team, "many frames")
    }

    @Test func `a relay that is killed in the middle of a push`() throws {
        let team = try WiredTeam()
        try Self.add(20, 0, on: "ana", of: team)
        var answers = 0
        let whole = try team.wire.bytes(.toRelay) {
            answers = try team.wire.bytes(.fromRelay) { try team.must("ana", "push") }
        }
        try team.must("ben", "pull")
        var (kills, generator) = (0, SystemRandomNumberGenerator())
        for number in 0..<20 {
            try Self.add(20, 1 + number, on: "ana", of: team)
            let kill = team.relayKiller()
            // The fault itself, not a wait: the relay dies while it reads, checks, writes or answers.
            let delay = UInt32.random(in: 0...4000, using: &generator)
            let (way, all): (Wire.Way, Int) = number % 2 == 0 ? (.toRelay, whole) : (.fromRelay, answers)
            team.wire.cut(way, after: all - all * (1 + number / 2 % 5) / 12) {
                usleep(delay)
                kill()
            }
            let first = try team.on("ana", ["push"])
            guard team.wire.mend() else { continue }
            kills += 1
            Self.expectSafe(first, "kill \(number)")
            try team.restartRelay()
            try team.must("ana", "push")
            try team.must("ben", "pull")
            try Self.expectEqual(team, "kill \(number)")
        }
        print("the relay was killed in \(kills) of 20 pushes; each push was finished by repeating it")
        #expect(kills >= 15)
    }
}
