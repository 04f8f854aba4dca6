import Foundation
import Testing

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
        let options = line.split { " \"[],".contains($0) }.filter { $0.hasPrefix("--") }
        #expect(options.count >= 3)
        for option in options { #expect(help.contains("\(option) ") || help.contains("\(option)\n"), "\(option)") }
    }
}
