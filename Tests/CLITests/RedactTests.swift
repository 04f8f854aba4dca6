import Foundation
import Testing

/// `sync redact`, from the command to the relay's files.
@Suite struct RedactTests {
    private static let secret = "Zanzibarquartier"

    private func holds(_ folder: String, _ needle: Data) throws -> [String] {
        let names = try FileManager.default.subpathsOfDirectory(atPath: folder)
        return try names.filter { name in
            var isFolder: ObjCBool = false
            FileManager.default.fileExists(atPath: folder + "/" + name, isDirectory: &isFolder)
            return try !isFolder.boolValue && Data(contentsOf: URL(fileURLWithPath: folder + "/" + name)).range(of: needle) != nil
        }
    }

    @Test func `a name is gone from both stores and the relay, and the note of it stays`() throws {
        let team = try WiredTeam()
        let folder = team.environment.folder
        let id = try team.must("ana", "event", "add", "Vigil for \(Self.secret)", "--on", "2017-04-22", "-q").id
        try team.must("ana", "event", "edit", id, "--title", "Vigil for \(Self.secret), again")
        try team.must("ana", "now")
        try team.must("ben", "now")
        #expect(try team.must("ben", "search", Self.secret).lines.count == 1)
        #expect(try !holds(folder + "/ben", Data(Self.secret.utf8)).isEmpty)
        let redacted = try team.must("ana", "redact", id, "title", "--reason", "names a witness", "--yes")
        #expect(redacted.out.contains("2 values gone from this device"))
        #expect(redacted.err.contains("relay has dropped it"))
        try team.must("ben", "now")
        for device in ["ana", "ben"] {
            let shown = try team.must(device, "event", "show", id)
            #expect(shown.out.contains("redacted by \(WiredTeam.devices[0])") && shown.out.contains("names a witness"))
            #expect(!shown.out.contains(Self.secret) && shown.out.contains("22 Apr 2017"))
            #expect(try team.must(device, "log").out.contains("redacted by"))
            #expect(try team.must(device, "log", "--json").out.contains(#""type":"redaction""#))
            #expect(try team.on(device, ["search", Self.secret]).out.isEmpty)
            #expect(try holds(folder + "/" + device, Data(Self.secret.utf8)).isEmpty)
            #expect(try team.on(device, ["doctor"]).exit == 0)
        }
        #expect(try team.export("ana") == team.export("ben"))
        // A later bundle, and who comes by it.
        try team.must("ana", "bundle", "create", folder + "/all.bundle")
        #expect(try team.must("ben", "bundle", "apply", folder + "/all.bundle").exit == 0)
        let late = try team.must("ana", "invite", "--pre-approved").lines[0]
        try team.must("cem", "join", late, "--yes", "--no-passphrase")
        #expect(try team.export("cem") == team.export("ana"))
        #expect(try team.must("cem", "event", "show", id).out.contains("names a witness"))
    }

    @Test func `what is not meant changes nothing`() throws {
        let sync = try TestEnvironment.withTeam()
        let id = try sync.addEvent("Vigil")
        let before = try sync.logBytes()
        #expect(try sync.sync("redact", id, "colour", "--reason", "x", "--yes").err.contains("There are: "))
        #expect(try sync.sync("redact", id, "title", "--yes").exit == 2)
        #expect(try sync.sync("redact", id, "title", "--reason", " ", "--yes").exit == 2)
        let unasked = try sync.sync("redact", id, "title", "--reason", "x")
        #expect(unasked.exit == 2 && unasked.err.contains("--yes"))
        #expect(try sync.sync("redact", "zzzz", "title", "--reason", "x", "--yes").exit == 2)
        #expect(try sync.logBytes() == before)
        let nothing = try sync.sync("redact", id, "description", "--reason", "x", "--yes")
        #expect(nothing.exit == 2 && nothing.err.contains("no value"))
        #expect(try sync.sync("redact", id, "title", "--reason", "x", "--yes").exit == 0)
    }
}
