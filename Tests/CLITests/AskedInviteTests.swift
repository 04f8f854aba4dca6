import Foundation
import Testing

@testable import sync_cli

/// Invites that ask back, as two people use them.
@Suite struct AskedInviteTests {
    /// A relay, and a coordinator whose store is "ana".
    private struct Setting {
        let environment: TestEnvironment
        let relay: RelayProcess

        init() throws {
            environment = try TestEnvironment()
            relay = try RelayProcess(environment, data: environment.folder + "/relay")
            try must("ana", "init", "--team", "Solidarity", "--device", "Ana's laptop", "--no-passphrase")
            try must("ana", "remote", "add", "relay", "http://127.0.0.1:\(relay.port)")
        }

        func on(_ device: String, _ arguments: String...) throws -> TestEnvironment.Ran {
            try environment.run(["--store", "\(environment.folder)/\(device)"] + arguments)
        }

        @discardableResult
        func must(_ device: String, _ arguments: String...) throws -> TestEnvironment.Ran {
            let ran = try environment.run(["--store", "\(environment.folder)/\(device)"] + arguments)
            guard ran.exit == 0 else { throw TestEnvironment.Failed(what: "\(arguments): exit \(ran.exit): \(ran.err)") }
            return ran
        }

        /// The first line of what was printed.
        func invite(_ options: String...) throws -> String {
            let ran = try environment.run(["--store", "\(environment.folder)/ana", "invite"] + options)
            guard ran.exit == 0, let code = ran.lines.first else { throw TestEnvironment.Failed(what: ran.err) }
            return code
        }

        /// A device asks, and the words that it shows.
        func ask(_ device: String, _ code: String) throws -> String {
            let ran = try must(device, "join", code, "--device", device, "--no-passphrase")
            guard let words = ran.lines.last else { throw TestEnvironment.Failed(what: "no words: \(ran)") }
            return words
        }

        func names() throws -> [String] {
            try must("ana", "devices", "list", "--json").lines.compactMap { line in
                line.split(separator: "\"name\":\"").dropFirst().first?.split(separator: "\"").first.map(String.init)
            }.sorted()
        }
    }

    @Test func `who asks is let in once the words were compared`() throws {
        let team = try Setting()
        try team.must("ana", "event", "add", "Vigil")
        try team.must("ana", "push")
        let code = try team.invite()
        #expect(try team.must("ana", "invite", "answer").err.contains("Nobody has asked"))
        let words = try team.ask("ben", code)
        #expect(words.split(separator: " ").count == 4)
        // The same command goes on with the same question.
        #expect(try team.ask("ben", code) == words)
        #expect(try team.must("ana", "invite", "answer").out.contains(words))
        #expect(try team.must("ana", "now").out.contains("ben asks to be let in"))
        let admitted = try team.must("ana", "invite", "answer", "--words", words.uppercased().replacingOccurrences(of: " ", with: "-"))
        #expect(admitted.out.contains("Let in ben as a volunteer."))
        let joined = try team.must("ben", "join", code, "--device", "ben", "--no-passphrase")
        #expect(joined.err.contains("Ana's laptop has let you into the team Solidarity"))
        #expect(joined.out.contains("Joined Solidarity: 1 record here"))
        #expect(try team.names().count == 2)
        // Nothing of the question is left, and the code is used up.
        #expect(!FileManager.default.fileExists(atPath: team.environment.folder + "/ben/.joining"))
        #expect(try team.on("cem", "join", code).exit == 4)
        #expect(try team.must("ana", "invite", "list").out.isEmpty)
    }

    @Test func `neither a yes nor other words let anybody in`() throws {
        let team = try Setting()
        let code = try team.invite()
        let words = try team.ask("ben", code)
        let yes = try team.on("ana", "invite", "answer", "--yes", "--wait")
        #expect(yes.exit == 2 && yes.err.contains("Words have to be compared"))
        let others = try team.on("ana", "invite", "answer", "--words", String(words.reversed()))
        #expect(others.exit == 7 && others.err.contains("Nobody was let in."))
        // What it says to do next can be done as it stands.
        let invite = try #require(team.must("ana", "invite", "list").out.split(separator: " ").first)
        #expect(others.err.contains("sync invite end \(invite)"))
        #expect(try team.names().count == 1)
        #expect(try team.on("ana", "invite", "answer", "zzzzzz").exit == 2)
    }

    @Test func `who is declined learns it`() throws {
        let team = try Setting()
        let code = try team.invite("--role", "reader")
        _ = try team.ask("ben", code)
        #expect(try team.must("ana", "invite", "answer", "--decline").err.contains("Told ben no."))
        let declined = try team.on("ben", "join", code, "--device", "ben", "--no-passphrase")
        #expect(declined.exit == 4 && declined.err.contains("said no"))
        #expect(!FileManager.default.fileExists(atPath: team.environment.folder + "/ben/.joining"))
        try team.must("ana", "invite", "end", try team.must("ana", "invite", "list").out.split(separator: " ").first.map(String.init) ?? "")
        #expect(try team.on("cem", "join", code, "--device", "cem").exit == 4)
    }

    @Test func `of two who ask by one code the words pick one`() throws {
        let team = try Setting()
        let code = try team.invite()
        let (friend, thief) = (try team.ask("friend", code), try team.ask("thief", code))
        #expect(friend != thief)
        #expect(try team.must("ana", "invite", "answer").lines.count == 2)
        try team.must("ana", "invite", "answer", "--words", friend)
        let taken = try team.on("thief", "join", code, "--no-passphrase")
        #expect(taken.exit == 4 && taken.err.contains("Somebody else was let in"))
        try team.must("friend", "join", code, "--no-passphrase")
    }

    @Test func `two people at two terminals`() throws {
        let team = try Setting()
        let folder = team.environment.folder
        team.environment.variables["NO_COLOR"] = "1"
        let ana = try TerminalSession(team.environment, ["--store", folder + "/ana", "invite"])
        try ana.expect("They type")
        let code = try #require(ana.shown.split(whereSeparator: \.isNewline).first { $0.hasPrefix("SYNC-") }.map(String.init))
        let ben = try TerminalSession(team.environment, ["--store", folder + "/ben", "join", code, "--device", "ben", "--no-passphrase"])
        try ben.expect("Ctrl-C ends the waiting")
        try ana.expect("Are they the same? [y/N]")
        let words = try #require(ana.shown.split(whereSeparator: \.isNewline).map { $0.trimmingCharacters(in: .whitespaces) }.last { line in
            line.split(separator: " ").count == 4 && line.allSatisfy { $0.isLowercase || $0 == " " }
        })
        #expect(ben.shown.contains(words))
        ana.send("y\n")
        #expect(ana.finish() == 0)
        #expect(ben.finish() == 0)
        #expect(ben.shown.contains("Joined Solidarity"))
        #expect(try team.names().count == 2)
    }

    @Test(.enabled(if: (try? QRPicture.requireLibrary()) != nil, "libqrencode is not installed"))
    func `a code is shown as a picture where there is room`() throws {
        let team = try Setting()
        team.environment.variables["COLUMNS"] = "100"
        let shown = try team.environment.run(["--store", team.environment.folder + "/ana", "invite", "--qr", "--color", "never"])
        #expect(shown.lines.filter { $0.contains("█") }.count > 20)
        #expect(!(try team.must("ana", "invite", "--qr", "--json").out.contains("█")))
    }
}
