/// The view of a store with a passphrase as it lies on the disk: a database, sealed in pieces of 1 MiB. Its bytes are in `docs/crypto.md`.
///
/// Disposable. One that is damaged, of another log, of another version, or was made by somebody without the key does not open, and the
/// view is made again from the log.
struct ViewImage: Sendable {
    private static let magic = Array("sync-view".utf8)
    private static let format: UInt8 = 1
    private static let pieceLength = 1 << 20
    private static let headLimit = 96

    let path: String
    let key: StoreKey
    let logID: [UInt8]
    /// Of the view's tables.
    let version: Int

    private struct Head {
        var version: Int
        /// The last change that it has.
        var position: Int64
        /// Of the database.
        var count: Int
        var salt: [UInt8]

        var bytes: [UInt8] {
            var writer = ByteWriter(capacity: headLimit)
            writer.raw(magic)
            writer.u8(format)
            writer.zig(Int64(version))
            writer.zig(position)
            writer.count(count)
            writer.raw(salt)
            return writer.bytes
        }

        init(version: Int, position: Int64, count: Int, salt: [UInt8]) {
            (self.version, self.position, self.count, self.salt) = (version, position, count, salt)
        }

        init(_ reader: inout ByteReader) throws(DecodingFailure) {
            guard Array(try reader.raw(magic.count)) == magic, try reader.u8() == format,
                let version = Int(exactly: try reader.zig())
            else { throw .invalid("view") }
            self.version = version
            position = try reader.zig()
            count = try reader.count(limit: 1 << 40)
            salt = Array(try reader.raw(32))
        }
    }

    /// The last change that the image on the disk says it has; nil where there is none.
    var storedPosition: Int64? {
        guard let bytes = try? FileSystem.read(path, first: Self.headLimit) else { return nil }
        var reader = ByteReader(bytes)
        return (try? Head(&reader))?.position
    }

    /// Whether what is on the disk would open, whatever it says of itself.
    func isUsable() throws -> Bool {
        guard let image = try load() else { return false }
        image.discard()
        return true
    }

    /// Nil where there is none that is this log's, of this version, whole and sealed under this key.
    func load() throws -> MemoryImage? {
        guard FileSystem.exists(path), let bytes = try? FileSystem.read(path) else { return nil }
        var reader = ByteReader(bytes)
        guard let head = try? Head(&reader), head.version == version else { return nil }
        let pieces = (head.count + Self.pieceLength - 1) / Self.pieceLength
        guard head.count > 0, reader.remaining == head.count + pieces * Sealing.tagLength else { return nil }
        let start = reader.offset
        let (key, data) = (imageKey(head.salt), authenticated(head))
        do {
            return try bytes.withUnsafeBytes { sealed in
                try MemoryImage(count: head.count) { plain in
                    for piece in 0..<pieces {
                        let from = piece * Self.pieceLength
                        let length = min(Self.pieceLength, head.count - from)
                        let place = start + from + piece * Sealing.tagLength
                        try Sealing.open(
                            UnsafeRawBufferPointer(rebasing: sealed[place..<(place + length + Sealing.tagLength)]),
                            into: UnsafeMutableRawBufferPointer(rebasing: plain[from..<(from + length)]), key: key,
                            nonce: Self.nonce(piece), authenticating: data)
                    }
                }
            }
        } catch let error as SyncError {
            throw error
        } catch {
            return nil
        }
    }

    /// Replaces the image. The caller holds the store's lock, and has looked that it does not replace a later one.
    func write(_ plain: UnsafeRawBufferPointer, position: Int64, salt: [UInt8]) throws {
        let head = Head(version: version, position: position, count: plain.count, salt: salt)
        let (key, data) = (imageKey(salt), authenticated(head))
        var out = head.bytes
        out.reserveCapacity(out.count + plain.count + (plain.count / Self.pieceLength + 1) * Sealing.tagLength)
        for (piece, from) in stride(from: 0, to: plain.count, by: Self.pieceLength).enumerated() {
            let part = UnsafeRawBufferPointer(rebasing: plain[from..<min(from + Self.pieceLength, plain.count)])
            try Sealing.seal(part, onto: &out, key: key, nonce: Self.nonce(piece), authenticating: data)
        }
        try FileSystem.replace(out, at: path)
    }

    /// A salt is used once, so that pieces may be counted.
    private func imageKey(_ salt: [UInt8]) -> Secret { key.view.derive("sync/v1/view-image", salt) }

    private func authenticated(_ head: Head) -> [UInt8] { Array("sync/v1/view-aad".utf8) + [0] + head.bytes + logID }

    private static func nonce(_ piece: Int) -> [UInt8] {
        var writer = ByteWriter(capacity: Sealing.nonceLength)
        writer.raw([0, 0, 0, 0])
        writer.word(UInt64(piece))
        return writer.bytes
    }
}
