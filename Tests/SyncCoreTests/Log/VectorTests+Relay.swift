import Testing

@testable import SyncCore

extension VectorTests {
    @Suite struct Relay {
        private let vectors: Vector

        init() throws { vectors = try Vector.file("control") }

        @Test func handle() throws {
            let handle = vectors["handle"]
            #expect(Registration.handle(firstKey: try handle["relay_key"].hash()) == (try handle["handle"].text()))
        }

        @Test func registrations() throws {
            let chain = try vectors["registrations"].items().map { vector in
                let bytes = try vector["bytes"].bytes()
                let registration = try Registration(bytes)
                #expect(registration.bytes == bytes)
                #expect(registration.counter == (try vector["counter"].natural()))
                #expect(registration.relayKey == (try vector["relay_key"].hash()))
                #expect(registration.teamSalt == (try vector["salt"].hash()))
                #expect(registration.nextRelayKey == (try vector["next_key"].hash()))
                #expect(registration.signature == (try vector["signature"].bytes()))
                let given = vector["tokens"]
                let tokens = RelayTokens(
                    epochKey: try vector["epoch_key"].secret(), control: try given["control"].secret())
                #expect(tokens.read == (try given["read"].secret()))
                #expect(tokens.write == (try given["write"].secret()))
                let again = try Registration(
                    counter: registration.counter, teamSalt: registration.teamSalt, tokens: tokens,
                    key: SigningKey(seed: try vector["relay_seed"].secret()), nextRelayKey: registration.nextRelayKey)
                #expect(again.bytes.dropLast(Signature.length) == bytes.dropLast(Signature.length))
                #expect(try Registration(again.bytes) == again)
                return registration
            }
            #expect(Registration.isChain(chain))
        }

        @Test(arguments: Vector.list("control", "registrations refused"))
        func refusedChain(_ vector: Vector) throws {
            let chain = try? vector["chain"].items().map { try Registration(try $0.bytes()) }
            #expect(chain.map(Registration.isChain) != true)
        }

        @Test func inviteKeys() throws {
            let keys = vectors["invite_keys"]
            let code = InviteCode(secret: try keys["secret"].bytes(), team: .zero, relayURL: "")
            #expect(try code.signingKey.publicKey == (try keys["key"].hash()))
            #expect(code.mailbox == (try keys["mailbox"].text()))
        }

        @Test(arguments: Vector.list("control", "codes"))
        func code(_ vector: Vector) throws {
            let code = try InviteCode(text: try vector["code"].text())
            #expect(code.text == (try vector["code"].text()))
            #expect(code.secret == (try vector["secret"].bytes()))
            #expect(code.teamPrefix == (try vector["team"].bytes()))
            #expect(code.inviter == (try vector["inviter"].optional { try $0.id() }))
            #expect(code.certificatePin == (try vector["pin"].optional { try $0.hash() }))
            #expect(code.relayURL == (try vector["relay"].text()))
            for typed in try vector["also"].items() { #expect(try InviteCode(text: try typed.text()) == code) }
        }

        @Test(arguments: Vector.list("control", "codes refused"))
        func refusedCode(_ vector: Vector) throws {
            let text = try vector["code"].text()
            #expect(throws: SyncError.self) { try InviteCode(text: text) }
        }

        @Test(arguments: Vector.list("control", "welcomes"))
        func welcome(_ vector: Vector) throws {
            let (bytes, box) = (try vector["bytes"].bytes(), try vector["box"].bytes())
            let welcome = try Welcome(bytes)
            #expect(welcome.bytes == bytes)
            #expect(welcome.team == (try vector["team"].hash()))
            #expect(welcome.controlHead == (try vector["head"].hash()))
            #expect(welcome.invite == (try vector["invite"].hash()))
            #expect(welcome.epochs.map(\.id) == (try vector["epochs"].items().map { try $0["id"].id() }))
            #expect(welcome.epochs.map(\.key) == (try vector["epochs"].items().map { try $0["key"].secret() }))
            #expect(welcome.controlToken == (try vector["control_token"].secret()))
            #expect(welcome.registrations.map(\.bytes) == (try vector["registrations"].items().map { try $0.bytes() }))
            #expect(welcome.relaySeeds.map(\.epoch) == (try vector["relay_seeds"].items().map { try $0["epoch"].id() }))
            #expect(welcome.relaySeeds.map(\.seed) == (try vector["relay_seeds"].items().map { try $0["seed"].secret() }))
            #expect(welcome.base == (try vector["base"].optional { try $0.hash() }))
            let code = InviteCode(secret: try vector["secret"].bytes(), team: welcome.team, relayURL: "")
            #expect(try welcome.sealed(for: code, nonce: try vector["nonce"].bytes()) == box)
            #expect(try Welcome(opening: box, with: code) == welcome)
        }

        @Test(arguments: Vector.list("control", "welcomes refused"))
        func refusedWelcome(_ vector: Vector) throws {
            let code = InviteCode(
                secret: try vector["secret"].bytes(), team: try vector["team"].hash(), relayURL: "")
            try expectRefused(vector) { _ = try Welcome(opening: $0, with: code) }
        }
    }
}
