import Foundation
import Testing

/// Settings of `sync serve` from its options, its environment and its file, as its operator meets them.
@Suite struct ServeConfigTests {
    private static let untouched = "Nothing was started, and nothing was changed."

    @Test func `a relay runs by its file, and what is done beside it too`() throws {
        let sync = try TestEnvironment.withTeam()
        let file = try sync.write(
            """
            {
              "// data": "beside this file",
              "data": "kept", "team-size": "0", "plain-http": true, "open": true
            }
            """, to: "relay.json")
        let relay = try RelayProcess(sync, data: nil, host: "0.0.0.0", options: ["--config", file])
        try sync.sync("remote", "add", "relay", "http://127.0.0.1:\(relay.port)")
        _ = try sync.addEvent("Leeds")
        #expect(try sync.sync("push").err.contains("as much of this team as its operator allows"))

        sync.variables["SYNC_SERVE_CONFIG"] = file
        #expect(try sync.sync("serve", "stats").out.hasPrefix("1 team"))
        #expect(try sync.sync("serve", "backup", sync.folder + "/copy.db").exit == 0)
        #expect(try sync.sync("serve", "token").exit == 0)
        #expect(FileManager.default.fileExists(atPath: sync.folder + "/kept/admissions"))
        let elsewhere = try sync.sync("serve", "stats", "--data", sync.folder + "/other")
        #expect(elsewhere.exit != 0)
    }

    @Test func `check says where each setting comes from`() throws {
        let sync = try TestEnvironment()
        let file = try sync.write(#"{ "teams": 3, "watchers": 3, "self-signed": true }"#, to: "relay.json")
        sync.variables["SYNC_SERVE_WATCHERS"] = "2"
        let arguments = ["serve", "--check", "--config", file, "--listen", "0.0.0.0:0", "--data", sync.folder + "/relay"]
        let ran = try sync.run(arguments)
        #expect(ran.exit == 0, "\(ran)")
        #expect(
            ran.lines.map { $0.split(separator: " ", omittingEmptySubsequences: true).joined(separator: " ") } == [
                "listen 0.0.0.0:0 from --listen", "data \(sync.folder)/relay from --data", "self-signed true from \(file)",
                "teams 3 from \(file)", "watchers 2 from SYNC_SERVE_WATCHERS",
                "It can start: \(sync.folder)/relay and everything else that it needs is there.",
            ])
        let lines = try sync.run(arguments + ["--json"]).lines
        #expect(lines.contains(#"{"schema":1,"type":"setting","name":"teams","value":"3","from":"file","at":"\#(file)"}"#))
        #expect(
            lines.contains(
                #"{"schema":1,"type":"setting","name":"watchers","value":"2","from":"environment","at":"SYNC_SERVE_WATCHERS"}"#))
        #expect(lines.last == #"{"schema":1,"type":"ready","folder":"\#(sync.folder)/relay"}"#)
    }

    @Test(arguments: [
        (#"{ "team_size": "1GB" }"#, "line 1: 'team_size' is no setting of a relay. The nearest one is 'team-size'."),
        ("{\n  \"teams\": 1,\n  \"config\": \"x\"\n}", "line 3: 'config' is no setting of a relay."),
        ("{\n \"teams\": 1,\n \"teams\": 2 }", "line 3, is no JSON: the name 'teams' stands twice"),
        (#"{ "teams": 1, }"#, "line 1, is no JSON"), ("", "is no JSON"), ("\u{FEFF}[]", "holds no settings"),
        (#"{ "certificate": ["a.pem"] }"#, "line 1: 'certificate' takes a text, a number, true or false."),
        (#"{ "teams": true }"#, "teams in FILE takes a whole number from 0 on."),
        (#"{ "teams": 1.5 }"#, "teams in FILE takes a whole number from 0 on."),
        (#"{ "connections": 0 }"#, "connections in FILE takes a whole number from 1 on."),
        (#"{ "team-size": "much" }"#, "team-size in FILE takes a size such as 500MB or 4GB."),
        (#"{ "listen": 7373 }"#, "listen in FILE takes HOST:PORT"),
        (#"{ "operations": "0.0.0.0:7374" }"#, "operations in FILE takes an address that only this machine reaches"),
        (#"{ "self-signed": "perhaps" }"#, "self-signed in FILE takes true or false."),
        (#"{ "key": "a.pem" }"#, "A certificate and its key go together, and there is only key in FILE."),
        (#"{ "self-signed": true, "plain-http": true }"#, "self-signed in FILE and plain-http in FILE say two."),
    ])
    func `a file that is not right is not run by`(text: String, message: String) throws {
        let sync = try TestEnvironment()
        let file = try sync.write(text, to: "relay.json")
        let ran = try sync.sync("serve", "--config", file)
        #expect(ran.exit == 2 && ran.out.isEmpty)
        #expect(ran.err.contains(message.replacing("FILE", with: file)), "\(ran.err)")
        #expect(ran.err.contains(Self.untouched) && ran.err.contains(file))
        #expect(!FileManager.default.fileExists(atPath: sync.folder + "/.local/share/sync-relay"))
    }

    @Test func `an option and a variable that are not right are named`() throws {
        let sync = try TestEnvironment()
        let option = try sync.sync("serve", "--teams", "many")
        #expect(
            option.exit == 2 && option.err.contains("--teams takes a whole number from 0 on.")
                && option.err.contains(Self.untouched))
        sync.variables["SYNC_SERVE_OPEN"] = "maybe"
        let variable = try sync.sync("serve", "--json")
        #expect(variable.exit == 2 && variable.err.contains(#""message":"SYNC_SERVE_OPEN takes true or false.""#))
        #expect(variable.err.contains(#""kind":"usage""#))
        // Halves of a pair from two places are one, and what contradicts itself does so across places that are equally near.
        sync.variables = sync.variables.filter { $0.key != "SYNC_SERVE_OPEN" }
        sync.variables["SYNC_SERVE_KEY"] = "b.pem"
        #expect(try sync.sync("serve").err.contains("there is only SYNC_SERVE_KEY."))
        sync.variables["SYNC_SERVE_PLAIN_HTTP"] = "true"
        #expect(try sync.sync("serve").err.contains("SYNC_SERVE_KEY and SYNC_SERVE_PLAIN_HTTP say two."))
    }

    @Test func `a file that cannot be read is said, and nobody else reads it`() throws {
        let sync = try TestEnvironment.withTeam()
        let missing = sync.folder + "/no.json"
        for ran in [try sync.sync("serve", "--config", missing), try sync.sync("serve", "token", "--config", missing)] {
            #expect(ran.exit == 2)
            #expect(ran.err.contains("The settings cannot be read from \(missing): No such file or directory."))
        }
        #expect(try sync.sync("serve", "--config", sync.folder).err.contains("it is a folder"))
        sync.variables["SYNC_SERVE_CONFIG"] = missing
        #expect(try sync.sync("serve", "stats").exit == 2)
        for command in [["--version"], ["status"], ["event", "list"], ["serve", "--help"]] {
            #expect(try sync.run(command).exit == 0)
        }
    }

    @Test func `a variable that is nearly one is said`() throws {
        let sync = try TestEnvironment()
        sync.variables["SYNC_SERVE_TEAMSIZE"] = "1GB"
        let ran = try sync.sync("serve", "--check")
        #expect(ran.exit == 0)
        #expect(
            ran.err
                == "SYNC_SERVE_TEAMSIZE is no setting of a relay, and was not looked at. The nearest one is SYNC_SERVE_TEAM_SIZE.\n"
        )
    }

    @Test(arguments: ["file", "option", "variable", "older variable", "wrong place"])
    func `a password is never shown`(place: String) throws {
        let sync = try TestEnvironment()
        let url = "postgresql://relay:hunter2@host.invalid/x"
        let log = sync.folder + "/accesses"
        sync.variables["CONFIG_ACCESS_LOG_FILE"] = log
        var arguments = ["serve", "--check"]
        switch place {
        case "file": arguments += ["--config", try sync.write("{ \"postgres\": \"\(url)\" }", to: "relay.json")]
        case "option": arguments += ["--postgres", url]
        case "variable": sync.variables["SYNC_SERVE_POSTGRES"] = url
        case "older variable": sync.variables["SYNC_POSTGRES"] = url
        default: arguments += ["--config", try sync.write("{ \"listen\": \"\(url)\" }", to: "relay.json")]
        }
        for ran in [try sync.run(arguments), try sync.run(arguments + ["--json"])] {
            #expect(ran.exit != 0)
            #expect(!(ran.out + ran.err).contains("hunter2"))
            if place != "wrong place" { #expect(ran.out.contains("postgres") && !ran.out.contains("host.invalid")) }
        }
        let accesses = try String(contentsOfFile: log, encoding: .utf8)
        #expect(place == "wrong place" || accesses.contains("postgres") && !accesses.contains("hunter2"))
    }
}
