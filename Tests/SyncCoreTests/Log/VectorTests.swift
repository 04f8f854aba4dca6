import Testing

@testable import SyncCore

/// The engine against `Tests/Vectors`, which `scripts/vectors.py` makes from the specification alone.
@Suite enum VectorTests {
    @Suite struct Primitives {
        @Test(arguments: Vector.list("primitives", "varint"))
        func varint(_ vector: Vector) throws {
            let (bytes, value) = (try vector["bytes"].bytes(), try vector["value"].natural())
            #expect(try whole(bytes) { try $0.varint() } == value)
            #expect(written { $0.varint(value) } == bytes)
        }

        @Test(arguments: Vector.list("primitives", "zig"))
        func zig(_ vector: Vector) throws {
            let (bytes, value) = (try vector["bytes"].bytes(), try vector["value"].integer())
            #expect(try whole(bytes) { try $0.zig() } == value)
            #expect(written { $0.zig(value) } == bytes)
        }

        @Test(arguments: Vector.list("primitives", "varint refused"))
        func refusedVarint(_ vector: Vector) throws {
            try expectRefused(vector) { _ = try whole($0) { try $0.varint() } }
        }

        @Test(arguments: Vector.list("primitives", "bytes refused"))
        func refusedBytes(_ vector: Vector) throws {
            try expectRefused(vector) { _ = try whole($0) { try $0.counted(limit: .max) } }
        }

        @Test(arguments: Vector.list("primitives", "text refused"))
        func refusedText(_ vector: Vector) throws {
            try expectRefused(vector) { _ = try whole($0) { try $0.text(limit: .max) } }
        }

        @Test(arguments: Vector.list("primitives", "padme"))
        func padme(_ vector: Vector) throws {
            let padded = Padding.padme(Int(try vector["length"].natural()), floor: 64)
            #expect(padded == Int(try vector["padded"].natural()))
        }

        @Test(arguments: Vector.list("primitives", "padded"))
        func padded(_ vector: Vector) throws {
            let (bytes, content) = (try vector["bytes"].bytes(), try vector["content"].bytes())
            let floor = Int(try vector["least"].natural())
            #expect(Padding.pad(content, floor: floor) == bytes)
            #expect(Array(try Padding.unpad(bytes, floor: floor)) == content)
        }

        @Test(arguments: Vector.list("primitives", "padded refused"))
        func refusedPadding(_ vector: Vector) throws {
            let floor = Int(try vector["least"].natural())
            try expectRefused(vector) { _ = try Padding.unpad($0, floor: floor) }
        }

        @Test(arguments: Vector.list("primitives", "hash"))
        func hash(_ vector: Vector) throws {
            var hasher = Digest.Hasher("sync/v1/test")
            let parts = try vector["parts"].items().map { try $0.bytes() }
            for part in parts { hasher.update(part) }
            #expect(hasher.finish().bytes == (try vector["bytes"].bytes()))
            #expect(Digest.hash("sync/v1/test", parts.flatMap(\.self)).bytes == (try vector["bytes"].bytes()))
        }

        @Test(arguments: Vector.list("primitives", "derive"))
        func derive(_ vector: Vector) throws {
            let derived = try vector["secret"].secret().derive("sync/v1/test", try vector["context"].bytes())
            #expect(derived.bytes == (try vector["bytes"].bytes()))
        }

        @Test(arguments: Vector.list("primitives", "seal"))
        func seal(_ vector: Vector) throws {
            let (key, nonce) = (try vector["key"].secret(), try vector["nonce"].bytes())
            let (plain, data) = (try vector["plain"].bytes(), try vector["associated"].bytes())
            let sealed = try vector["bytes"].bytes()
            #expect(try Sealing.seal(plain, key: key, nonce: nonce, authenticating: data) == sealed)
            #expect(try Sealing.open(sealed, key: key, nonce: nonce, authenticating: data) == plain)
        }

        /// Apple's library signs with randomness of its own, so a signature is checked and never compared.
        @Test(arguments: Vector.list("primitives", "sign"))
        func sign(_ vector: Vector) throws {
            let key = try SigningKey(seed: try vector["seed"].secret())
            let message = try vector["message"].bytes()
            #expect(key.publicKey == (try vector["key"].hash()))
            #expect(Signature.isValid(try vector["bytes"].bytes(), by: key.publicKey, "sync/v1/test", message))
            let ours = try key.sign("sync/v1/test", message)
            #expect(Signature.isValid(ours, by: key.publicKey, "sync/v1/test", message))
            #expect(!Signature.isValid(ours, by: key.publicKey, "sync/v1/tess", message))
        }

        @Test func names() throws {
            let names = try Vector.file("primitives")["names"]
            let team = names["team"]
            #expect(Chain.teamSalt(of: try team["team"].hash()) == (try team["salt"].hash()))
            #expect(EpochID(prefixOf: try team["team"].hash()) == (try team["epoch 0"].id()))
            let author = names["author"]
            let made = LogOpen.author(
                team: try author["team"].hash(), deviceKey: try author["signing_key"].hash(),
                salt: try author["salt"].bytes())
            #expect(made == (try author["id"].id()))
            #expect(SegmentHeader.tag(of: try names["log"]["key"].hash()) == (try names["log"]["tag"].id()))
            let code = names["code"]
            #expect(
                RecordID(code: try code["code"].text(), ofKind: try code["kind"].text()) == (try code["record"].id()))
            let fresh = names["fresh"]
            let write = WriteName(
                change: try fresh["change"].changeName(), operation: UInt32(try fresh["operation"].natural()))
            #expect(write.freshRecord == (try fresh["record"].id()))
            #expect(write.freshKey.bytes == (try fresh["key"].bytes()))
        }
    }

    @Suite struct Values {
        @Test(arguments: Vector.list("values", "values"))
        func roundTrip(_ vector: Vector) throws {
            let (bytes, value) = (try vector["bytes"].bytes(), try vector["value"].value())
            #expect(try whole(bytes) { try Value(from: &$0) } == value)
            #expect(value.encoded == bytes)
            #expect(value.encodedLength == bytes.count)
        }

        @Test(arguments: Vector.list("values", "refused"))
        func refused(_ vector: Vector) throws {
            try expectRefused(vector) { _ = try whole($0) { try Value(from: &$0) } }
        }
    }

    @Suite struct Changes {
        @Test(arguments: Vector.list("changes", "changes"))
        func roundTrip(_ vector: Vector) throws {
            let (bytes, change) = (try vector["bytes"].bytes(), try vector["change"].change())
            #expect(try Change(canonical: bytes) == change)
            #expect(change.canonicalBytes == bytes)
            #expect(change.canonicalLength == bytes.count)
            #expect(change.hash == (try vector["hash"].hash()))
        }

        @Test func lowerTwinCounts() throws {
            let twins = try Vector.file("changes")["twins"]
            let changes = try twins["changes"].items().map { try Change(canonical: try $0.bytes()) }
            #expect(Set(changes.map(\.name)).count == 1)
            let counts = changes.min { $0.hash < $1.hash }
            #expect(counts?.canonicalBytes == (try twins["counts"].bytes()))
        }

        @Test(arguments: Vector.list("changes", "refused"))
        func refused(_ vector: Vector) throws {
            try expectRefused(vector) { _ = try Change(canonical: $0) }
        }
    }
}
