import Testing

@testable import SyncCore

@Suite struct RecoveryKeyTests {
    private let surroundings = TestSurroundings(seed: 3).surroundings
    private let key: RecoveryKey

    init() { key = .random(surroundings) }

    @Test func `it is eight groups of five and comes back`() throws {
        #expect(key.text.hasPrefix("RECOVERY-") && key.text.count == 9 + 8 * 5 + 7)
        #expect(key.groups.count == 8 && key.groups.allSatisfy { $0.count == 5 })
        #expect(try RecoveryKey(text: key.text) == key)
        // As it is typed from paper.
        #expect(try RecoveryKey(text: " " + key.text.lowercased().replacing("-", with: " ") + "\n") == key)
        #expect(try RecoveryKey(text: key.text.replacing("1", with: "l").replacing("0", with: "o")) == key)
        #expect("\(key)" == "recovery key")
    }

    @Test func `one wrong character is noticed wherever it is`() throws {
        let characters = Array(key.text)
        for place in characters.indices where characters[place] != "-" {
            var other = characters
            other[place] = other[place] == "7" ? "8" : "7"
            #expect(throws: SyncError.self, "\(place)") { try RecoveryKey(text: String(other)) }
        }
        for text in ["", "RECOVERY-", String(key.text.dropLast()), key.text + "0", String(key.text.dropFirst(9)), key.text + "!"] {
            #expect(throws: SyncError.self) { try RecoveryKey(text: text) }
        }
    }

    @Test func `an invite code is none and it is no invite code`() throws {
        let code = InviteCode(secret: surroundings.random(16), team: .zero, relayURL: "https://relay.example")
        let asKey = #expect(throws: SyncError.self) { try RecoveryKey(text: code.text) }
        let asCode = #expect(throws: SyncError.self) { try InviteCode(text: key.text) }
        #expect(asKey?.what.contains("RECOVERY-") == true && asCode?.what.contains("SYNC-") == true)
        let newer = #expect(throws: SyncError.self) { try RecoveryKey(text: CodeText.recovery.encode([2] + surroundings.random(16))) }
        #expect(newer?.what.contains("version") == true)
    }

    @Test func `a group that is typed back is that group alone`() {
        for number in 0..<8 {
            let group = key.groups[number]
            #expect(key.isGroup(number, group.lowercased() + " "))
            #expect(!key.isGroup(number, String(group.dropLast())) && !key.isGroup(number, group + "0") && !key.isGroup(number, ""))
            #expect(!key.isGroup(number, key.groups[(number + 1) % 8]))
        }
        #expect(!key.isGroup(8, "") && !key.isGroup(-1, ""))
    }

    @Test func `each use has a key of its own`() throws {
        let secrets = [
            try key.signing.seed.bytes, try key.kem.seed.bytes, try key.slot.seed.bytes, key.boxKey.bytes,
        ]
        #expect(Set(secrets).count == 4 && !secrets.contains { $0.starts(with: key.boxID) })
        let other = RecoveryKey.random(surroundings)
        #expect(try other.device != key.device && other.boxID != key.boxID)
    }
}

@Suite struct RecoveryBoxTests {
    private let surroundings = TestSurroundings(seed: 5).surroundings
    private let key: RecoveryKey
    private let welcome: Welcome
    private let box: [UInt8]

    init() throws {
        key = .random(surroundings)
        welcome = Welcome(
            team: .zero, controlHead: .zero, invite: .zero, epochs: [(EpochID(high: 1, low: 2), .random(surroundings))],
            controlToken: .random(surroundings), registrations: [], relaySeeds: [])
        box = try RecoveryBox.seal(welcome, for: key, nonce: surroundings.random(12))
    }

    @Test func `one byte that differs opens nothing wherever it is`() throws {
        #expect(RecoveryBox.open(box, with: key) == welcome)
        for place in box.indices {
            var other = box
            other[place] ^= 0x20
            #expect(RecoveryBox.open(other, with: key) == nil, "byte \(place)")
        }
        for length in [0, 1, 16, 17, 28, 29, 45, box.count - 1] { #expect(RecoveryBox.open(Array(box.prefix(length)), with: key) == nil) }
        #expect(RecoveryBox.open(box + [0], with: key) == nil)
        #expect(RecoveryBox.open(box, with: .random(surroundings)) == nil)
    }

    /// Every version keeps and forwards what it cannot open.
    @Test func `it has the form of a record that nobody can open`() throws {
        #expect(try SealedControl.open(box, epochKeys: welcome.epochs.map(\.key)) == nil)
        #expect(Array(box[1..<17]) == key.boxID)
    }

    @Test func `what would not fit is refused before it is sealed`() throws {
        var large = welcome
        large.epochs = (0..<1400).map { (EpochID(high: 0, low: $0), .random(surroundings)) }
        let error = #expect(throws: SyncError.self) { try RecoveryBox.seal(large, for: key, nonce: surroundings.random(12)) }
        #expect(error?.kind == .usage)
    }
}
