import Foundation
import Testing

@Suite struct EventTests {
    @Test func `an event is added, and what was understood is said`() throws {
        let sync = try TestEnvironment.withTeam()
        let ran = try sync.sync(
            "event", "add", "Rally for solidarity", "--type", "rally", "--on", "22 April 2017", "--city", "Leeds", "--count",
            "around 400", "--basis", "eyewitness")
        #expect(ran.exit == 0)
        #expect(ran.err == "")
        let line = try #require(ran.lines.first)
        #expect(line.hasPrefix("Saved "))
        #expect(line.hasSuffix("  Rally for solidarity · Leeds · Sat 22 Apr 2017 · around 400 (eyewitness)"))
    }

    @Test func `a missing year is assumed and said`() throws {
        let sync = try TestEnvironment.withTeam()
        let ran = try sync.sync("event", "add", "Vigil", "--on", "13 April 19h00", "--until", "14 April")
        #expect(ran.out.hasSuffix("Vigil · Thu 13 Apr 2017 19:00 UTC (year assumed)\n"))
        #expect(ran.err == "ends: Fri 14 Apr 2017 (year assumed)\n")
    }

    @Test(arguments: [
        (["event", "add", "x", "--on", "31 April"], "There is no 31 April"),
        (["event", "add", "x", "--on", "30 February 2017"], "There is no 30 February"),
        (["event", "add", "x", "--status", "hold"], "Known are: called, confirmed"),
        (["event", "add", "x", "--geo", "91,0"], "is no position"),
        (["event", "add", "x", "--basis", "press"], "there is no --count"),
        (["event", "add", "x", "--count", "100", "--basis", "rumour"], "Known are: police"),
        (["event", "add", "x", "--link", "https://example.org"], "relation: “https” is not known"),
        (["event", "add", "x", "--organiser", "Amnesty:callr"], "“callr” is not known"),
        (["event", "add", "x", "--visibility", "all"], "Known are: public, team, sealed"),
        (["event", "add", " "], "there is no text"), (["event", "add"], "An event needs a title"),
        (["event", "add", "x", "--colour"], "Unknown option '--colour'"),
    ])
    func `what is wrong is said before the store is touched`(arguments: [String], message: String) throws {
        let sync = try TestEnvironment.withTeam()
        let before = try sync.logBytes()
        let ran = try sync.run(arguments)
        #expect(ran.exit == 2)
        #expect(ran.out == "")
        #expect(ran.err.hasPrefix("sync: ") && ran.err.contains(message), "\(ran.err)")
        #expect(try sync.logBytes() == before)
    }

    @Test func `a title is asked for on a terminal only`() throws {
        let sync = try TestEnvironment.withTeam()
        let asked = try sync.onTerminal("event", "add", "--city", "York", typing: "Vigil\n")
        #expect(asked.exit == 0)
        #expect(asked.out.contains("Title: "))
        #expect(asked.out.contains("  Vigil · York"))
        #expect(try sync.onTerminal("event", "add", "--no-input").exit == 2)
    }

    @Test func `edit adds, takes away and clears`() throws {
        let sync = try TestEnvironment.withTeam()
        let id = try sync.addEvent("Vigil", "--city", "York", "--cause", "peace", "--organiser", "Amnesty:host")
        #expect(try sync.sync("event", "edit", id, "--venue", "Minster", "--add-cause", "solidarity", "--status", "held").exit == 0)
        var shown = try sync.sync("event", "show", id).out
        #expect(shown.contains("place       Minster, York\n"))
        #expect(shown.contains("causes      peace, solidarity\n"))
        #expect(shown.contains("organisers  Amnesty (host)\n"))
        try sync.sync("event", "edit", id, "--remove-cause", "peace", "--clear", "status", "--remove-organiser", "amnesty")
        shown = try sync.sync("event", "show", id).out
        #expect(shown.contains("causes      solidarity\n"))
        #expect(!shown.contains("status") && !shown.contains("Amnesty"))
        let again = try sync.sync("event", "edit", id, "--venue", "Minster")
        #expect(again.exit == 0 && again.out.hasPrefix("Nothing to change"))
    }

    @Test func `an unknown field names the known ones`() throws {
        let sync = try TestEnvironment.withTeam()
        let id = try sync.addEvent("Vigil")
        let before = try sync.logBytes()
        let ran = try sync.sync("event", "edit", id, "--clear", "colour")
        #expect(ran.exit == 2)
        #expect(ran.err.contains("There is no field “colour”") && ran.err.contains("starts, ends, status"))
        #expect(try sync.sync("event", "edit", id, "--clear", "counts").err.contains("retracted one by one"))
        #expect(try sync.sync("event", "edit", id).exit == 2)
        #expect(try sync.logBytes() == before)
    }

    @Test func `what becomes more visible is asked about`() throws {
        let sync = try TestEnvironment.withTeam()
        let id = try sync.addEvent("Vigil")
        #expect(try sync.sync("event", "edit", id, "--visibility", "public").exit == 2)
        #expect(try sync.sync("event", "edit", id, "--visibility", "sealed").exit == 0)
        #expect(try sync.sync("event", "edit", id, "--clear", "visibility").exit == 2)
        #expect(try sync.sync("event", "edit", id, "--visibility", "public", "--yes").exit == 0)
        #expect(try sync.onTerminal("event", "edit", id, "--visibility", "team", typing: "n\n").exit == 0)
    }

    @Test func `counts stand side by side, and the range is derived`() throws {
        let sync = try TestEnvironment.withTeam()
        let id = try sync.addEvent("Protest", "--city", "London", "--venue", "Russian embassy")
        try sync.sync("event", "count", id, "nearly one hundred", "--basis", "eyewitness", "--by", "Ana")
        let ran = try sync.sync("event", "count", id, "hundreds", "--source", "evening paper", "--basis", "press")
        #expect(
            ran.out == """
                \(id)  London, Russian embassy: 2 counts: nearly one hundred (eyewitness, Ana) · hundreds (press)
                        range 100–200 by rule ccc3; no count was overwritten

                """)
        let odd = try sync.sync("event", "count", id, "umpteen")
        #expect(odd.exit == 0)
        #expect(odd.out.contains("range 100–200"))
        #expect(odd.err.contains("No number could be read from “umpteen”. It is kept as it was written"))
        #expect(try sync.sync("event", "count", id, "300", "--stage", "expected").out.contains("range 100–200"))
        #expect(try sync.sync("event", "count", id, "3", "--what", "arrests").out.contains("arrests: 3"))
        #expect(try sync.sync("event", "count", id, "300", "--stage", "hoped").exit == 2)
    }

    @Test func `an entry is retracted by its key`() throws {
        let sync = try TestEnvironment.withTeam()
        let id = try sync.addEvent("Protest", "--count", "hundreds")
        let shown = try sync.sync("event", "show", id).lines
        let key = try #require(shown.first { $0.contains("hundreds") }?.split(separator: " ").dropFirst().first)
        #expect(try sync.sync("event", "retract", id, "zzzzz").exit == 2)
        let ran = try sync.sync("event", "retract", id, String(key), "--reason", "misread")
        #expect(ran.exit == 0 && ran.err.contains("Retracted: hundreds"))
        #expect(try !sync.sync("event", "show", id).out.contains("hundreds"))
    }

    @Test func `rm and restore`() throws {
        let sync = try TestEnvironment.withTeam()
        let id = try sync.addEvent("Vigil")
        #expect(try sync.sync("event", "rm", id).out.hasPrefix("Deleted \(id)  Vigil"))
        #expect(try sync.sync("event", "list").out == "")
        #expect(try sync.sync("event", "show", id).err.contains("It is deleted"))
        #expect(try sync.sync("event", "restore", id).out.hasPrefix("Restored"))
        #expect(try sync.sync("event", "list").out.contains("Vigil"))
        #expect(try sync.sync("event", "restore", id).out.hasPrefix("Nothing to change"))
        #expect(try sync.sync("event", "rm", "zzzzzz").exit == 2)
    }

    @Test func `notes and links`() throws {
        let sync = try TestEnvironment.withTeam()
        let march = try sync.addEvent("March"), vigil = try sync.addEvent("Vigil")
        #expect(try sync.sync("event", "note", march, "Two speakers", "--by", "Ana").exit == 0)
        #expect(try sync.sync("event", "link", vigil, "follows", march).exit == 0)
        #expect(try sync.sync("event", "link", vigil, "likes", march).exit == 2)
        #expect(try sync.sync("event", "show", vigil).out.contains("follows: \(march) March"))
        #expect(try sync.sync("event", "show", march).out.contains("Two speakers (Ana, Sun 23 Apr 2017 12:00 UTC)"))
    }

    @Test func `lists are narrowed and limited`() throws {
        let sync = try TestEnvironment.withTeam()
        for day in 1...5 { _ = try sync.addEvent("Day \(day)", "--on", "\(day) April 2017", "--city", day < 3 ? "York" : "Leeds") }
        let some = try sync.sync("event", "list", "--limit", "2")
        #expect(some.lines.count == 2 && some.lines[0].contains("Day 5"))
        #expect(some.err == "2 of 5; --all shows all.\n")
        #expect(try sync.sync("event", "list", "--limit", "2", "--all").lines.count == 5)
        #expect(try sync.sync("event", "list", "--from", "2 April 2017", "--to", "3 April 2017").lines.count == 2)
        #expect(try sync.sync("event", "list", "--city", "york").lines.count == 2)
        #expect(try sync.sync("event", "list", "--from", "32 April").exit == 2)
        #expect(try sync.sync("event", "list", "--limit", "0").exit == 2)
    }

    @Test func `an ambiguous beginning lists both`() throws {
        let sync = try TestEnvironment.withTeam()
        var seen: [Character: String] = [:]
        for number in 0..<40 {
            let id = try sync.addEvent("Event \(number)")
            guard let first = id.first, let other = seen.updateValue(id, forKey: first) else { continue }
            let before = try sync.logBytes()
            let ran = try sync.sync("event", "show", String(first))
            #expect(ran.exit == 2)
            #expect(ran.err.contains("Several records' ids begin with “\(first)”") && ran.err.contains(id) && ran.err.contains(other))
            #expect(try sync.sync("event", "edit", String(first), "--title", "x").exit == 2)
            #expect(try sync.logBytes() == before)
            return
        }
        Issue.record("32 first characters cannot stand for 40 events")
    }
}
