import Foundation
import Testing

@testable import SyncCore

/// What `conflicts` shows of a disagreement, and what comes of choices on two devices at once.
@Suite struct ConflictPageTests {
    private let devices: TwoDevices
    private var sync: TestEnvironment { devices.environment }
    private let id: String

    init() throws {
        devices = try TwoDevices()
        id = try devices.environment.addEvent("Rassemblement", "--city", "Paris", "--on", "13 April 2017")
        try devices.exchange()
    }

    private func disagree() throws {
        try sync.sync("event", "edit", id, "--on", "13 April 2017 19:00 Europe/Paris", "--source", "call by 4 organisations")
        try devices.onPhone("event", "edit", id, "--on", "13 April 2017 18:30 Europe/Paris")
        try devices.exchange()
    }

    private func resolve(_ field: String, _ choice: String..., onPhone: Bool = false) throws -> TestEnvironment.Ran {
        let store = onPhone ? ["--store", sync.folder + "/phone"] : []
        return try sync.run(store + ["conflicts", "resolve", id, field] + choice)
    }

    /// The number under which a device lists a value.
    private func number(of text: String, onPhone: Bool = false) throws -> String {
        let shown = try onPhone ? devices.onPhone("conflicts", "show", id) : sync.sync("conflicts", "show", id)
        let line = try #require(shown.lines.first { $0.contains(text) })
        return String(try #require(line.split(separator: " ").first))
    }

    @Test func `each value has its source, what it replaced and the clock of its device`() throws {
        try sync.sync("event", "edit", id, "--on", "13 April 2017 19:00 Europe/Paris", "--source", "call by 4 organisations")
        sync.pass(seconds: 400)
        try devices.onPhone("event", "edit", id, "--on", "14 April 2017")
        try devices.onPhone("event", "edit", id, "--on", "13 April 2017 18:30 Europe/Paris")
        try devices.onPhone("bundle", "create", sync.folder + "/out.bundle")
        sync.pass(seconds: -400)
        #expect(try sync.sync("bundle", "apply", sync.folder + "/out.bundle").exit == 0)
        let shown = try sync.sync("conflicts", "show", id)
        #expect(shown.lines[0] == "\(id)  Rassemblement, Paris: starts")
        let (mine, theirs) = (try #require(shown.lines.first { $0.contains("19:00") }), try #require(shown.lines.first { $0.contains("18:30") }))
        #expect(mine.hasSuffix("laptop, 23 Apr 12:00, instead of Thu 13 Apr 2017, source: call by 4 organisations"))
        #expect(theirs.hasSuffix("phone, 23 Apr 12:06, instead of Fri 14 Apr 2017, no source   (clock at least 6 minutes fast)"))
        let json = try sync.sync("conflicts", "show", id, "--json").out
        #expect(json.contains(#""replaced":["Thu 13 Apr 2017"],"sources":["call by 4 organisations"]"#))
        #expect(json.contains(#""clock":{"at_least_ms":400000,"against":"this device"}"#))
        #expect(try sync.sync("conflicts", "list", "--json").out == json)
        #expect(try sync.sync("devices", "list").out.contains("; clock at least 6 minutes fast"))
        let status = try sync.sync("status")
        #expect(status.out.contains("clock      this device's clock is at least 6 minutes behind that of phone: one of them is wrong. Nothing is merged by it"))
        #expect(status.out.contains("\(id)  Rassemblement: starts"))
        #expect(try sync.sync("status", "--json").out.contains(#""clocks":[{"ahead":"phone","behind":"laptop","at_least_ms":400000"#))
        // The phone follows what it got: the laptop's clock is the slow one to it.
        try devices.exchange()
        #expect(try sync.run(["--store", sync.folder + "/phone", "status"]).exit == 0)
    }

    @Test func `a first value that finds its record by another field replaced nothing`() throws {
        try sync.sync("event", "edit", id, "--until", "13 April 2017 21:00")
        try devices.onPhone("event", "edit", id, "--until", "13 April 2017 22:00")
        try devices.exchange()
        #expect(try sync.sync("conflicts", "show", id).lines[0] == "\(id)  Rassemblement, Paris: ends")
    }

    @Test func `the record is shown whole before a choice and after each, and nothing is saved`() throws {
        try disagree()
        let log = try sync.sync("log").out
        #expect(try resolve("starts", "--take", "1", "--set", "13 April 2017 20:15").err.contains("has no parts"))
        let shown = try sync.sync("conflicts", "show", id, "--record").out
        let parts = shown.components(separatedBy: "After  starts --take ")
        #expect(parts.count == 3 && parts[0].contains("Now, as lists show it"))
        #expect(parts[0].contains("! or ") && !parts[1].contains("! or ") && !parts[2].contains("! or "))
        #expect(parts.allSatisfy { $0.contains("Paris") && $0.contains("call by 4 organisations") })
        #expect(parts[1].contains("19:00") != parts[2].contains("19:00"))
        let tried = try resolve("starts", "--set", "13 April 2017 20:15", "--dry-run")
        #expect(tried.exit == 0 && tried.out.contains("After  starts --set") && tried.out.contains("20:15") && tried.err.contains("Nothing was saved"))
        let json = try resolve("starts", "--take", "1", "--dry-run", "--json").out
        #expect(json.contains(#""type":"now""#) && json.contains(#""type":"after""#) && json.contains(#""take":"1""#))
        for line in json.split(separator: "\n") { #expect(throws: Never.self) { try JSONSerialization.jsonObject(with: Data(line.utf8)) } }
        #expect(try sync.sync("log").out == log)
        let resolved = try resolve("starts", "--take", "1")
        #expect(resolved.out.contains("starts") && resolved.out.contains("call by 4 organisations"), "\(resolved)")
        #expect(try resolve("starts", "--take", "1").exit == 2)
        #expect(resolved.out.components(separatedBy: "Rassemblement").count == 2)
    }

    @Test func `a choice meets an edit that it had not seen, and two devices that then choose the same agree`() throws {
        try disagree()
        try devices.onPhone("event", "edit", id, "--on", "13 April 2017 18:45 Europe/Paris")
        #expect(try resolve("starts", "--take", number(of: "18:30")).exit == 0)
        try devices.exchange()
        #expect(try sync.sync("conflicts", "show", id).lines.count == 3)
        #expect(try resolve("starts", "--take", number(of: "18:45")).exit == 0)
        #expect(try resolve("starts", "--take", number(of: "18:45", onPhone: true), onPhone: true).exit == 0)
        try devices.exchange()
        #expect(try sync.sync("conflicts", "list", "--check").exit == 0 && devices.onPhone("conflicts", "list", "--check").exit == 0)
        #expect(try sync.sync("event", "show", id).out == devices.onPhone("event", "show", id).out)
    }

    @Test func `two that choose differently disagree about these two alone, on both devices`() throws {
        try disagree()
        #expect(try resolve("starts", "--take", number(of: "19:00")).exit == 0)
        #expect(try resolve("starts", "--set", "13 April 2017 20:00 Europe/Paris", onPhone: true).exit == 0)
        try devices.exchange()
        for shown in [try sync.sync("conflicts", "show", id), try devices.onPhone("conflicts", "show", id)] {
            #expect(shown.out.contains("19:00") && shown.out.contains("20:00") && shown.lines.count == 3)
            #expect(shown.lines.dropFirst().allSatisfy { !$0.contains("18:30 Europe") || $0.contains("instead of") })
        }
        #expect(try resolve("starts", "--take", "1").exit == 0)
        try devices.exchange()
        #expect(try devices.onPhone("conflicts", "list", "--check").exit == 0)
    }

    @Test func `an entry that two choose alike is one entry, and one that they choose differently is listed`() throws {
        let record = try devices.phone.read { try $0.find(id) }
        let key = ItemKey(7)
        for (replica, text) in [(devices.laptop, "nearly one hundred"), (devices.phone, "hundreds")] {
            try replica.commit { draft in try draft.enter(record, Field.notes, key: key, .parts((Part.Note.text, .text(text)))) }
        }
        try devices.exchange()
        #expect(try resolve("notes", "--take", "1").exit == 0)
        #expect(try resolve("notes", "--take", "1", onPhone: true).exit == 0)
        try devices.exchange()
        #expect(try sync.sync("conflicts", "list", "--check").exit == 0)
        #expect(try devices.laptop.read { try $0.document(record)?.entries(Field.notes).count } == 1)

        for (replica, text) in [(devices.laptop, "a"), (devices.phone, "b")] {
            try replica.commit { draft in try draft.enter(record, Field.notes, key: ItemKey(8), .parts((Part.Note.text, .text(text)))) }
        }
        try devices.exchange()
        #expect(try resolve("notes", "--take", "1").exit == 0)
        #expect(try resolve("notes", "--take", "2", onPhone: true).exit == 0)
        try devices.exchange()
        #expect(try sync.sync("conflicts", "list").out.contains("2 values") && devices.onPhone("conflicts", "list").out.contains("2 values"))
        #expect(try resolve("notes", "--take", "2").exit == 0)
        try devices.exchange()
        #expect(try devices.onPhone("conflicts", "list", "--check").exit == 0)
        #expect(try devices.phone.read { try $0.document(record)?.entries(Field.notes).count } == 2)
    }

    @Test(arguments: [("keep", "keep", true), ("delete", "delete", false), ("keep", "delete", true)])
    func `a deleted record that two decide about at once is the same on both`(mine: String, theirs: String, stays: Bool) throws {
        try sync.sync("event", "rm", id)
        try devices.onPhone("event", "edit", id, "--city", "Lyon")
        try devices.exchange()
        #expect(try resolve("record", "--take", mine).exit == 0)
        #expect(try resolve("record", "--take", theirs, onPhone: true).exit == 0)
        try devices.exchange()
        for listed in [try sync.sync("event", "list").out, try devices.onPhone("event", "list").out] { #expect(listed.contains("Lyon") == stays) }
        #expect(try sync.sync("conflicts", "list", "--check").exit == 0 && devices.onPhone("conflicts", "list", "--check").exit == 0)
    }

    @Test func `a part of a place is set, and the others stay`() throws {
        try sync.sync("event", "edit", id, "--venue", "Trocadéro")
        try devices.onPhone("event", "edit", id, "--venue", "Parvis", "--street", "Rue 1")
        try devices.exchange()
        #expect(try resolve("place", "--take", number(of: "Parvis"), "--set", "street=; venue=Parvis des droits", "--dry-run").out.contains("Parvis des droits, Paris"))
        #expect(try resolve("place", "--set", "colour=red").err.contains("Parts are: venue, street, locality"))
        #expect(try resolve("place", "--set", "region=Île-de-France").exit == 0)
        let place = try #require(try sync.sync("event", "show", id).lines.first { $0.contains("place") })
        #expect(place.contains("Paris") && place.contains("Île-de-France") && (place.contains("Trocadéro") || place.contains("Parvis")))
        #expect(try sync.sync("conflicts", "list", "--check").exit == 0)
    }

    @Test func `of two descriptions each choice shows one alone`() throws {
        try sync.sync("event", "edit", id, "--description", "Called by four")
        try devices.onPhone("event", "edit", id, "--description", "On the Parvis")
        try devices.exchange()
        let parts = try sync.sync("conflicts", "show", id, "--record").out.components(separatedBy: "After  description")
        #expect(parts.count == 3 && parts[0].contains("! or "))
        for part in parts.dropFirst() { #expect(!part.contains("! or ") && part.contains("Called by four") != part.contains("On the Parvis")) }
    }

    @Test func `a list says that there is more`() throws {
        let ids = try (0..<4).map { try sync.addEvent("Event \($0)", "--on", "1 May 2017") }
        try devices.exchange()
        for (number, id) in ids.enumerated() {
            try sync.sync("event", "edit", id, "--on", "\(number + 2) May 2017")
            try devices.onPhone("event", "edit", id, "--on", "\(number + 12) May 2017")
        }
        try devices.exchange()
        let short = try sync.sync("conflicts", "list", "--limit", "2")
        #expect(short.lines.count == 2 && short.err.contains("2 of 4; --all shows all."))
        #expect(try sync.sync("conflicts", "list", "--limit", "2", "--check").err.contains("4 fields need a person"))
        #expect(try sync.sync("conflicts", "list", "--json").lines.count == 4)
        #expect(try sync.sync("conflicts", "list", "--limit", "0").exit == 2)
        let status = try sync.sync("status").out
        #expect(status.contains("! 4 fields for a person") && status.contains("…"))
        #expect(try sync.sync("status", "--json").out.contains(#""conflicts":4,"disputed_records":4"#))
    }
}
