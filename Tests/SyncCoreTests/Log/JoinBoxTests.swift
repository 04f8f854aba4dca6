import Testing

@testable import SyncCore

/// Offer, request and answer: each opens for whom it was made, and for nobody else.
@Suite struct JoinBoxTests {
    private struct Keys {
        var signing: SigningKey
        var kem: KEMKey
        var open: PublicKeys { PublicKeys(signing: signing.publicKey, kem: kem.publicKey) }

        init(_ random: inout Seeded) throws {
            signing = try SigningKey(seed: random.secret())
            kem = try KEMKey(seed: random.secret())
        }
    }

    private let (ana, ben, mal): (Keys, Keys, Keys)
    private let code: InviteCode
    private let other: InviteCode
    private let request: JoinRequest
    private let nonce: [UInt8]
    private let team: Hash32

    init() throws {
        var random = Seeded(60)
        (ana, ben, mal) = (try Keys(&random), try Keys(&random), try Keys(&random))
        team = Hash32(random.bytes(32)) ?? .zero
        code = InviteCode(secret: random.bytes(16), team: team, inviter: ana.open.device, relayURL: "https://relay.example")
        other = InviteCode(secret: random.bytes(16), team: team, inviter: ana.open.device, relayURL: "https://relay.example")
        request = try JoinRequest(name: "Ben's phone", signing: ben.signing, kem: ben.kem, answerSecret: random.bytes(16))
        nonce = random.bytes(12)
    }

    private func expectRefused(_ what: String, _ body: () throws -> Void) { #expect(throws: (any Error).self, "\(what)") { try body() } }

    private func welcome(team: Hash32? = nil) throws -> Welcome {
        var random = Seeded(61)
        return Welcome(
            team: team ?? self.team, controlHead: .zero, invite: .zero, epochs: [(EpochID(prefixOf: self.team), random.secret())],
            controlToken: random.secret(), registrations: [], relaySeeds: [])
    }

    @Test func `an offer opens with its code alone, and only for the code's inviter`() throws {
        let offer = JoinOffer(inviter: ana.open, role: .volunteer, expires: 77)
        let box = try offer.sealed(for: code, nonce: nonce)
        #expect(try JoinOffer(opening: box, with: code) == offer)
        expectRefused("another code") { _ = try JoinOffer(opening: box, with: other) }
        var elsewhere = code
        elsewhere.teamPrefix[0] ^= 1
        expectRefused("another team") { _ = try JoinOffer(opening: box, with: elsewhere) }
        // A relay that has a photograph of the code puts its own keys there.
        let swapped = try JoinOffer(inviter: mal.open, role: .volunteer, expires: 77).sealed(for: code, nonce: nonce)
        expectRefused("another inviter") { _ = try JoinOffer(opening: swapped, with: code) }
        for position in box.indices {
            var damaged = box
            damaged[position] ^= 4
            expectRefused("bit \(position)") { _ = try JoinOffer(opening: damaged, with: code) }
        }
    }

    @Test func `a request opens for the inviter with the code's secret, and for nobody else`() throws {
        let box = try request.sealed(for: code, to: ana.open, nonce: nonce)
        func open(_ box: [UInt8], _ code: InviteCode, _ keys: Keys) throws -> JoinRequest {
            try JoinRequest(opening: box, with: code, key: keys.kem, device: keys.open.device)
        }
        #expect(try open(box, code, ana) == request)
        expectRefused("whoever found the code") { _ = try open(box, code, mal) }
        expectRefused("replayed on another code") { _ = try open(box, other, ana) }
        for position in stride(from: 0, to: box.count, by: 97) {
            var damaged = box
            damaged[position] ^= 4
            expectRefused("bit \(position)") { _ = try open(damaged, code, ana) }
        }
        #expect(box.count <= JoinRequest.boxLimit)
    }

    @Test func `requests have one size, whatever the device is called`() throws {
        let sizes = try ["B", String(repeating: "é", count: 128)].map { name in
            try JoinRequest(name: name, signing: ben.signing, kem: ben.kem, answerSecret: [UInt8](repeating: 7, count: 16))
                .sealed(for: code, to: ana.open, nonce: nonce).count
        }
        #expect(Set(sizes).count == 1)
    }

    @Test func `a request's keys must be its own and not weak`() throws {
        #expect(try JoinRequest(request.bytes) == request)
        var stolen = request
        stolen.keys.kem = mal.open.kem
        expectRefused("another's key") { _ = try JoinRequest(stolen.bytes) }
        stolen = request
        stolen.keys.signing = .zero
        expectRefused("small order") { _ = try JoinRequest(stolen.bytes) }
        let low = Array(ben.open.kem.dropLast(32)) + [UInt8](repeating: 0, count: 32)
        stolen.keys = PublicKeys(signing: ben.open.signing, kem: low)
        stolen.possession = try ben.signing.sign("sync/v1/possession", stolen.keys.bytes)
        expectRefused("low order") { _ = try JoinRequest(stolen.bytes) }
        expectRefused("trailing") { _ = try JoinRequest(request.bytes + [0]) }
        #expect(try request.enrolment(as: .volunteer).role == .volunteer)
    }

    @Test func `an answer is for its request, by whoever was asked`() throws {
        for outcome in [JoinAnswer.Outcome.welcome(try welcome(), relayURL: "https://relay.example"), .declined, .taken] {
            let box = try JoinAnswer(outcome, to: request).sealed(to: request, signedBy: ana.signing)
            func open(_ box: [UInt8], _ request: JoinRequest, _ key: KEMKey, by inviter: Keys) throws -> JoinAnswer {
                try JoinAnswer(opening: box, to: request, key: key, signedBy: inviter.signing.publicKey)
            }
            #expect(try open(box, request, ben.kem, by: ana).outcome == outcome)
            expectRefused("somebody else's signature") { _ = try open(box, request, ben.kem, by: mal) }
            expectRefused("somebody else's key") { _ = try open(box, request, mal.kem, by: ana) }
            // The same device asked twice: an older answer is none to the newer request.
            var again = request
            again.answerSecret[0] ^= 1
            expectRefused("replayed") { _ = try open(box, again, ben.kem, by: ana) }
            expectRefused("cut") { _ = try open(box.dropLast(), request, ben.kem, by: ana) }
            // What was sealed to this device for another purpose is no answer.
            let plain = try JoinAnswer(outcome, to: request).signed(by: ana.signing)
            let envelope = try Envelope.seal(
                Padding.pad(plain, floor: JoinAnswer.floor), to: ben.open.kem, for: ben.open.device, as: .epoch)
            expectRefused("purpose") { _ = try open(envelope, request, ben.kem, by: ana) }
        }
    }

    @Test func `the words are of both ends' keys and of the code, and not of names`() throws {
        let words = try JoinWords.asked(code, inviter: ana.open, joiner: ben.open)
        #expect(words.count == 4)
        #expect(try JoinWords.asked(code, inviter: ana.open, joiner: ben.open) == words)
        #expect(try JoinWords.asked(code, inviter: ana.open, joiner: mal.open) != words)
        #expect(try JoinWords.asked(code, inviter: mal.open, joiner: ben.open) != words)
        #expect(try JoinWords.asked(other, inviter: ana.open, joiner: ben.open) != words)
        let mixed = PublicKeys(signing: ben.open.signing, kem: mal.open.kem)
        #expect(try JoinWords.asked(code, inviter: ana.open, joiner: mixed) != words)
        #expect(try JoinWords.request(joiner: ben.open).count == 6)
        #expect(try JoinWords.request(joiner: ben.open) != JoinWords.request(joiner: mixed))
        let answer = try JoinWords.answer(team: team, inviter: ana.open, joiner: ben.open)
        #expect(try answer != JoinWords.answer(team: .zero, inviter: ana.open, joiner: ben.open))
        #expect(try answer != JoinWords.answer(team: team, inviter: mal.open, joiner: ben.open))
    }

    @Test func `files are for whom they were made, and one bit is noticed`() throws {
        let asked = RequestFile.bytes(request)
        #expect(try RequestFile.read(asked) == request)
        for position in stride(from: 0, to: asked.count, by: 61) {
            var damaged = asked
            damaged[position] ^= 4
            expectRefused("bit \(position)") { _ = try RequestFile.read(damaged) }
        }
        let file = AnswerFile(
            JoinAnswer(.welcome(try welcome(), relayURL: ""), to: request), by: ana.open, control: [[1, 2], [], [3]])
        let bytes = try file.sealed(to: request, signedBy: ana.signing)
        let opened = try AnswerFile(opening: bytes, to: request, key: ben.kem)
        #expect(opened.answer == file.answer)
        #expect(opened.inviter == ana.open)
        #expect(opened.control == [[1, 2], [], [3]])
        expectRefused("another device") { _ = try AnswerFile(opening: bytes, to: request, key: mal.kem) }
        // Signed by another than it names.
        let forged = try file.sealed(to: request, signedBy: mal.signing)
        expectRefused("signature") { _ = try AnswerFile(opening: forged, to: request, key: ben.kem) }
        for position in stride(from: 0, to: bytes.count, by: 501) {
            var damaged = bytes
            damaged[position] ^= 4
            expectRefused("bit \(position)") { _ = try AnswerFile(opening: damaged, to: request, key: ben.kem) }
        }
    }

    /// Injured bytes into the decoders.
    @Test func `no injury traps`() throws {
        var random = Seeded(62)
        let offer = JoinOffer(inviter: ana.open, role: .reader, expires: -1).bytes
        let answer = try JoinAnswer(.welcome(try welcome(), relayURL: "x"), to: request).signed(by: ana.signing)
        for _ in 0..<400 {
            if let read = try? JoinOffer(random.mutated(offer)) { #expect((try? JoinOffer(read.bytes)) == read) }
            if let read = try? JoinRequest(random.mutated(request.bytes)) { #expect((try? JoinRequest(read.bytes)) == read) }
            _ = try? JoinAnswer(random.mutated(answer), signedBy: ana.signing.publicKey)
            _ = try? RequestFile.read(random.mutated(RequestFile.bytes(request)))
            _ = try? InviteCode(text: String(decoding: random.mutated(Array(code.text.utf8)), as: UTF8.self))
        }
        for count in 0..<200 { _ = try? JoinAnswer(Array(answer.prefix(count)), signedBy: ana.signing.publicKey) }
    }
}
