import Foundation
import Testing

@testable import sync_cli

@Suite struct AdmissionTests {
    /// A relay that others could reach, and that takes nobody by itself.
    private static func closed(_ environment: TestEnvironment) throws -> RelayProcess {
        try RelayProcess(environment, data: environment.folder + "/relay", host: "0.0.0.0", options: ["--plain-http"])
    }

    @Test func `a closed relay takes a team by a token that its operator made while it ran, once`() throws {
        let environment = try TestEnvironment.withTeam()
        let relay = try Self.closed(environment)
        let url = "http://127.0.0.1:\(relay.port)"
        _ = try environment.addEvent("Leeds")
        try environment.sync("remote", "add", "relay", url)
        let refused = try environment.sync("push")
        #expect(refused.exit == 6 && refused.err.contains("--admission TOKEN"))
        try environment.sync("remote", "rm", "relay")

        let made = try environment.sync("serve", "token", "--data", environment.folder + "/relay")
        let token = try #require(made.lines.first)
        #expect(made.exit == 0 && token.hasPrefix("sync-admission-") && made.err.contains("One team"))
        #expect(try environment.sync("remote", "add", "relay", url, "--admission", token).exit == 0)
        #expect(try environment.sync("push").exit == 0)

        // Used up; and what failed changed nothing.
        let other = ["--store", environment.folder + "/other"]
        _ = try environment.run(other + ["init", "--team", "Another", "--device", "b", "--no-passphrase"])
        let again = try environment.run(other + ["remote", "add", "relay", url, "--admission", token])
        #expect(again.exit == 6)
        #expect(try environment.run(other + ["remote", "list"]).out.isEmpty)
        let wrong = try environment.run(other + ["remote", "add", "relay", url, "--admission", "no token\r\nX: y"])
        #expect(wrong.exit == 2)
    }

    @Test func `limits are given as people write them`() {
        #expect(ByteSize("4GB")?.bytes == 4 << 30)
        #expect(ByteSize("500 mb")?.bytes == 500 << 20)
        #expect(ByteSize("12")?.bytes == 12)
        for wrong in ["", "GB", "4XB", "-1", "99999999999999999TB", "1.5GB"] { #expect(ByteSize(wrong) == nil, "\(wrong)") }
        #expect(ByteSize(bytes: 4 << 30).description == "4GB")
    }

    @Test func `a relay's limits hold, and say so`() throws {
        let environment = try TestEnvironment.withTeam()
        let relay = try RelayProcess(environment, data: environment.folder + "/relay", options: ["--team-size", "0"])
        try environment.sync("remote", "add", "relay", "http://127.0.0.1:\(relay.port)")
        _ = try environment.addEvent("Leeds")
        let ran = try environment.sync("push")
        #expect(ran.exit == 6 && ran.err.contains("as much of this team as its operator allows") && ran.err.contains("Your records are safe here."))
        #expect(try environment.sync("serve", "--connections", "0").exit == 2)
    }
}
