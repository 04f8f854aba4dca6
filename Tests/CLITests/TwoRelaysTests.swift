import Foundation
import Testing

@Suite struct TwoRelaysTests {
    private static let lost = "had lost its place: it was wiped, or restored from a backup."

    /// Both keep the same, and whoever comes in through either has what `device` has.
    private static func expectEqual(_ team: TwoRelays, as device: String = "dora") throws {
        #expect(try team.usage(.north) == team.usage(.south))
        let export = try team.export(device)
        #expect(!export.isEmpty)
        for relay in TwoRelays.Name.allCases { #expect(try team.exportOfNewcomer(through: relay) == export, "\(relay)") }
    }

    /// Something of each who has one relay only, which the other does not see.
    private static func addAtEach(_ team: TwoRelays, _ word: String) throws {
        for (device, place) in [("ben", "York"), ("cem", "Rome")] {
            try team.must(device, "event", "add", "\(place) \(word)", "-q")
            try team.must(device, "push")
        }
        try team.must("cem", "pull")
        #expect(!(try team.export("cem").contains("York \(word)")))
    }

    @Test func `pull and then push by a device that has two relays brings to each what the other had`() throws {
        let team = try TwoRelays()
        try team.must("ana", "event", "add", "Leeds", "-q")
        let pushed = try team.must("ana", "push").out
        for relay in TwoRelays.Name.allCases { #expect(pushed.contains("\(team.host(relay)) has everything from this device.")) }
        try Self.addAtEach(team, "rally")
        let pulled = try team.must("dora", "pull").out
        #expect(pulled.contains("2 new events") && pulled.contains("1 new event."))
        let carried = try team.must("dora", "push").out
        for relay in TwoRelays.Name.allCases { #expect(carried.contains("Gave \(team.host(relay)) "), "\(carried)") }
        try Self.expectEqual(team)
        for device in ["ben", "cem"] {
            try team.must(device, "pull")
            #expect(try team.export(device) == team.export("dora"))
        }
    }

    @Test func `one sync now is enough: both are asked before either is given`() throws {
        let team = try TwoRelays()
        try Self.addAtEach(team, "rally")
        try team.must("dora", "event", "add", "Oslo", "-q")
        try team.must("dora", "now")
        try Self.expectEqual(team)
        let again = try team.must("dora", "now").out
        for relay in TwoRelays.Name.allCases { #expect(again.contains("Nothing to send: \(team.host(relay))")) }
    }

    @Test func `while one relay is away the other is served, and gets the rest when it is back`() throws {
        let team = try TwoRelays()
        try Self.addAtEach(team, "rally")
        try team.must("dora", "event", "add", "Oslo", "-q")
        try team.restart(.south) { _ in
            let ran = try team.on("dora", ["now", "--timeout", "5"])
            #expect(ran.exit == 5 && ran.err.contains("\(team.host(.south)) is not reachable"))
            #expect(ran.err.components(separatedBy: "not reachable").count == 2)
            #expect(ran.out.contains("\(team.host(.north)) has everything from this device."))
        }
        try team.must("dora", "now")
        try Self.expectEqual(team)
    }

    @Test(arguments: ["pull", "push", "now"])
    func `a relay that was wiped is filled again from the other, and the command says so`(command: String) throws {
        let team = try TwoRelays()
        try Self.addAtEach(team, "rally")
        try team.must("dora", "now")
        try team.wipe(.south)
        let told = try team.must("dora", command).out
        #expect(told.contains("\(team.host(.south)) \(Self.lost)") && !told.contains("\(team.host(.north)) \(Self.lost)"), "\(told)")
        #expect(told.contains(command == "push" ? "Gave \(team.host(.south))" : "It was given back"), "\(told)")
        try Self.expectEqual(team)
        // Whoever knows the emptied one alone goes on there.
        try team.must("cem", "event", "add", "Lima", "-q")
        try team.must("cem", "now")
        try team.must("dora", "now")
        try Self.expectEqual(team)
        #expect(!(try team.must("dora", command).out.contains(Self.lost)))
    }

    @Test(arguments: ["pull", "push"])
    func `a relay that was restored from a backup gets back what came since`(command: String) throws {
        let team = try TwoRelays()
        let file = team.environment.folder + "/south.backup"
        try Self.addAtEach(team, "rally")
        try team.must("dora", "now")
        try team.backUp(.south, to: file)
        try Self.addAtEach(team, "march")
        try team.must("dora", "event", "add", "Oslo", "-q")
        try team.must("dora", "now")
        try team.restore(.south, from: file)
        #expect(try team.usage(.north) != team.usage(.south))
        let told = try team.must("dora", command).out
        #expect(told.contains("\(team.host(.south)) \(Self.lost)"), "\(told)")
        try Self.expectEqual(team)
    }
}
