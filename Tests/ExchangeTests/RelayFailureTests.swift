import Testing

@testable import SyncCore

@Suite struct RelayFailureTests {
    private static func failure(_ status: UInt, _ type: String) throws -> SyncError {
        let client = RelayClient(try RelayAddress("https://relay.example"), timeoutSeconds: 1)
        return client.failure(status, RelayMessages.Problem(type: "urn:sync:\(type)", title: "Title", detail: "Detail"))
    }

    @Test(arguments: [(UInt(429), "too-fast"), (507, "disk-full"), (500, "failure")])
    func `what passes is worth another try, and sync watch goes on`(status: UInt, type: String) throws {
        let failure = try Self.failure(status, type)
        #expect(failure.kind == .unreachable && failure.next != nil)
    }

    @Test(arguments: ["team-full", "relay-full"])
    func `what an operator allows is not asked for again, and who can change it is named`(type: String) throws {
        let failure = try Self.failure(507, type)
        #expect(failure.kind == .refused && failure.safe == "Your records are safe here.")
        #expect(failure.next?.contains("whoever runs it") == true)
    }
}
