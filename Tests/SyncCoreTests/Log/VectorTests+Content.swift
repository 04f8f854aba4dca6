import Testing

@testable import SyncCore

extension VectorTests {
    @Suite struct Content {
        private let author: AuthorID
        private let epoch: EpochID

        init() throws {
            let log = try Vector.file("content")["log"]
            author = try log["author"].id()
            epoch = try log["epoch"].id()
        }

        private func decode(_ bytes: [UInt8]) throws -> SegmentContent {
            try SegmentContent(decoding: bytes[...], author: author, epoch: epoch)
        }

        private func encode(_ content: SegmentContent) -> [UInt8] {
            content.encoded(author: author, epoch: epoch, compressed: false)
        }

        @Test(arguments: Vector.list("content", "content"))
        func roundTrip(_ vector: Vector) throws {
            let (bytes, content) = (try vector["bytes"].bytes(), try decode(try vector["bytes"].bytes()))
            #expect(content.changes == (try vector["changes"].items().map { try $0.change() }))
            #expect(content.heads == (try vector["heads"].items().map(head)))
            #expect(content.salts == (try salts(vector["authors"].items())))
            #expect(Padding.pad(bytes, floor: LogCipher.floor) == (try vector["plain"].bytes()))
            if try vector["unknown sections"].items().isEmpty { #expect(encode(content) == bytes) }
            let packed = content.encoded(author: author, epoch: epoch)
            #expect(try decode(packed) == content)
        }

        private func head(_ vector: Vector) throws -> SegmentContent.Head {
            .init(
                tagPrefix: try vector["tag"].word(), index: try vector["index"].natural(),
                chainPrefix: try vector["chain"].word())
        }

        private func salts(_ authors: [Vector]) throws -> [AuthorID: [UInt8]] {
            var salts: [AuthorID: [UInt8]] = [:]
            for listed in authors where !listed["salt"].isNull {
                salts[try listed["author"].id()] = try listed["salt"].bytes()
            }
            return salts
        }

        /// A reader takes what no writer makes, and writes it as a writer does.
        @Test(arguments: Vector.list("content", "also read"))
        func alsoRead(_ vector: Vector) throws {
            #expect(encode(try decode(try vector["bytes"].bytes())) == (try vector["written"].bytes()))
        }

        @Test func zstd() throws {
            let vectors = try Vector.file("content")["zstd"]
            for vector in try vectors["read"].items() {
                #expect(encode(try decode(try vector["bytes"].bytes())) == (try vector["written"].bytes()))
            }
            for vector in try vectors["refused"].items() { try expectRefused(vector) { _ = try decode($0) } }
        }

        @Test(arguments: Vector.list("content", "refused"))
        func refused(_ vector: Vector) throws {
            try expectRefused(vector) { _ = try decode($0) }
        }
    }
}
