import Foundation
import Testing

@Suite struct PetitionTests {
    @Test func `a petition, its goal and its readings`() throws {
        let sync = try TestEnvironment.withTeam()
        let id = try sync.addPetition("Stop the camps", "--platform", "Avaaz", "--goal", "one million", "--state", "open")
        #expect(try sync.sync("petition", "show", id).out.contains("goal        1,000,000 (one million)"))
        let ran = try sync.sync("petition", "reading", id, "2 million", "--as-of", "7 April 2018")
        #expect(ran.exit == 0)
        #expect(ran.err == "as of: Sat 7 Apr 2018\n")
        #expect(ran.out.hasSuffix("Stop the camps · Avaaz · about 2,000,000 signatures\n"))
        // Totals go down: the newest counts.
        #expect(try sync.sync("petition", "reading", id, "1999000", "--as-of", "8 April 2018").out.contains("1,999,000 signatures"))
        let odd = try sync.sync("petition", "reading", id, "very many")
        #expect(odd.exit == 0 && odd.err.contains("No number could be read from “very many”"))
        #expect(try sync.sync("petition", "list").out.contains("Stop the camps"))
    }

    @Test(arguments: [
        ["petition", "add"], ["petition", "add", "x", "--goal", "lots"], ["petition", "add", "x", "--closes", "31 June 2017"],
        ["petition", "edit", "ID", "--state", "done"], ["petition", "reading", "ID", "5", "--channel", "onlin"],
        ["petition", "reading", "ID", "5", "--as-of", "30 February"], ["petition", "reading", "ID", "5", "--exactness", "roughly"],
        ["petition", "batch", "add", "ID"], ["petition", "batch", "add", "ID", "--lines", "5", "--valid", "6"],
        ["petition", "batch", "add", "ID", "--serials", "20-1", "--lines", "5"], ["petition", "batch", "void", "ID", "zzzz"],
        ["petition", "tally", "ID"], ["petition", "tally", "ID", "+x"], ["petition", "tally", "ID", "--close"],
        ["petition", "tally", "ID", "--minus", "1"], ["petition", "milestone", "ID", "party"], ["petition", "show", "EVENT"],
        ["event", "show", "ID"], ["petition", "retract", "ID", "zz"],
    ])
    func `what is wrong changes nothing`(arguments: [String]) throws {
        let sync = try TestEnvironment.withTeam()
        let id = try sync.addPetition("Stop the camps"), event = try sync.addEvent("Vigil")
        let before = try sync.logBytes()
        let ran = try sync.run(arguments.map { $0 == "ID" ? id : $0 == "EVENT" ? event : $0 })
        #expect(ran.exit == 2, "\(ran)")
        #expect(ran.out == "" && ran.err.hasPrefix("sync: "))
        #expect(try sync.logBytes() == before)
    }

    @Test func `paper sheets are counted once, and may double-count online`() throws {
        let sync = try TestEnvironment.withTeam()
        let id = try sync.addPetition("Stop the camps", "--platform", "Avaaz")
        try sync.sync("petition", "reading", id, "1000")
        try sync.sync("petition", "batch", "add", id, "--serials", "1-20", "--lines", "200", "--void", "13", "--on", "22 April 2017")
        try sync.sync("petition", "batch", "add", id, "--serials", "1-20", "--lines", "200", "--void", "13", "--on", "22 April 2017")
        var shown = try sync.sync("petition", "show", id).out
        #expect(shown.contains("paper  187  counted in batches"))
        #expect(shown.contains("together  1,187"))
        #expect(shown.contains("! may double-count online and paper"))
        let key = try #require(shown.split(separator: "\n").first { $0.contains("serials 1–20") }?.split(separator: " ").dropFirst().first)
        #expect(try sync.sync("petition", "batch", "void", id, String(key)).exit == 0)
        shown = try sync.sync("petition", "show", id).out
        #expect(!shown.contains("together") && shown.contains("void"))
    }

    @Test func `a tally is closed into a batch`() throws {
        let sync = try TestEnvironment.withTeam()
        let id = try sync.addPetition("Stop the camps")
        #expect(try sync.sync("petition", "tally", id, "+12").err.contains("The tally stands at 12."))
        #expect(try sync.sync("petition", "tally", id, "--minus", "2").err.contains("The tally stands at 10."))
        #expect(try sync.sync("petition", "show", id).out.contains("not in the total until it is closed"))
        #expect(try sync.sync("petition", "tally", id, "--close", "--place", "Market").err.contains("The tally of 10 is a paper batch"))
        #expect(try sync.sync("petition", "show", id).out.contains("10 valid of 10 lines, Sun 23 Apr 2017, Market, counted"))
        #expect(try sync.sync("petition", "tally", id, "5").err.contains("The tally stands at 5."))
    }

    @Test func `milestones, notes and links`() throws {
        let sync = try TestEnvironment.withTeam()
        let id = try sync.addPetition("Stop the camps"), event = try sync.addEvent("Delivery")
        let ran = try sync.sync(
            "petition", "milestone", id, "delivered", "--on", "7 April 2018", "--count", "2 million", "--event", event, "--to", "embassy")
        #expect(ran.exit == 0)
        #expect(try sync.sync("petition", "link", id, "follows", event).exit == 0)
        #expect(try sync.sync("petition", "note", id, "In boxes").exit == 0)
        let shown = try sync.sync("petition", "show", id).out
        #expect(shown.contains("delivered · Sat 7 Apr 2018 · to embassy · 2,000,000 signatures"))
        #expect(shown.contains("follows: \(event) Delivery"))
        #expect(try sync.sync("petition", "rm", id).exit == 0)
        #expect(try sync.sync("petition", "restore", id).exit == 0)
    }
}
