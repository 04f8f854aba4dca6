import Foundation
import Testing

@Suite struct OutputTests {
    @Test func `JSON is one object a line, with schema and type`() throws {
        let sync = try TestEnvironment.withTeam()
        let saved = try sync.sync("--json", "event", "add", "Vigil \"quoted\"", "--city", "York")
        #expect(saved.err == "")
        let object = try #require(try JSONSerialization.jsonObject(with: Data(saved.out.utf8)) as? [String: Any])
        #expect(object["schema"] as? Int == 1 && object["type"] as? String == "saved")
        for command in [["event", "list"], ["status"], ["log"], ["doctor"], ["search", "vigil"], ["export"]] {
            let ran = try sync.run(command + ["--json"])
            #expect(!ran.lines.isEmpty && ran.err == "" || command == ["export"])
            for line in ran.lines {
                let object = try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
                #expect(object["schema"] as? Int == 1 && object["type"] is String)
            }
        }
        let failed = try sync.sync("event", "show", "zzzzzz", "--json")
        let error = try #require(try JSONSerialization.jsonObject(with: Data(failed.err.utf8)) as? [String: Any])
        #expect(failed.exit == 2 && error["type"] as? String == "error" && error["exit"] as? Int == 2)
        #expect(try sync.sync("status", "--json", "--plain").exit == 2)
    }

    @Test func `plain is tab-separated and whole`() throws {
        let sync = try TestEnvironment.withTeam()
        _ = try sync.addEvent("A long title\twith a tab", "--city", "York")
        sync.variables["COLUMNS"] = "40"
        let line = try #require(try sync.sync("event", "list", "--plain").lines.first)
        #expect(line.split(separator: "\t", omittingEmptySubsequences: false).count == 6)
        #expect(line.hasSuffix("\tno date\tYork\tA long title\\twith a tab\t"))
    }

    @Test(arguments: [40, 60, 100])
    func `lines fit`(columns: Int) throws {
        let sync = try TestEnvironment.withTeam()
        sync.variables["COLUMNS"] = String(columns)
        let id = try sync.addEvent(
            "Rassemblement de solidarité avec la Tchétchénie", "--city", "Saint-Germain-en-Laye", "--on", "13 April 2017 19:00",
            "--count", "several hundred", "--basis", "eyewitness", "--description", String(repeating: "word ", count: 60))
        _ = try sync.addEvent("東京での連帯集会と行進", "--city", "東京", "--on", "22 April 2017")
        for command in [["event", "list"], ["event", "show", id], ["status"], ["event", "edit", id, "--city", "Paris"]] {
            for line in try sync.run(command).lines where !line.contains("/") {
                let width = line.reduce(0) { $0 + ($1.unicodeScalars.first.map { $0.value > 0x2E80 } ?? false ? 2 : 1) }
                #expect(width <= max(columns, 52), "\(line)")
            }
        }
    }

    @Test func `a terminal is not obeyed, and direction is kept`() throws {
        let sync = try TestEnvironment.withTeam()
        _ = try sync.addEvent("evil \u{1b}[2J\u{202e}title")
        _ = try sync.addEvent("שלום")
        let shown = try sync.onTerminal("event", "list", "--color", "never").out
        #expect(!shown.contains("\u{1b}") && !shown.contains("\u{202e}"))
        #expect(shown.contains("evil \\u{1b}[2J\\u{202e}title"))
        #expect(shown.contains("\u{2068}שלום\u{2069}"))
        #expect(try !sync.sync("event", "list").out.contains("\u{2068}"))
    }

    @Test func `colours are asked for`() throws {
        let sync = try TestEnvironment.withTeam()
        _ = try sync.addEvent("Vigil")
        func hasColour(_ arguments: String...) throws -> Bool { try sync.run(["event", "list"] + arguments).out.contains("\u{1b}[") }
        #expect(try !hasColour())
        #expect(try hasColour("--color", "always"))
        sync.variables["CLICOLOR_FORCE"] = "1"
        #expect(try hasColour())
        sync.variables["NO_COLOR"] = "1"
        #expect(try !hasColour())
        #expect(try hasColour("--color", "always"))
        #expect(try sync.sync("event", "list", "--color", "red").exit == 2)
    }

    @Test func `usage errors name the help`() throws {
        let sync = try TestEnvironment.withTeam()
        let ran = try sync.sync("event", "lst")
        #expect(ran.exit == 2)
        #expect(ran.err.hasSuffix(" Nothing was changed.\n See  sync event --help.\n"), "\(ran.err)")
        #expect(try sync.sync("evnt").exit == 2)
        #expect(try sync.sync("--version").out == "sync 0.1.0\n")
    }

    @Test func `help has topics`() throws {
        let sync = try TestEnvironment()
        for topic in ["exit-codes", "environment", "formats", "privacy"] {
            let ran = try sync.sync("help", topic)
            #expect(ran.exit == 0 && ran.lines.count > 5)
        }
        #expect(try sync.sync("help", "environment").out.contains("SYNC_NOW"))
        #expect(try sync.sync("help", "event").out.contains("USAGE: sync event"))
    }

    @Test func `without a command it is what coreutils has, or help on a terminal`() throws {
        let sync = try TestEnvironment()
        let quiet = try sync.sync()
        #expect(quiet.exit == 0 && quiet.out == "" && quiet.err == "")
        let shown = try sync.onTerminal()
        #expect(shown.exit == 0 && shown.out.contains("USAGE: sync"))
    }

    @Test func `a reader that goes away ends it quietly`() throws {
        let sync = try TestEnvironment.withTeam()
        for number in 0..<3 { _ = try sync.addEvent("Event \(number)", "--description", String(repeating: "long ", count: 10_000)) }
        let ran = try sync.shell("\(TestEnvironment.program) event list --json | head -c 10; echo; echo ${PIPESTATUS[0]}")
        #expect(ran.lines.last == "0" && ran.err == "")
    }

    @Test func `interrupted is 130`() throws {
        let sync = try TestEnvironment.withTeam()
        let ran = try sync.shell(
            "sleep 5 | \(TestEnvironment.program) import - --format ndjson & sleep 0.7; kill -INT $!; wait $!; echo $?")
        #expect(ran.lines.last == "130", "\(ran)")
    }

    @Test func `the first help`() throws {
        let sync = try TestEnvironment()
        #expect(try sync.sync("help").out == Self.help)
        #expect(try sync.sync("--help").out == Self.help)
    }

    private static let help = """
        OVERVIEW: Document rallies and petitions together, with or without a network.

        Every device holds everything. Nothing below needs a network unless it says so.
        Every command takes --store, --team, --passphrase-file, --json, --plain, -q,
        -v, --color, --no-input and --yes.
        More:  sync help exit-codes · environment · formats · privacy

        USAGE: sync <subcommand>

        OPTIONS:
          --version               Show the version.
          -h, --help              Show help information.

        RECORDS SUBCOMMANDS:
          event                   Rallies, marches, vigils: add, edit, show, list,
                                  count.
          petition                Petitions: add, edit, show, list, readings, paper
                                  sheets, tally.
          search                  Find records by words in them.
          show                    Show a record of either kind, also as it was.
          history                 Who set what in a record, and what became of it.
          diff                    What became of a record since some time.
          undo                    Take a change back, also one that was sent.
          conflicts               Where people disagree: list, show, resolve.
          duplicates              Two records of one thing: find them, make them one,
                                  tell them apart.

        EXCHANGE (NEEDS A NETWORK) SUBCOMMANDS:
          now                     Pull, then push. Needs the network.
          pull                    Take in what others sent. Needs the network.
          push                    Send what the relay does not have. Needs the network.
          remote                  The relays that this device exchanges with.
          invite                  Offer a place in the team.
          join                    Come into a team, by a code or by a file.
          recover                 Come back into your team with a recovery key.
          watch                   Take in what others send as it comes, until Ctrl-C.
                                  Needs the network.
          serve                   Run a relay. It passes on what teams send, and can
                                  read none of it.

        THE TEAM SUBCOMMANDS:
          devices                 Who is in the team: list, rename, give a role, remove.
          review                  Changes that do not count: list them, and accept
                                  those that should.
          redact                  Take a field's values out of the team's history, for
                                  good. For coordinators.

        FILES SUBCOMMANDS:
          bundle                  Exchange by a file: on a stick, by e-mail, by
                                  Bluetooth.
          import                  Read records from a file, a folder or standard input.
          export                  Write records to a file or to standard output.

        THIS DEVICE SUBCOMMANDS:
          init                    Create the store on this device, and a team.
          status                  What is here, what was not sent, and what needs a
                                  person.
          log                     What was changed, by which device, the newest first.
          passphrase              Seal this store on the disk, or stop doing so.
          unlock                  Ask for the passphrase once, and not again for a
                                  while.
          lock                    Forget the key that  sync unlock  kept.
          key                     This device's public key, and a recovery key for its
                                  person.
          doctor                  Look for what could go wrong: files, database, clock,
                                  disk.
          rebuild                 Make lists and search again from the log.
          backup                  Write a backup. The store may be in use meanwhile.
          restore                 Bring a backup back. Never overwrites a store.
          wipe                    Destroy this device's copy for good: keys first, then
                                  everything.

          See 'sync help <subcommand>' for detailed help.

        """
}
