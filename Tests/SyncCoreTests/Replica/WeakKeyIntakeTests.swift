import Testing

@testable import SyncCore

/// Keys that protect nothing, in each place where a key comes in. That the library would let them through: `WeakKeysTests`.
@Suite struct WeakKeyIntakeTests {
    private static let smallOrder = WeakKeysTests.smallOrder.compactMap { Hash32(hex: $0) }
    private static let lowOrder = WeakKeysTests.lowOrder.compactMap(Hex.decode)
    /// What fits every message, where the key is the neutral point.
    private static func signature(by key: Hash32) -> [UInt8] { key.bytes + [UInt8](repeating: 0, count: 32) }

    private let team: TestTeam
    private var ana: Replica { team.replicas[0] }
    private var ben: Replica { team.replicas[1] }

    init() throws { team = try TestTeam(devices: 2) }

    /// An open of a log of Ben's under a key of his choice, made as his device makes one.
    private func open(under key: Hash32, sign: (Hash32) throws -> [UInt8]) throws -> [UInt8] {
        let epoch = try ben.sealing()
        let cipher = LogCipher(epochKey: epoch.key, team: ben.keys.team, tag: SegmentHeader.tag(of: key))
        let content = try LogOpen(
            epoch: epoch.id, device: ben.device, authorSalt: ben.keys.authorSalt, continuesSeq: 0, continuesMark: 0, logKey: key,
            team: ben.keys.team, deviceKey: ben.signing)
        var (segment, value) = try cipher.seal(
            content.bytes, form: .open(publicKey: key, commitment: cipher.commitment), after: Chain.beginning,
            nonce: [UInt8](repeating: 1, count: Sealing.nonceLength))
        segment.signature = try sign(value)
        return segment.bytes
    }

    @Test func `a log`() throws {
        let before = try ana.tables()
        for key in Self.smallOrder {
            let bytes = try open(under: key) { _ in Self.signature(by: key) }
            let error = #expect(throws: SyncError.self, "\(key)") { _ = try ana.receive([bytes]) }
            #expect(error?.kind == .integrity)
        }
        #expect(try ana.tables() == before)
        let good = try SigningKey(seed: #require(Secret([UInt8](repeating: 3, count: 32))))
        #expect(try ana.receive([open(under: good.publicKey) { try Chain.sign($0, with: good) }]).segments == 1)
    }

    @Test func `an invite`() throws {
        func payload(_ key: Hash32) -> [UInt8] {
            Invite(key: key, role: .volunteer, uses: 1, expires: 0, epoch: EpochID(high: 1, low: 2)).payload
        }
        for key in Self.smallOrder { #expect(throws: DecodingFailure.self, "\(key)") { try Invite(payload: payload(key)) } }
        #expect(try Invite(payload: payload(ben.signing.publicKey)).key == ben.signing.publicKey)
        // And the signature of whoever takes it up counts under no such key.
        for key in Self.smallOrder {
            #expect(!Signature.isValid(Self.signature(by: key), by: key, "sync/v1/join", [1]), "\(key)")
        }
    }

    /// The keys of each device, offer, request, answer and admission are read by one of these two.
    @Test func `a device's two keys`() throws {
        let good = PublicKeys(signing: ben.signing.publicKey, kem: try KEMKey(seed: ben.keys.kemSeed).publicKey)
        func read(_ keys: PublicKeys) throws -> PublicKeys {
            var reader = ByteReader(keys.bytes)
            return try PublicKeys(from: &reader)
        }
        func enrolled(_ keys: PublicKeys, _ possession: [UInt8]) throws -> Enrolment {
            try Enrolment(name: "Ben", role: .volunteer, keys: keys, possession: possession)
        }
        for key in Self.smallOrder {
            let keys = PublicKeys(signing: key, kem: good.kem)
            #expect(throws: DecodingFailure.self, "\(key)") { try read(keys) }
            #expect(throws: DecodingFailure.self, "\(key)") { try enrolled(keys, Self.signature(by: key)) }
        }
        for point in Self.lowOrder {
            let keys = PublicKeys(signing: good.signing, kem: good.kem.dropLast(32) + point)
            let possession = try ben.signing.sign("sync/v1/possession", keys.bytes)
            #expect(throws: DecodingFailure.self, "\(point)") { try read(keys) }
            #expect(throws: DecodingFailure.self, "\(point)") { try enrolled(keys, possession) }
            #expect(throws: SyncError.self, "\(point)") { try Envelope.seal([1], to: keys.kem, for: ben.device) }
        }
        #expect(try read(good) == good)
        #expect(try enrolled(good, ben.signing.sign("sync/v1/possession", good.bytes)).device == ben.device)
    }

    @Test func `an offer and a request`() throws {
        var random = Seeded(8)
        let good = PublicKeys(signing: ben.signing.publicKey, kem: try KEMKey(seed: ben.keys.kemSeed).publicKey)
        let weak =
            Self.smallOrder.map { PublicKeys(signing: $0, kem: good.kem) }
            + Self.lowOrder.map { PublicKeys(signing: good.signing, kem: good.kem.dropLast(32) + $0) }
        let real = try JoinRequest(
            name: "Ben", signing: ben.signing, kem: KEMKey(seed: ben.keys.kemSeed), answerSecret: random.bytes(16))
        for keys in weak {
            let code = InviteCode(
                secret: random.bytes(16), team: ana.keys.team, inviter: keys.device, relayURL: "https://relay.example")
            let box = try JoinOffer(inviter: keys, role: .volunteer, expires: 1).sealed(for: code, nonce: random.bytes(12))
            #expect(throws: DecodingFailure.self) { try JoinOffer(opening: box, with: code) }
            var request = real
            request.keys = keys
            request.possession =
                keys.signing == good.signing
                ? try ben.signing.sign("sync/v1/possession", keys.bytes) : Self.signature(by: keys.signing)
            #expect(throws: DecodingFailure.self) { try RequestFile.read(RequestFile.bytes(request)) }
        }
        #expect(try RequestFile.read(RequestFile.bytes(real)) == real)
    }

    @Test func `a relay's key`() throws {
        let real = try registration()
        for key in Self.smallOrder {
            var forged = real
            forged.relayKey = key
            forged.signature = Self.signature(by: key)
            #expect(throws: DecodingFailure.self, "\(key)") { try Registration(forged.bytes) }
        }
        #expect(try Registration(real.bytes) == real)
    }

    private func registration() throws -> Registration {
        var random = Seeded(5)
        return try Registration(
            counter: 0, teamSalt: Chain.teamSalt(of: ana.keys.team),
            tokens: RelayTokens(epochKey: random.secret(), control: random.secret()),
            key: SigningKey(seed: random.secret()), nextRelayKey: SigningKey(seed: random.secret()).publicKey)
    }
}
