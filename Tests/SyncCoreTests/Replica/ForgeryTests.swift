import Testing

@testable import SyncCore

/// Segments that are not what their writer sent: damaged, cut, forged, of others (F1, S3).
@Suite struct ForgeryTests {
    private let team: TestTeam
    private var ana: Replica { team.replicas[0] }
    private var ben: Replica { team.replicas[1] }
    private let record: RecordID
    /// What Ben has to offer Ana: his log's open and four segments, each signed.
    private let frame: [[UInt8]]

    init() throws {
        team = try TestTeam(devices: 2)
        record = try team.replicas[0].addEvent("Vigil")
        try team.exchangeAll()
        let (ana, ben, record) = (team.replicas[0], team.replicas[1], record)
        for number in 0..<4 {
            try ben.commit { try $0.add(record, Field.causes, .text("cause \(number)")) }
            _ = try ben.seal()
        }
        frame = try ben.offers(lackedBy: ana.heads()).flatMap(\.self)
    }

    /// Ana refuses it, and is as she was.
    private func expectRefusal(_ frame: [[UInt8]], _ comment: Comment, sourceLocation: SourceLocation = #_sourceLocation) throws {
        let heads = try ana.heads()
        let last = try ana.lastChange()
        #expect(throws: SyncError.self, comment, sourceLocation: sourceLocation) {
            do { _ = try ana.receive(frame) } catch let error as SyncError {
                #expect(error.kind == .integrity, comment, sourceLocation: sourceLocation)
                throw error
            }
        }
        #expect(try ana.heads() == heads, comment, sourceLocation: sourceLocation)
        #expect(try ana.lastChange() == last, comment, sourceLocation: sourceLocation)
    }

    private func expectAccepted() throws {
        _ = try ana.receive(frame)
        try ana.applyReceived()
        try team.exchangeAll()
        try team.expectAgreement()
        #expect(try ana.documents().first?.set(Field.causes).count == 4)
    }

    @Test func `whole frames are taken, also twice`() throws {
        #expect(frame.count == 5)
        try expectAccepted()
        #expect(try ana.receive(frame).segments == 0)
    }

    @Test func `F1 a flipped byte anywhere is refused, and nothing changes`() throws {
        for (number, segment) in frame.enumerated() {
            let isLast = number == frame.count - 1
            for position in stride(from: number % 3, to: segment.count, by: isLast ? 2 : 7) {
                var bytes = segment
                bytes[position] ^= 1 << UInt8(position % 8)
                var damaged = frame
                damaged[number] = bytes
                // A signature inside the run is not needed: a bad one is dropped (S3).
                if !isLast, isSignature(position, in: segment) { continue }
                try expectRefusal(damaged, "segment \(number), byte \(position)")
            }
        }
        try expectAccepted()
    }


    private func isSignature(_ position: Int, in bytes: [UInt8]) -> Bool {
        guard let segment = try? Segment(bytes) else { return false }
        let start = 1 + segment.header.bytes.count
        return segment.signature != nil && (start..<(start + 64)).contains(position)
    }

    @Test func `cut frames and segments are refused`() throws {
        for segment in frame {
            for length in [0, 1, 50, segment.count / 2, segment.count - 1] {
                try expectRefusal([Array(segment.prefix(length))], "cut to \(length) bytes")
                try expectRefusal(frame.dropLast() + [Array(segment.prefix(length))], "cut to \(length) bytes")
            }
            try expectRefusal([segment + [0]], "a byte too many")
        }
        // Parts of a log without their beginning, or with a hole.
        try expectRefusal(Array(frame.dropFirst()), "without its open")
        try expectRefusal(Array(frame[..<2]) + Array(frame[3...]), "a hole")
        try expectRefusal(frame.reversed(), "backwards")
        var writer = ByteWriter()
        for segment in frame { StreamItem.segment(segment).append(to: &writer) }
        for length in [1, 2, 3, 100, writer.bytes.count - 1] {
            var parser = StreamParser()
            parser.append(writer.bytes.prefix(length))
            while try parser.next() != nil {}
            #expect(throws: DecodingFailure.self) { try parser.end() }
        }
        // A whole prefix is a whole run.
        #expect(try ana.receive(Array(frame[..<3])).changes == 2)
        try expectAccepted()
    }

    @Test func `F1 a forged prefix is refused although the newest signature is real`() throws {
        // A relay with a leaked token: new headers, new bodies, and the real newest segment with its real signature.
        let open = try Segment(frame[0])
        let second = try Segment(frame[1])
        var header = second.header
        header.nonce[0] ^= 1
        let forgedBody = [UInt8](repeating: 7, count: header.bodyLength)
        header.bodyHash = Digest.plain(forgedBody)
        let forged = Segment(header: header, signature: second.signature, body: forgedBody).bytes
        let unsigned = Segment(header: header, signature: nil, body: forgedBody).bytes
        for segment in [forged, unsigned] {
            try expectRefusal([frame[0], segment] + frame[2...], "forged second segment")
            try expectRefusal([frame[0], segment], "forged newest segment")
        }
        let key = try SigningKey(seed: #require(Secret([UInt8](repeating: 3, count: 32))))
        var otherOpen = open
        if case .open(_, let commitment) = open.header.form {
            otherOpen.header.form = .open(publicKey: key.publicKey, commitment: commitment)
        }
        otherOpen.signature = nil
        try expectRefusal([otherOpen.bytes] + frame[1...], "another log's open before it")
        var renonced = open
        renonced.header.nonce[0] ^= 1
        try expectRefusal([renonced.bytes] + frame[1...], "a changed open")
        try expectAccepted()
    }

    @Test func `S3 a bad signature inside a run is dropped, and the run refills others`() throws {
        var damaged = frame
        for number in 1..<(frame.count - 1) {
            var segment = try Segment(frame[number])
            segment.signature?[9] ^= 1
            damaged[number] = segment.bytes
        }
        #expect(try ana.receive(damaged).segments == frame.count)
        try ana.applyReceived()
        let stored = try ana.log.read { log in
            var stored: [StoredSegment] = []
            let owner = try #require(try log.log(Segment(frame[0]).tag))
            try log.forEachSegment(of: owner.number, from: 0) { stored.append($0) }
            return stored
        }
        #expect(stored.map(\.isSigned) == [false, false, false, false, true])
        // A third device gets all of it from Ana alone.
        let cem = try team.join(team.invitation())
        try TestTeam.carryControl(from: cem, to: ana)
        try TestTeam.carry(from: ana, to: cem)
        try team.expectAgreement([ana, cem])
        #expect(try cem.documents().first?.set(Field.causes).count == 4)
    }

    @Test func `F1 segments of another team, or of another log, are refused`() throws {
        let others = try TestTeam(devices: 2, seed: 9)
        let theirs = try others.replicas[0].addEvent("Elsewhere")
        try others.replicas[0].commit { try $0.assign(theirs, Field.title, .text("Elsewhere too")) }
        _ = try others.replicas[0].seal()
        let foreign = try others.replicas[0].offers(lackedBy: []).flatMap(\.self)
        try expectRefusal(foreign, "another team")
        try expectRefusal(frame + foreign, "another team behind ours")
        // Ana's own segment under Ben's log.
        try ana.commit { try $0.add(record, Field.causes, .text("Ana's")) }
        let own = try ana.ownTag()
        let mine = try ana.offers(lackedBy: []).flatMap(\.self).filter { try Segment($0).tag == own }
        var spliced = try Segment(#require(mine.last))
        spliced.header.form = .run(tag: try Segment(frame[0]).tag, index: 1)
        try expectRefusal([frame[0], spliced.bytes], "spliced")
        try expectRefusal([frame[0], spliced.bytes] + frame[2...], "spliced inside")
        try expectAcceptedWithMine()
    }

    private func expectAcceptedWithMine() throws {
        _ = try ana.receive(frame)
        try ana.applyReceived()
        #expect(try ana.documents().first?.set(Field.causes).count == 5)
    }

    @Test func `what a member sealed and nobody can read blocks nobody`() throws {
        // Well signed and chained, but the content is of another version, and then no ciphertext at all.
        try ben.locked { try ben.log.write { log in try Junk.append(to: ben, log) } }
        try ben.commit { try $0.add(record, Field.targets, .text("after")) }
        let cem = try team.join(team.invitation())
        try TestTeam.carryControl(from: cem, to: ana)
        _ = try ana.addEvent("Still works")
        try TestTeam.carry(from: ben, to: ana)
        try TestTeam.carry(from: ana, to: cem)
        try team.expectAgreement([ana, cem])
        #expect(try cem.documents().count == 2)
        #expect(try cem.documents().first { $0.id == record }?.set(Field.causes).count == 4)
        #expect(try cem.heads() == ana.heads())
    }
}

/// Segments that only their author could have made, and that hold nothing.
private enum Junk {
    static func append(to replica: Replica, _ log: LogTransaction) throws {
        let epoch = try replica.newestEpoch(replica.team(log))
        let key = try SigningKey(
            seed: replica.keys.signingSeed.derive("sync/v1/own-log", epoch.id.bytes + replica.author.bytes))
        let tag = SegmentHeader.tag(of: key.publicKey)
        let cipher = LogCipher(epochKey: epoch.key, team: replica.keys.team, tag: tag)
        let owner = try #require(try log.log(tag))
        for content: [UInt8]? in [[99, 1, 2, 3], nil] {
            let newest = try #require(try log.lastSegment(of: owner.number))
            var (segment, value) = try cipher.seal(
                content ?? [1], form: .run(tag: tag, index: newest.index + 1), after: newest.chain,
                nonce: replica.surroundings.random(12))
            if content == nil {
                let body = [UInt8](repeating: 5, count: segment.header.bodyLength)
                segment.header.bodyHash = Digest.plain(body)
                segment.body = body
                value = Chain.next(after: newest.chain, segment.header)
            }
            segment.signature = try Chain.sign(value, with: key)
            _ = try log.insert(
                log: owner.number, index: newest.index + 1, chain: value, previous: newest.chain, bytes: segment.bytes,
                isSigned: true)
        }
    }
}
