import Foundation
import SyncCore
import Testing

@Suite struct TextEditingTests {
    @Test func `two people edit one description, and both edits stand`() throws {
        let devices = try TwoDevices()
        let sync = devices.environment
        let id = try sync.addEvent("Vigil", "--description", "Around 50 people came. Police watched.")
        try devices.exchange()
        try sync.sync("event", "edit", id, "--description", "Around 60 people came. Police watched.")
        try devices.onPhone("event", "edit", id, "--description", "Around 50 people came. Police watched, and left.")
        try devices.exchange()
        #expect(try sync.sync("event", "show", id).out.contains("Around 60 people came. Police watched, and left."))
        #expect(try sync.sync("conflicts", "list", "--check").exit == 0)

        try sync.sync("event", "edit", id, "--description", "Around 65 people came. Police watched, and left.")
        try devices.onPhone("event", "edit", id, "--description", "Around 70 people came. Police watched, and left.")
        try devices.exchange()
        let shown = try sync.sync("conflicts", "show", id)
        #expect(shown.out.contains("both together") && shown.out.contains("laptop") && shown.out.contains("phone"), "\(shown)")
        let number = try #require(shown.lines.first { $0.contains("Around 70 people") && !$0.contains("65") }?.split(separator: " ").first)
        #expect(try sync.run(["conflicts", "resolve", id, "description", "--take", String(number)]).exit == 0)
        #expect(try sync.sync("event", "show", id).out.contains("Around 70 people came. Police watched, and left."))
        #expect(try sync.sync("conflicts", "list", "--check").exit == 0)
    }

    /// An editor that does what a script says to the file that it is given.
    private func editor(_ script: String, in sync: TestEnvironment) throws -> String {
        let path = sync.folder + "/editor.sh"
        try "#!/bin/sh\n\(script)\n".write(toFile: path, atomically: true, encoding: .utf8)
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: path)
        return path
    }

    @Test func `a description is written in one's own editor`() throws {
        let sync = try TestEnvironment.withTeam()
        let id = try sync.addEvent("Vigil", "--description", "Around 50 people came.")
        let seen = sync.folder + "/seen"
        let path = try editor("stat -c %A \"$(dirname \"$1\")\" > \(seen); echo \"$1\" >> \(seen); sed -i 's/50/60/' \"$1\"; echo swap > \"$1.swp\"", in: sync)
        sync.variables["EDITOR"] = path
        let saved = try sync.sync("event", "edit", id, "--editor")
        #expect(saved.exit == 0, "\(saved)")
        #expect(try sync.sync("event", "show", id).out.contains("Around 60 people came."))
        let lines = try String(contentsOfFile: seen, encoding: .utf8).split(separator: "\n")
        #expect(lines[0] == "drwx------")
        // Nothing is left of the file, nor of what the editor put beside it.
        #expect(!FileManager.default.fileExists(atPath: (String(lines[1]) as NSString).deletingLastPathComponent))

        let before = try sync.sync("log").out
        for (script, exit, words) in [("exit 3", Int32(1), "ended with 3"), ("exit 127", 2, "cannot be started"), ("printf '\\377' > \"$1\"", 2, "no text")] {
            sync.variables["EDITOR"] = try editor(script, in: sync)
            let failed = try sync.sync("event", "edit", id, "--editor")
            #expect(failed.exit == exit && failed.err.contains(words), "\(failed)")
        }
        let nobody = try sync.sync("event", "edit", id, "--editor", "--no-input")
        #expect(nobody.exit == 2 && nobody.err.contains("--description"))
        sync.variables["VISUAL"] = "true"
        let unchanged = try sync.sync("event", "edit", id, "--editor")
        #expect(unchanged.exit == 0)
        #expect(try sync.sync("log").out == before)
    }
}
