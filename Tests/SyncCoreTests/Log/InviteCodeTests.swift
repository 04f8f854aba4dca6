import Testing

@testable import SyncCore

@Suite struct InviteCodeTests {
    private let code: InviteCode

    init() {
        var random = Seeded(12)
        let team = Hash32(random.bytes(32)) ?? .zero
        code = InviteCode(
            secret: random.bytes(16), team: team, certificatePin: Hash32(random.bytes(32)),
            relayURL: "https://192.0.2.7:8443/sync")
    }

    @Test func comesBack() throws {
        #expect(try InviteCode(text: code.text) == code)
        #expect(code.text.hasPrefix("SYNC-"))
        for group in code.text.split(separator: "-").dropLast() { #expect(group.count == 5 || group == "SYNC") }
    }

    @Test func everyChangedCharacterIsNoticed() {
        let characters = Array(code.text)
        for position in characters.indices where position > 4 && characters[position] != "-" {
            for other in "0123456789ABCDEFGHJKMNPQRSTVWXYZU" where other != characters[position] {
                var changed = characters
                changed[position] = other
                #expect(throws: SyncError.self) { try InviteCode(text: String(changed)) }
            }
        }
    }

    @Test func everyMissingAndEveryDoubledCharacterIsNoticed() {
        let characters = Array(code.text.filter { $0 != "-" })
        for position in characters.indices {
            var missing = characters
            missing.remove(at: position)
            #expect(throws: SyncError.self) { try InviteCode(text: String(missing)) }
            var doubled = characters
            doubled.insert(characters[position], at: position)
            #expect(throws: SyncError.self) { try InviteCode(text: String(doubled)) }
        }
    }

    @Test func exchangedNeighboursAreNoticed() {
        let characters = Array(code.text.filter { $0 != "-" })
        for position in 4..<(characters.count - 1) where characters[position] != characters[position + 1] {
            var changed = characters
            changed.swapAt(position, position + 1)
            #expect(throws: SyncError.self) { try InviteCode(text: String(changed)) }
        }
    }

    @Test(arguments: ["", "-", "SYNC", "sync-", "SYN", "hello", "SYNC-0", "https://relay.example", "\u{200b}"])
    func otherTextIsRefused(_ text: String) {
        #expect(throws: SyncError.self) { try InviteCode(text: text) }
    }

    @Test func theErrorNamesTheCharacterThatNeverOccurs() {
        do {
            _ = try InviteCode(text: "SYNC-AB*CD")
            Issue.record("accepted")
        } catch {
            #expect(error.what.contains("“*”"))
        }
    }

    @Test func `a code carries a relay's pin as bytes and gives back the address with it`() throws {
        let address = "https://192.0.2.7:8443#sha256=" + String(repeating: "3f", count: 32)
        let code = InviteCode(secret: [UInt8](repeating: 1, count: 16), team: .zero, relayAddress: address)
        #expect(code.relayURL == "https://192.0.2.7:8443")
        let read = try InviteCode(text: code.text)
        #expect(read.relayAddress == address)
        let plain = InviteCode(secret: code.secret, team: .zero, relayAddress: code.relayURL)
        #expect(try InviteCode(text: plain.text).relayAddress == "https://192.0.2.7:8443")
        #expect(code.text.count - plain.text.count < 64)
    }
}
