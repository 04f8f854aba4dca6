import Testing

@testable import SyncCore

extension VectorTests {
    @Suite struct Segments {
        private let log: Vector
        private let team: Hash32
        private let epochKey: Secret
        private let logKey: SigningKey

        init() throws {
            log = try Vector.file("segments")["log"]
            team = try log["team"].hash()
            epochKey = try log["epoch_key"].secret()
            logKey = try SigningKey(seed: try log["log_seed"].secret())
        }

        @Test func keys() throws {
            let cipher = LogCipher(epochKey: epochKey, team: team, tag: try log["tag"].id())
            #expect(logKey.publicKey == (try log["log_key"].hash()))
            #expect(SegmentHeader.tag(of: logKey.publicKey) == cipher.tag)
            #expect(cipher.commitment == (try log["commitment"].hash()))
            #expect(Chain.teamSalt(of: team) == (try log["salt"].hash()))
        }

        /// Sealed with the nonces of the vectors, every byte is the same; signatures differ and must hold either way.
        @Test func sealing() throws {
            let cipher = LogCipher(epochKey: epochKey, team: team, tag: try log["tag"].id())
            var chain = Chain.beginning
            for vector in try Vector.file("segments")["segments"].items() {
                let segment = try Segment(try vector["bytes"].bytes())
                #expect(segment.bytes == (try vector["bytes"].bytes()))
                #expect(segment.header.bytes == (try vector["header"].bytes()))
                #expect(segment.index == (try vector["index"].natural()))
                let content = try vector["content"].bytes()
                #expect(try cipher.open(segment, after: chain) == content)
                let made = try cipher.seal(
                    content, form: segment.header.form, after: chain, nonce: try vector["nonce"].bytes())
                #expect(made.segment == segment.unsigned)
                #expect(made.value == (try vector["chain"].hash()))
                if let signature = segment.signature {
                    #expect(Chain.isSigned(made.value, signature, by: logKey.publicKey))
                    #expect(!Chain.isSigned(chain, signature, by: logKey.publicKey))
                    let ours = try Chain.sign(made.value, with: logKey)
                    #expect(Chain.isSigned(made.value, ours, by: logKey.publicKey))
                }
                chain = made.value
            }
        }

        @Test(arguments: Vector.list("segments", "open"))
        func open(_ vector: Vector) throws {
            let deviceKey = try log["device_key"].hash()
            let bytes = try vector["bytes"].bytes()
            if vector["result"].isNull {
                let open = try LogOpen(bytes)
                #expect(open.bytes == bytes)
                #expect(open.epoch == (try vector["epoch"].id()))
                #expect(open.device == (try vector["device"].id()))
                #expect(open.authorSalt == (try vector["salt"].bytes()))
                #expect(open.continuesSeq == (try vector["seq"].natural()))
                #expect(open.continuesMark == (try vector["mark"].word()))
                #expect(open.isSigned(by: deviceKey, logKey: logKey.publicKey, team: team))
            } else {
                let open = try? LogOpen(bytes)
                #expect(open?.isSigned(by: deviceKey, logKey: logKey.publicKey, team: team) != true)
            }
        }

        @Test func ownOpen() throws {
            let device = try SigningKey(seed: try log["device_seed"].secret())
            let open = try LogOpen(
                epoch: try log["epoch"].id(), device: try log["device"].id(), authorSalt: [UInt8](repeating: 7, count: 16),
                continuesSeq: 3, continuesMark: 9, logKey: logKey.publicKey, team: team, deviceKey: device)
            let read = try LogOpen(open.bytes)
            #expect(read == open)
            #expect(read.isSigned(by: device.publicKey, logKey: logKey.publicKey, team: team))
            #expect(!read.isSigned(by: device.publicKey, logKey: device.publicKey, team: team))
        }

        @Test(arguments: Vector.list("segments", "runs"))
        func runs(_ vector: Vector) throws {
            let run = try vector["run"].items().map { try $0.bytes() }
            let plains = try vector["plains"].items().map { try $0.optional { try $0.bytes() } }
            #expect(try opened(run, team: team, epochKey: epochKey) == plains)
            let kept = try run.enumerated().map { position, bytes in
                let segment = try Segment(bytes)
                return position == run.count - 1 ? segment.bytes : segment.unsigned.bytes
            }
            #expect(kept == (try vector["kept"].items().map { try $0.bytes() }))
        }

        /// Among them: a forged prefix under a signature that is genuine.
        @Test(arguments: Vector.list("segments", "runs refused"))
        func refusedRun(_ vector: Vector) throws {
            let run = try vector["run"].items().map { try $0.bytes() }
            let (team, epochKey) = (try vector["team"].hash(), try vector["epoch_key"].secret())
            #expect(throws: (any Error).self) { try opened(run, team: team, epochKey: epochKey) }
        }

        /// A log from its open to its newest signature: the reader of section 6, from the engine's parts.
        private func opened(_ run: [[UInt8]], team: Hash32, epochKey: Secret) throws -> [[UInt8]?] {
            let segments = try run.map { try Segment($0) }
            guard let first = segments.first, let last = segments.last, let signature = last.signature,
                case .open(let publicKey, let commitment) = first.header.form
            else { throw DecodingFailure.invalid("run") }
            let cipher = LogCipher(epochKey: epochKey, team: team, tag: first.tag)
            guard commitment == cipher.commitment else { throw DecodingFailure.invalid("epoch") }
            var chain = Chain.beginning
            var chains: [Hash32] = []
            for (index, segment) in segments.enumerated() {
                guard segment.index == UInt64(index), segment.tag == first.tag else { throw DecodingFailure.invalid("place") }
                chains.append(chain)
                chain = Chain.value(at: segment.header, after: chain, teamSalt: Chain.teamSalt(of: team))
            }
            guard Chain.isSigned(chain, signature, by: publicKey) else { throw DecodingFailure.invalid("signature") }
            return try zip(segments, chains).map { segment, before in
                guard segment.body != nil else { return nil }
                return Padding.pad(try cipher.open(segment, after: before), floor: LogCipher.floor)
            }
        }

        @Test(arguments: Vector.list("segments", "segment refused"))
        func refused(_ vector: Vector) throws {
            try expectRefused(vector) { _ = try Segment($0) }
        }

        @Test(arguments: Vector.list("segments", "frames"))
        func frames(_ vector: Vector) throws {
            let bytes = try vector["bytes"].bytes()
            let items = try vector["items"].items().compactMap { item -> StreamItem? in
                switch try item["type"].natural() {
                case 1: .segment(try item["data"].bytes())
                case 2: .token(try item["data"].bytes())
                default: nil
                }
            }
            var parser = StreamParser()
            parser.append(bytes)
            var read: [StreamItem] = []
            while let item = try parser.next() { read.append(item) }
            try parser.end()
            #expect(read == items)
            if items.count == (try vector["items"].items().count) {
                #expect(written { for item in items { item.append(to: &$0) } } == bytes)
            }
        }

        @Test(arguments: Vector.list("segments", "frames refused"))
        func refusedFrame(_ vector: Vector) throws {
            try expectRefused(vector) { bytes in
                var parser = StreamParser()
                parser.append(bytes)
                while try parser.next() != nil {}
                try parser.end()
            }
        }
    }
}
