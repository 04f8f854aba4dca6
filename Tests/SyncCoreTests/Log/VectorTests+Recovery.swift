import Testing

@testable import SyncCore

extension VectorTests {
    /// What a recovery key's text holds, what derives from it, and its box.
    @Suite struct Recovery {
        private static func key() throws -> RecoveryKey {
            try RecoveryKey(text: try #require(try Vector.file("recovery")["keys"].items().first)["text"].text())
        }

        @Test(arguments: Vector.list("recovery", "keys"))
        func key(_ vector: Vector) throws {
            let text = try vector["text"].text()
            let key = try RecoveryKey(text: text)
            #expect(key.text == text)
            for other in try vector["also"].items() { #expect(try RecoveryKey(text: other.text()) == key) }
            #expect(try key.signing.seed == vector["signing_seed"].secret() && key.signing.publicKey == vector["signing_key"].hash())
            #expect(try key.kem.seed == vector["kem_seed"].secret() && key.slot.seed == vector["slot_seed"].secret())
            #expect(try key.boxID == vector["box_id"].bytes() && key.boxKey == vector["box_key"].secret())
            let (box, welcome) = (try vector["box"].bytes(), try Welcome(vector["welcome"].bytes()))
            #expect(RecoveryBox.open(box, with: key) == welcome)
            #expect(try RecoveryBox.seal(welcome, for: key, nonce: vector["nonce"].bytes()) == box)
            // To everybody else it is a record that they cannot open.
            #expect(try SealedControl.open(box, epochKeys: welcome.epochs.map(\.key)) == nil)
        }

        @Test(arguments: Vector.list("recovery", "texts refused"))
        func refusedText(_ vector: Vector) throws {
            let text = try vector["text"].text()
            #expect(throws: SyncError.self) { try RecoveryKey(text: text) }
        }

        @Test(arguments: Vector.list("recovery", "boxes refused"))
        func refusedBox(_ vector: Vector) throws {
            #expect(try RecoveryBox.open(vector["bytes"].bytes(), with: Self.key()) == nil)
        }
    }
}
