import Foundation
import SyncCore
import Testing

@Suite struct ConflictTests {
    @Test func `a disagreement is listed, shown and resolved`() throws {
        let devices = try TwoDevices()
        let sync = devices.environment
        let id = try sync.addEvent("Rassemblement", "--city", "Paris", "--on", "13 April 2017")
        try devices.exchange()
        try sync.sync("event", "edit", id, "--on", "13 April 2017 19:00 Europe/Paris")
        try devices.onPhone("event", "edit", id, "--on", "13 April 2017 18:30 Europe/Paris")
        try devices.exchange()

        #expect(try sync.sync("status").out.contains("! 1 field for a person"))
        #expect(try sync.sync("event", "list").out.contains("\(id)  !  Thu 13 Apr 2017"))
        let list = try sync.sync("conflicts", "list")
        #expect(list.exit == 0 && list.out.contains("\(id)  starts  2 values  Rassemblement"))
        let check = try sync.sync("conflicts", "list", "--check")
        #expect(check.exit == 3 && check.err.contains("1 field needs a person"))

        let shown = try sync.sync("conflicts", "show", id)
        #expect(shown.lines[0] == "\(id)  Rassemblement, Paris: starts (was: Thu 13 Apr 2017)")
        #expect(shown.out.contains("laptop, 23 Apr 12:00") && shown.out.contains("phone, 23 Apr 12:00"))
        #expect(shown.err.contains("Both are kept.   sync conflicts resolve \(id) starts --take 1"))

        let before = try sync.sync("log").out
        for wrong in [["starts"], ["starts", "--take", "3"], ["ends", "--take", "1"], ["colour", "--take", "1"], ["starts", "--set", "31 April"]] {
            #expect(try sync.run(["conflicts", "resolve", id] + wrong).exit == 2, "\(wrong)")
        }
        #expect(try sync.sync("log").out == before)

        let second = try #require(shown.lines.first { $0.hasPrefix("  2") })
        #expect(try sync.sync("conflicts", "resolve", id, "starts", "--take", "2").out.hasPrefix("Resolved \(id)"))
        let chosen = second.contains("18:30") ? "18:30" : "19:00"
        #expect(try sync.sync("event", "show", id).out.contains("Thu 13 Apr 2017 \(chosen)"))
        #expect(try sync.sync("conflicts", "list", "--check").exit == 0)
        try devices.exchange()
        let there = try devices.onPhone("conflicts", "list")
        #expect(there.err == "No conflicts.\n", "\(there)")
    }

    @Test(arguments: [("keep", true), ("delete", false)])
    func `a record that was deleted and edited`(choice: String, stays: Bool) throws {
        let devices = try TwoDevices()
        let sync = devices.environment
        let id = try sync.addEvent("Vigil")
        try devices.exchange()
        try sync.sync("event", "rm", id)
        try devices.onPhone("event", "edit", id, "--city", "York")
        try devices.exchange()
        let shown = try sync.sync("conflicts", "show", id)
        #expect(shown.out.contains("Vigil, York: record (deleted by one, edited by another)"))
        #expect(shown.out.contains("deleted  laptop") && shown.out.contains("edited   phone"))
        #expect(try sync.sync("event", "list").out.contains("\(id)  !  no date"))
        #expect(try sync.sync("event", "show", id).err.contains("sync conflicts show \(id)"))
        #expect(try sync.sync("conflicts", "resolve", id, "record", "--take", "1").exit == 2)
        #expect(try sync.sync("conflicts", "resolve", id, "record", "--take", choice).exit == 0)
        #expect(try sync.sync("conflicts", "list", "--check").exit == 0)
        #expect(try sync.sync("event", "list").out.contains("Vigil") == stays)
    }

    @Test func `an item's field is named by its map`() throws {
        let devices = try TwoDevices()
        let sync = devices.environment
        let id = try sync.addEvent("Vigil")
        try devices.exchange()
        try sync.sync("event", "edit", id, "--organiser", "Amnesty:host")
        try devices.onPhone("event", "edit", id, "--organiser", "Amnesty:caller")
        try devices.exchange()
        let list = try sync.sync("conflicts", "list").out
        #expect(list.contains("organisers.role of Amnesty"))
        #expect(try sync.sync("conflicts", "resolve", id, "organisers.role", "--set", "partner").exit == 0)
        #expect(try sync.sync("event", "show", id).out.contains("Amnesty (partner)"))
        #expect(try sync.sync("conflicts", "list", "--check").exit == 0)
    }

    @Test func `items of one map are told apart by what people know them by, and by their keys`() throws {
        let devices = try TwoDevices()
        let sync = devices.environment
        let id = try sync.addEvent("Vigil")
        try devices.exchange()
        try sync.sync("event", "edit", id, "--organiser", "Amnesty:host", "--organiser", "Choir:host")
        try devices.onPhone("event", "edit", id, "--organiser", "Amnesty:caller", "--organiser", "Choir:caller")
        try devices.exchange()
        let shown = try sync.sync("conflicts", "show", id)
        let commands = shown.err.split(separator: "\n").compactMap { $0.split(separator: "resolve ").last?.split(separator: " ") }
        #expect(shown.out.contains("Vigil: organisers.role of Amnesty") && shown.out.contains("Vigil: organisers.role of Choir"))
        #expect(commands.count == 2 && commands[0][1] != commands[1][1])
        #expect(try sync.sync("conflicts", "resolve", id, "organisers.role", "--take", "1").err.contains("several places"))
        for command in commands { #expect(try sync.run(["conflicts", "resolve"] + command.map(String.init)).exit == 0, "\(command)") }
        #expect(try sync.sync("conflicts", "list", "--check").exit == 0)
        // Of an item that was taken out and edited, too.
        try devices.exchange()
        try sync.sync("event", "edit", id, "--remove-organiser", "Choir")
        try devices.onPhone("event", "edit", id, "--organiser", "Choir:partner")
        try devices.exchange()
        #expect(try sync.sync("conflicts", "show", id).out.contains("organisers of Choir (deleted by one, edited by another)"))
        #expect(try sync.sync("conflicts", "resolve", id, "organisers", "--take", "delete").out.contains("Amnesty"))
        #expect(try !sync.sync("event", "show", id).out.contains("Choir"))
    }
}
