import Foundation
import Testing

@Suite struct HistoryCommandTests {
    @Test func `a record's edits, the newest first, with what became of them`() throws {
        let devices = try TwoDevices()
        let sync = devices.environment
        let id = try sync.addEvent("Vigil", "--city", "Leeds", "--on", "13 April 2017", "--organiser", "Amnesty:host")
        try sync.sync("event", "edit", id, "--add-organiser", "Red Cross", "--on", "14 April 2017")
        try devices.exchange()
        try sync.sync("event", "edit", id, "--on", "15 April 2017")
        try devices.onPhone("event", "edit", id, "--on", "16 April 2017")
        try devices.exchange()

        let ran = try sync.sync("history", id)
        #expect(ran.exit == 0 && ran.lines[0].hasPrefix("\(id)  Vigil · Leeds · "))
        #expect(ran.lines[1].hasPrefix("23 Apr 12:00"))
        #expect(ran.out.contains("Thu 13 Apr 2017 → Fri 14 Apr 2017"))
        #expect(ran.out.contains("Fri 14 Apr 2017 → Sun 16 Apr 2017") && ran.out.contains("listed as a conflict with laptop"))
        #expect(ran.out.contains("listed as a conflict with phone") && ran.out.contains("; lists show this one"))
        #expect(ran.lines.last { $0.contains("record") }?.contains("created") == true)
        // Two organisers: each has the beginning of its key.
        let role = try #require(ran.lines.first { $0.contains(".role") })
        #expect(role.contains("organisers.") && role.contains("host"))

        let starts = try sync.sync("history", id, "--field", "starts", "--plain")
        #expect(starts.lines.count == 4 && starts.lines.allSatisfy { $0.split(separator: "\t").count == 6 })
        #expect(starts.lines[2].contains("replaced by") && starts.lines[2].contains("laptop"))
        #expect(try sync.sync("history", id, "--field", "organisers.role", "--plain").lines.count == 1)
        #expect(try sync.sync("history", id, "--field", "organisers", "--plain").lines.count == 5)
        #expect(try sync.sync("history", id, "--field", "record", "--plain").lines.count == 1)
        let limited = try sync.sync("history", id, "--limit", "2")
        let all = ran.lines.count - 1
        #expect(limited.lines.count == 3 && limited.err == "2 of \(all) edits; --limit \(all) shows all.\n")
        #expect(try sync.sync("history", id, "--field", "ends").err == "Nobody has edited that.\n")
        for wrong in [["--field", "colour"], ["--limit", "0"]] {
            #expect(try sync.run(["history", id] + wrong).exit == 2, "\(wrong)")
        }
        #expect(try sync.sync("history", "zzzzzz").exit == 2)
    }

    @Test func `for programs each edit is an object`() throws {
        let sync = try TestEnvironment.withTeam()
        let id = try sync.addEvent("Vigil", "--on", "13 April 2017", "--cause", "peace")
        try sync.sync("event", "edit", id, "--on", "14 April 2017", "--remove-cause", "peace")
        let ran = try sync.sync("history", id, "--json")
        let edits = try ran.lines.map { try #require(try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any]) }
        #expect(edits.count == 6 && edits.allSatisfy { $0["type"] as? String == "edit" && $0["schema"] as? Int == 1 })
        let starts = edits.filter { $0["field"] as? String == "starts" }
        #expect(starts.map { $0["fate"] as? String } == ["current", "replaced"])
        #expect(starts[0]["old"] as? [String] == ["Thu 13 Apr 2017"] && starts[0]["new"] as? String == "Fri 14 Apr 2017")
        let by = try #require(starts[1]["by"] as? [[String: Any]])
        #expect(by.map { $0["change"] as? String } == [starts[0]["change"] as? String])
        #expect(edits.first { $0["act"] as? String == "remove" }?["old"] as? [String] == ["peace"])
        #expect(edits.filter { $0["act"] as? String == "create" }.count == 1)
    }

    @Test func `the log names changes as history does`() throws {
        let sync = try TestEnvironment.withTeam()
        let id = try sync.addEvent("Vigil")
        let name = try #require(try sync.sync("log", "--plain").lines.first?.split(separator: "\t").dropFirst().first)
        #expect(name.hasSuffix("/1"))
        #expect(try sync.sync("history", id).out.contains("  \(name)  "))
    }
}
