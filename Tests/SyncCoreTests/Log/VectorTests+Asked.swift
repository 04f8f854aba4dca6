import Testing

@testable import SyncCore

extension VectorTests {
    /// What passes between two devices before one lets the other in.
    @Suite struct Asked {
        private let vectors: Vector
        private let code: InviteCode
        private let request: JoinRequest
        private let ana: Hash32

        init() throws {
            vectors = try Vector.file("control")
            let codes = try vectors["codes"].items()
            code = try InviteCode(text: try #require(codes.first { try !$0["inviter"].isNull })["code"].text())
            request = try JoinRequest(vectors["request"]["bytes"].bytes())
            ana = try vectors["devices"].items()[0]["signing_key"].hash()
        }

        private func keys(_ vector: Vector) throws -> PublicKeys {
            let bytes = try vector.bytes()
            return PublicKeys(signing: try #require(Hash32(bytes.prefix(32))), kem: Array(bytes.dropFirst(32)))
        }

        @Test func offer() throws {
            let vector = vectors["offer"]
            let (bytes, box) = (try vector["bytes"].bytes(), try vector["box"].bytes())
            let offer = try JoinOffer(bytes)
            #expect(offer.bytes == bytes)
            #expect(offer.inviter == (try keys(vector["inviter"])))
            #expect(UInt64(offer.role.rawValue) == (try vector["role"].natural()))
            #expect(offer.expires == (try vector["expires"].integer()))
            #expect(try JoinOffer(opening: box, with: code) == offer)
            #expect(try offer.sealed(for: code, nonce: try vector["nonce"].bytes()) == box)
        }

        @Test(arguments: Vector.list("control", "offers refused"))
        func refusedOffer(_ vector: Vector) throws { try expectRefused(vector) { _ = try JoinOffer(opening: $0, with: code) } }

        @Test func requestOfADevice() throws {
            let vector = vectors["request"]
            let bytes = try vector["bytes"].bytes()
            #expect(request.bytes == bytes)
            #expect(request.name == (try vector["name"].text()))
            #expect(request.keys == (try keys(vector["keys"])))
            #expect(request.possession == (try vector["possession"].bytes()))
            #expect(request.answerSecret == (try vector["answer_secret"].bytes()))
            #expect(request.answerMailbox == (try vector["answer_mailbox"].text()))
            #expect(request.digest == (try vector["digest"].hash()))
            #expect(Padding.pad(bytes, floor: JoinRequest.floor) == (try vector["padded"].bytes()))
            let file = try vector["file"].bytes()
            #expect(RequestFile.bytes(request) == file)
            #expect(try RequestFile.read(file) == request)
        }

        /// The box around an envelope that HPKE made.
        @Test func boxOfARequest() throws {
            let vector = vectors["request"]
            let (nonce, envelope) = (try vector["nonce"].bytes(), try vector["envelope"].bytes())
            #expect(try JoinRequest.box(envelope, for: code, nonce: nonce) == (try vector["box"].bytes()))
            let device = try keys(vectors["offer"]["inviter"]).device
            #expect(Array(Envelope.info(device, .request)) == Array("sync/v1/request".utf8) + [0] + device.bytes)
            #expect(Array(Envelope.info(device, .answer)) == Array("sync/v1/answer".utf8) + [0] + device.bytes)
        }

        @Test(arguments: Vector.list("control", "requests refused"))
        func refusedRequest(_ vector: Vector) throws { try expectRefused(vector) { _ = try JoinRequest($0) } }

        @Test(arguments: Vector.list("control", "answers"))
        func answer(_ vector: Vector) throws {
            let bytes = try vector["bytes"].bytes()
            let answer = try JoinAnswer(bytes, signedBy: ana)
            #expect(answer.request == request.digest)
            switch (answer.outcome, try vector["outcome"].natural()) {
            case (.welcome(let welcome, let relayURL), 1):
                #expect(welcome.bytes == (try vector["welcome"].bytes()))
                #expect(relayURL == (try vector["relay"].text()))
            case (.declined, 2), (.taken, 3): break
            default: Issue.record("another outcome")
            }
            let seed = try vectors["devices"].items()[0]["seed"].secret()
            let again = try answer.signed(by: SigningKey(seed: seed))
            #expect(again.dropLast(Signature.length) == bytes.dropLast(Signature.length))
        }

        @Test(arguments: Vector.list("control", "answers refused"))
        func refusedAnswer(_ vector: Vector) throws {
            try expectRefused(vector) { bytes in
                guard try JoinAnswer(bytes, signedBy: ana).request == request.digest else { throw DecodingFailure.invalid("request") }
            }
        }

        @Test func words() throws {
            let (inviter, joiner) = (try keys(vectors["offer"]["inviter"]), request.keys)
            func expected(_ name: String) throws -> [String] { try vectors["words"][name].items().map { try $0.text() } }
            #expect(try JoinWords.asked(code, inviter: inviter, joiner: joiner) == expected("asked"))
            #expect(try JoinWords.request(joiner: joiner) == expected("request"))
            let team = try vectors["team"].hash()
            #expect(try JoinWords.answer(team: team, inviter: inviter, joiner: joiner) == expected("answer"))
        }
    }
}
