import Foundation
import Testing

/// `duplicates list | show | same | different`, and what lists make of records that are one.
@Suite struct DuplicatesTests {
    private let sync: TestEnvironment
    private let ids: [String]
    /// In the order of whole ids.
    private var a: String { ids[0] }
    private var b: String { ids[1] }

    init() throws {
        sync = try .withTeam()
        let environment = sync
        let first = try environment.addEvent("Rally for solidarity", "--on", "22 April 2017", "--city", "Leeds", "--organiser", "Amnesty")
        let second = try environment.addEvent("Solidarity rally", "--on", "22 April 2017", "--city", "Leeds")
        ids = [first, second].sorted()
    }

    @Test func `a suggestion is listed with its reasons, and in status`() throws {
        let list = try sync.sync("duplicates", "list")
        #expect(list.exit == 0 && list.lines.count == 3)
        #expect(list.lines[0].hasPrefix("? \(a)  ") && list.lines[1].hasPrefix("  \(b)  "))
        #expect(list.lines[2].hasSuffix(" of 100: same day, same town, titles alike"), "\(list.lines[2])")
        #expect(list.err.contains("sync duplicates same \(a) \(b)"))
        #expect(try sync.sync("status").out.contains("? 1 possible one: \(a) ~ \(b)  sync duplicates list"))
        let json = try sync.sync("duplicates", "--json")
        #expect(json.lines.count == 1 && json.out.contains("\"type\":\"suggestion\"") && json.out.contains("\"reasons\":[\"same day\""))
        #expect(try sync.sync("status", "--json").out.contains("\"duplicates\":1"))
        #expect(try sync.sync("duplicates", "list", "--plain").out.hasPrefix("suggestion\t\(a)"))
        let shown = try sync.sync("duplicates", "show", a, b)
        #expect(shown.out.contains("starts") && shown.out.contains("the same") && shown.out.contains("Amnesty"))
    }

    @Test func `both ids lead to what is one, and lists show it once`() throws {
        let same = try sync.sync("duplicates", "same", b, a)
        #expect(same.exit == 0 && same.out.hasPrefix("One now: \(a)  "))
        #expect(same.err.contains("! They differ in title:  sync conflicts show \(a)"))
        #expect(try sync.sync("event", "list").lines.count == 1)
        #expect(try sync.sync("export", "--format", "ndjson").lines.count == 1)
        for id in ids {
            let shown = try sync.sync("event", "show", id)
            #expect(shown.lines[0].hasPrefix("\(a)  "))
            #expect(shown.out.contains("same        \(b)"), "\(shown.out)")
        }
        #expect(try sync.sync("conflicts", "list").out.contains("\(a)  title"))
        #expect(try sync.sync("event", "edit", b, "--title", "Rally for solidarity, Leeds").exit == 0)
        #expect(try sync.sync("conflicts", "list", "--check").exit == 0)
        #expect(try sync.sync("event", "count", b, "around 400").exit == 0)
        #expect(try sync.sync("search", "solidarity").lines.count == 1)
        #expect(try sync.sync("history", b).out.contains("Solidarity rally"))
        let list = try sync.sync("duplicates", "list")
        #expect(list.lines[0].hasPrefix("= \(a)  ") && list.lines[1].hasPrefix("  \(a) ~ \(b)  laptop"))
        #expect(try sync.sync("duplicates", "same", a, b).out.hasPrefix("Nothing to change"))
        #expect(try sync.sync("duplicates", "--json").out.contains("\"type\":\"same\""))
        #expect(!(try sync.sync("status").out.contains("duplicates")))
    }

    @Test func `S13 parted, each has its own, and nobody is asked again`() throws {
        try sync.sync("duplicates", "same", a, b)
        try sync.sync("conflicts", "resolve", a, "title", "--set", "The Leeds rally")
        let parted = try sync.sync("duplicates", "different", a, b)
        #expect(parted.exit == 0 && parted.out == "Parted \(a) and \(b): each has what it had.\n")
        #expect(try sync.sync("event", "list").lines.count == 2)
        let own = try ids.map { try sync.sync("event", "show", $0).out }
        #expect(own.allSatisfy { $0.contains("The Leeds rally") })
        #expect(own.count { $0.contains("Amnesty") } == 1)
        #expect(try sync.sync("conflicts", "list", "--check").exit == 0)
        #expect(try sync.sync("duplicates", "list").err.contains("Nothing looks like a duplicate."))
        #expect(try sync.sync("duplicates", "different", b, a).out.hasPrefix("Nothing to change"))
        // Thinking better of it.
        try sync.sync("duplicates", "same", a, b)
        #expect(try sync.sync("event", "list").lines.count == 1)
        try sync.sync("event", "rm", b)
        #expect(try sync.sync("event", "list").lines.isEmpty)
        try sync.sync("event", "restore", b)
        #expect(try sync.sync("event", "list").lines.count == 1)
    }

    @Test func `what cannot be one is refused, and nothing changes`() throws {
        let petition = try sync.addPetition("Save the library")
        let log = try sync.sync("log").out
        for wrong in [[a, petition], [a, a], [a], [a, "zzzzzz"]] {
            let ran = try sync.run(["duplicates", "same"] + wrong)
            #expect(ran.exit == 2 && (ran.err.contains("Nothing was changed.") || wrong.count == 1), "\(ran.err)")
        }
        #expect(try sync.sync("log").out == log)
        let c = try sync.addEvent("Leeds")
        try sync.sync("duplicates", "same", a, b, c)
        let through = try sync.sync("duplicates", "different", b, c)
        #expect(through.exit == 2 && through.err.contains("They are one through other records"))
        #expect(try sync.sync("event", "list").lines.count == 1)
    }

    @Test func `parting asks before a record becomes more visible`() throws {
        #expect(try sync.sync("event", "edit", a, "--visibility", "public", "--yes").exit == 0)
        try sync.sync("duplicates", "same", a, b)
        #expect(!(try sync.sync("event", "show", b).out.contains("public")))
        #expect(try sync.sync("duplicates", "different", a, b, "--no-input").exit == 2)
        #expect(try sync.sync("event", "list").lines.count == 1)
        #expect(try sync.sync("duplicates", "different", a, b, "--yes").exit == 0)
        #expect(try sync.sync("event", "show", a).out.contains("public"))
    }

    @Test func `what is redacted of one is gone from every member`() throws {
        for id in ids { try sync.sync("event", "edit", id, "--description", "Names of \(id).") }
        try sync.sync("duplicates", "same", a, b)
        #expect(try sync.sync("event", "show", a).out.contains("Names of \(b)."))
        #expect(try sync.sync("redact", b, "description", "--reason", "names", "--yes").exit == 0)
        #expect(!(try sync.sync("event", "show", a).out.contains("Names of")))
        #expect(try sync.sync("redact", b, "description", "--reason", "names", "--yes").exit == 2)
        try sync.sync("duplicates", "different", a, b)
        for id in ids { #expect(!(try sync.sync("event", "show", id).out.contains("Names of"))) }
    }

    @Test func `what a bundle brings is asked about at once`() throws {
        let devices = try TwoDevices()
        let here = devices.environment
        let mine = try here.addEvent("Vigil", "--on", "22 April 2017", "--city", "York")
        #expect(try devices.onPhone("event", "add", "Vigil!", "--on", "22 April 2017", "--city", "york").exit == 0)
        let file = here.folder + "/stick"
        #expect(try devices.onPhone("bundle", "create", file).exit == 0)
        let applied = try here.sync("bundle", "apply", file)
        #expect(applied.out.contains("? 1 possible duplicate:  ") && applied.out.contains(mine), "\(applied.out)")
        #expect(!(try here.sync("bundle", "apply", file).out.contains("duplicate")))
    }
}
