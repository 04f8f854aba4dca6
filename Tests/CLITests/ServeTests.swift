import Foundation
import Testing

@testable import sync_cli

@Suite struct ServeTests {
    #if PostgreSQL
        @Test(arguments: ["mysql://relay:hunter2@host/x", "postgresql://relay:hunter2%zz@host/x"])
        func whatIsNoAddressOfADatabaseIsRefusedWithoutRepeatingIt(_ url: String) throws {
            let sync = try TestEnvironment()
            for ran in [try sync.sync("serve", "--postgres", url), try sync.sync("serve", "--postgres", url, "--json")] {
                #expect(ran.exit == 2)
                #expect(ran.err.contains("no PostgreSQL URL"))
                #expect(!(ran.out + ran.err).contains("hunter2"))
            }
        }
    #else
        @Test func aBuildWithoutPostgreSQLSaysHowToBuildOneWithIt() throws {
            let sync = try TestEnvironment()
            let url = "postgresql://relay:hunter2@host/x"
            let named = try sync.sync("serve", "--postgres", url)
            sync.variables["SYNC_POSTGRES"] = url
            for ran in [named, try sync.sync("serve")] {
                #expect(ran.exit == 2)
                #expect(ran.err.contains("--traits PostgreSQL"))
                #expect(!(ran.out + ran.err).contains("hunter2"))
            }
        }
    #endif

    /// Relative to this file; what is run there is not run here.
    private static let deploy = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appendingPathComponent("deploy")

    @Test(arguments: ["sync-relay.service", "Containerfile"])
    func `what deploy starts is what the program has`(name: String) throws {
        let text = try String(contentsOf: Self.deploy.appendingPathComponent(name), encoding: .utf8)
        let help = try TestEnvironment().sync("serve", "--help").out
        let line = try #require(text.split(separator: "\n").first { $0.hasPrefix("ExecStart=") || $0.hasPrefix("CMD") })
        let words = line.split { " \"[],=".contains($0) }
        #expect(words.contains("serve"))
        for option in words where option.hasPrefix("--") { #expect(help.contains("\(option) "), "\(option)") }
        #expect(text.contains("/etc/sync/relay.json"))
        for variable in text.split(whereSeparator: { !$0.isUppercase && $0 != "_" }) where variable.hasPrefix("SYNC_SERVE_") {
            #expect(variable == "SYNC_SERVE_CONFIG" || ServeSetting.allCases.contains { $0.variable == variable }, "\(variable)")
        }
    }

    @Test(arguments: ["relay.json", "relay-in-container.json"])
    func `a relay could start by the settings in deploy`(name: String) throws {
        let sync = try TestEnvironment()
        let file = Self.deploy.appendingPathComponent(name).path
        let ran = try sync.sync("serve", "--check", "--config", file, "--data", sync.folder + "/relay", "--plain")
        #expect(ran.exit == 0 && ran.err.isEmpty, "\(ran)")
        #expect(ran.out.contains("self-signed\ttrue\tfrom \(file)\n"))
        #expect(ran.out.contains("operations\t127.0.0.1:7374\tfrom \(file)\n"))
    }
}
