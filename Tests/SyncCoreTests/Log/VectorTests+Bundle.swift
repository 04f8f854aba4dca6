import Testing

@testable import SyncCore

extension VectorTests {
    @Suite struct Bundle {
        private let vectors: Vector

        init() throws { vectors = try Vector.file("bundle") }

        private func heads(opening sealed: [UInt8]) throws -> SenderHeads {
            let team = try vectors["team"].hash()
            let heads = try SenderHeads(opening: sealed, epochKeys: [try vectors["epoch_key"].secret()], team: team)
            guard let heads, heads.isSigned(by: try vectors["device_key"].hash(), team: team) else {
                throw DecodingFailure.invalid("heads")
            }
            return heads
        }

        @Test(arguments: Vector.list("bundle", "heads"))
        func senderHeads(_ vector: Vector) throws {
            let (bytes, sealed) = (try vector["bytes"].bytes(), try vector["sealed"].bytes())
            let heads = try SenderHeads(bytes)
            #expect(heads.bytes == bytes)
            #expect(heads.device == (try vector["device"].id()))
            #expect(heads.authorSalt == (try vector["salt"].bytes()))
            #expect(heads.wall == (try vector["wall"].integer()))
            #expect(heads.recipient == (try vector["recipient"].optional { try $0.id() }))
            let listed = try vector["heads"].items().map {
                LogHead(tag: try $0["tag"].id(), index: try $0["index"].natural(), chain: try $0["chain"].hash())
            }
            #expect(heads.heads == listed)
            #expect(try self.heads(opening: sealed) == heads)
            let again = try heads.sealed(
                epochKey: vectors["epoch_key"].secret(), team: vectors["team"].hash(), nonce: vector["nonce"].bytes())
            #expect(again == sealed)
        }

        @Test(arguments: Vector.list("bundle", "heads refused"))
        func refusedHeads(_ vector: Vector) throws { try expectRefused(vector) { _ = try heads(opening: $0) } }

        @Test(arguments: Vector.list("bundle", "bundles"))
        func bundle(_ vector: Vector) throws {
            let bytes = try vector["bytes"].bytes()
            let opened = try OpenedBundle(bytes)
            let items = try items(vector)
            #expect(opened.items == items)
            #expect(try OpenedBundle(bytes, handle: vectors["handle"].text()).bytes() == bytes)
            if !items.isEmpty { #expect(opened.handle == (try vectors["handle"].text())) }
        }

        @Test(arguments: Vector.list("bundle", "also read"))
        func alsoRead(_ vector: Vector) throws { #expect(try OpenedBundle(vector["bytes"].bytes()).items == items(vector)) }

        @Test(arguments: Vector.list("bundle", "bundles refused"))
        func refusedBundle(_ vector: Vector) throws { try expectRefused(vector) { _ = try OpenedBundle($0) } }

        private func items(_ vector: Vector) throws -> [BundleItem] {
            try vector["items"].items().map { item in
                let type = try #require(UInt8(exactly: try item["type"].natural()))
                return try #require(try BundleItem(type: type, item["data"].bytes()))
            }
        }
    }
}
