import Foundation
import Testing

#if canImport(Glibc)
import Glibc
#endif

@Suite struct ServeTLSTests {
    private func must(_ sync: TestEnvironment, _ device: String, _ arguments: String...) throws -> TestEnvironment.Ran {
        let ran = try sync.run(["--store", sync.folder + "/" + device] + arguments)
        guard ran.exit == 0 else { throw TestEnvironment.Failed(what: "\(arguments): exit \(ran.exit): \(ran.err)") }
        return ran
    }

    private func fingerprint(_ relay: RelayProcess) throws -> String {
        let said = try JSONSerialization.jsonObject(with: Data(relay.said.utf8)) as? [String: Any]
        return try #require(said?["fingerprint"] as? String)
    }

    @Test func `two people meet at a relay with a certificate of its own, by a code alone`() throws {
        let sync = try TestEnvironment()
        let relay = try RelayProcess(sync, data: sync.folder + "/relay", options: ["--self-signed"])
        let pin = try fingerprint(relay)
        let url = "https://127.0.0.1:\(relay.port)"
        _ = try must(sync, "ana", "init", "--team", "Solidarity", "--device", "laptop", "--no-passphrase")
        #expect(try must(sync, "ana", "remote", "add", "relay", url, "--fingerprint", pin).err.contains("key " + pin.dropFirst(7).prefix(12)))
        _ = try must(sync, "ana", "event", "add", "Rally", "--on", "22 April 2017")
        let code = try #require(try must(sync, "ana", "invite", "--pre-approved").lines.first)
        _ = try must(sync, "ana", "push")
        _ = try must(sync, "ben", "join", code, "--device", "phone", "--yes")
        #expect(try must(sync, "ben", "event", "list").out.contains("Rally"))
        for command in [["remote", "list"], ["status"]] {
            #expect(try sync.run(["--store", sync.folder + "/ben"] + command).out.contains("key " + pin.dropFirst(7).prefix(12)))
        }
        #expect(try must(sync, "ben", "remote", "list", "--json").out.contains(pin))
    }

    @Test func `another key at a known address is refused, also after SIGHUP brought it`() throws {
        let sync = try TestEnvironment()
        let data = sync.folder + "/relay"
        let log = sync.folder + "/log"
        let other = try RelayProcess(sync, data: sync.folder + "/other", options: ["--self-signed"])
        let relay = try RelayProcess(sync, data: data, log: log, options: ["--self-signed"])
        let (pin, new) = (try fingerprint(relay), try fingerprint(other))
        let url = "https://127.0.0.1:\(relay.port)"
        _ = try must(sync, "ana", "init", "--team", "Solidarity", "--device", "laptop", "--no-passphrase")
        _ = try must(sync, "ana", "remote", "add", "relay", url + "#" + pin)
        _ = try must(sync, "ana", "push")
        let file = data + "/relay-tls.pem"
        try Data(contentsOf: URL(fileURLWithPath: sync.folder + "/other/relay-tls.pem")).write(to: URL(fileURLWithPath: file))
        kill(relay.id, SIGHUP)
        try waitFor(new, in: log)
        let refused = try sync.run(["--store", sync.folder + "/ana", "push"])
        #expect(refused.exit == 7)
        #expect(refused.err.contains("somebody may stand between"))
        #expect(refused.err.contains("Nothing was sent"))
        _ = try must(sync, "ana", "remote", "rm", "relay")
        _ = try must(sync, "ana", "remote", "add", "relay", url, "--fingerprint", new)
        _ = try must(sync, "ana", "push")
        try Data("junk".utf8).write(to: URL(fileURLWithPath: file))
        kill(relay.id, SIGHUP)
        try waitFor("the old one stays", in: log)
        _ = try must(sync, "ana", "push")
    }

    @Test(arguments: [
        ["--listen", "0.0.0.0:0"], ["--certificate", "a.pem"], ["--key", "a.pem"], ["--self-signed", "--plain-http"],
        ["--self-signed", "--certificate", "a.pem", "--key", "a.pem"],
    ])
    func `what would serve others unprotected, or contradicts itself, is not started`(options: [String]) throws {
        let sync = try TestEnvironment()
        let ran = try sync.run(["serve", "--data", sync.folder + "/relay"] + options)
        #expect(ran.exit == 2)
        #expect(!FileManager.default.fileExists(atPath: sync.folder + "/relay"))
    }

    @Test func `a fingerprint that is none is refused`() throws {
        let sync = try TestEnvironment()
        _ = try must(sync, "ana", "init", "--team", "Solidarity", "--device", "laptop", "--no-passphrase")
        let ran = try sync.run(["--store", sync.folder + "/ana", "remote", "add", "relay", "https://relay.example", "--fingerprint", "abc"])
        #expect(ran.exit == 2)
        #expect(ran.err.contains("64 digits"))
    }
}

/// Waits until a file holds a text; half a minute, so that a relay that never says it fails the test and does not hang it.
private func waitFor(_ text: String, in file: String) throws {
    let end = ContinuousClock.now + .seconds(30)
    while try !String(contentsOfFile: file, encoding: .utf8).contains(text) {
        guard ContinuousClock.now < end else { throw TestEnvironment.Failed(what: "the relay does not log: \(text)") }
        usleep(10_000)
    }
}
