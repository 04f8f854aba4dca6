import Foundation
import Testing

@Suite struct UndoCommandTests {
    private func name(_ sync: TestEnvironment) throws -> String {
        String(try #require(try sync.sync("log", "--plain").lines.first?.split(separator: "\t").dropFirst().first))
    }

    @Test func `it says what comes back, and how to do it again`() throws {
        let sync = try TestEnvironment.withTeam()
        let id = try sync.addEvent("Vigil", "--on", "13 April 2017")
        try sync.sync("event", "edit", id, "--on", "14 April 2017", "--add-cause", "peace")
        let change = try name(sync)
        let before = try sync.logBytes()
        let dry = try sync.sync("undo", "--dry-run")
        #expect(dry.exit == 0 && dry.lines[0].hasPrefix("Would undo \(change)  laptop, 23 Apr 12:00"))
        #expect(dry.err == "Nothing was changed.\n")
        #expect(try sync.logBytes() == before)

        let ran = try sync.sync("undo")
        #expect(ran.exit == 0 && ran.lines[0] == "Undid \(change)  laptop, 23 Apr 12:00:")
        #expect(ran.lines[1...] == ["\(id)  Vigil", "  starts  Fri 14 Apr 2017 → Thu 13 Apr 2017", "  causes  - peace"])
        #expect(try sync.sync("event", "show", id).out.contains("Thu 13 Apr 2017"))
        let undone = try name(sync)
        #expect(ran.err == "sync undo \(undone)  takes this back.\n")
        #expect(try sync.sync("history", id).out.contains("undo of \(change)"))

        let again = try sync.sync("undo", undone)
        #expect(again.lines[0].hasSuffix(": done again:"))
        #expect(try sync.sync("event", "show", id).out.contains("Fri 14 Apr 2017"))
        // Back through the edit to the record itself, and then there is nothing left.
        #expect(try sync.sync("undo").exit == 0)
        #expect(try sync.sync("undo").out.contains("record  deleted"))
        #expect(try sync.sync("event", "list").out.isEmpty)
        let nothing = try sync.sync("undo")
        #expect(nothing.exit == 0 && nothing.out.isEmpty && nothing.err == "There is nothing of this device to undo.\n")
    }

    @Test func `what others edited since stays and is named, and alone is refused`() throws {
        let devices = try TwoDevices()
        let sync = devices.environment
        let id = try sync.addEvent("Vigil", "--on", "13 April 2017")
        try sync.sync("event", "edit", id, "--on", "14 April 2017", "--city", "Leeds")
        let change = try name(sync)
        try devices.exchange()
        try devices.onPhone("event", "edit", id, "--on", "15 April 2017")
        try devices.exchange()
        let ran = try devices.onPhone("undo", change)
        #expect(ran.exit == 0 && ran.out.contains("  place  Leeds → (cleared)"))
        #expect(ran.out.contains("! stays as it is: \(id) starts: replaced by phone "))
        let before = try sync.sync("log").out
        try devices.exchange()
        let refused = try sync.sync("undo", change)
        #expect(refused.exit == 2 && refused.err.contains("Nothing of \(change) is left to undo."))
        #expect(refused.err.contains("starts: replaced by phone ") && refused.err.contains("place: replaced by phone "))
        #expect(refused.err.contains("Nothing was changed.") && refused.err.contains("sync history \(id)"))
        #expect(try sync.sync("log").lines.count == before.split(separator: "\n").count + 1)
        for wrong in ["x", "zzzz/1", "\(change)00", "/"] { #expect(try sync.sync("undo", wrong).exit == 2, "\(wrong)") }
    }

    @Test func `what becomes more visible is asked about first`() throws {
        let sync = try TestEnvironment.withTeam()
        let id = try sync.addEvent("Vigil")
        try sync.sync("event", "edit", id, "--visibility", "sealed")
        let refused = try sync.sync("undo")
        #expect(refused.exit == 2 && refused.err.contains("needs a yes"))
        #expect(try sync.sync("event", "show", id).out.contains("sealed"))
        #expect(try sync.sync("undo", "--yes").exit == 0)
        #expect(try !sync.sync("event", "show", id).out.contains("sealed"))
        // The stricter way nobody asks.
        #expect(try sync.sync("undo", name(sync)).exit == 0)
        #expect(try sync.sync("event", "show", id).out.contains("sealed"))
    }

    @Test func `for programs and scripts`() throws {
        let sync = try TestEnvironment.withTeam()
        let id = try sync.addEvent("Vigil")
        try sync.sync("event", "edit", id, "--add-cause", "peace")
        func object(_ ran: TestEnvironment.Ran) throws -> [String: Any] {
            try #require(try JSONSerialization.jsonObject(with: Data(ran.out.utf8)) as? [String: Any])
        }
        #expect(try object(sync.sync("undo", "--dry-run", "--json"))["type"] as? String == "undo_plan")
        let undone = try object(sync.sync("undo", "--json"))
        #expect(undone["type"] as? String == "undone" && undone["again"] as? Bool == false)
        let returned = try #require((undone["returned"] as? [[String: Any]])?.first)
        #expect(returned["field"] as? String == "causes" && returned["what"] as? [String] == ["- peace"])
        #expect((returned["id"] as? String)?.hasPrefix(id) == true && (undone["left"] as? [Any])?.isEmpty == true)
        let change = try #require(undone["change"] as? String)
        let quiet = try sync.sync("undo", change, "-q")
        #expect(quiet.exit == 0 && quiet.err.isEmpty)
        #expect(try quiet.out == "\(name(sync))\n")
        #expect(try sync.sync("undo", "--plain").out.hasSuffix("\tcauses\t- peace\n"))
    }
}
