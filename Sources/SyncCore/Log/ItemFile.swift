/// A file of items that ends with its hash: a bundle, a backup. Written in one go, into a pipe too; whoever reads it knows at its end
/// whether every byte is as it was written.
struct ItemFile: Sendable {
    /// What it begins with.
    let mark: [UInt8]
    let version: UInt8
    /// So many bytes stand between the version and the first item.
    let headLength: Int
    /// What the hash is made under.
    let label: StaticString
    /// For people.
    let name: String

    static let hashLength = 32
    /// The type of the last item, which holds the hash.
    static let end: UInt8 = 0

    var hasher: Digest.Hasher { Digest.Hasher(label) }

    /// Not such a file, or one whose first bytes are damaged.
    struct NoMark: Error {}

    /// Of a version that this one does not know.
    struct Newer: Error {}
}

/// Writes an item file from its beginning to its end; holds one item.
struct ItemFileWriter {
    private var hasher: Digest.Hasher
    private let put: ([UInt8]) throws -> Void
    /// Bytes so far.
    private(set) var length = 0

    init(_ form: ItemFile, head: [UInt8] = [], to put: @escaping ([UInt8]) throws -> Void) throws {
        guard head.count == form.headLength else { throw DecodingFailure.invalid("head") }
        self.put = put
        hasher = form.hasher
        try write(form.mark + [form.version] + head)
    }

    mutating func add(type: UInt8, _ bytes: [UInt8]) throws {
        var writer = ByteWriter(capacity: bytes.count + 8)
        writer.u8(type)
        writer.counted(bytes)
        try write(writer.bytes)
    }

    mutating func finish() throws {
        try write([ItemFile.end, UInt8(ItemFile.hashLength)])
        try write(hasher.finish().bytes)
    }

    private mutating func write(_ bytes: [UInt8]) throws {
        hasher.update(bytes)
        length += bytes.count
        try put(bytes)
    }
}

/// Reads an item file as it comes. Nobody may rely on what it handed out before `isWhole` and `end`.
struct ItemFileReader {
    private let form: ItemFile
    private var hasher: Digest.Hasher
    /// The last bytes so far: those that may turn out to be the hash.
    private var tail: [UInt8] = []
    private var items = ItemParser()
    private var state = State.beginning
    private(set) var head: [UInt8] = []
    private(set) var length = 0

    private enum State { case beginning, items, ended }

    init(_ form: ItemFile) {
        self.form = form
        hasher = form.hasher
    }

    mutating func append(_ piece: ArraySlice<UInt8>) {
        length += piece.count
        items.append(piece)
        tail += piece
        let sure = tail.count - ItemFile.hashLength
        guard sure > 0 else { return }
        hasher.update(tail[..<sure])
        tail.removeFirst(sure)
    }

    /// The same, for the hash alone: of a file that cannot be read, or need not be.
    mutating func skip(_ piece: ArraySlice<UInt8>) {
        append(piece)
        items = ItemParser()
    }

    /// The next whole item; nil until more has arrived.
    mutating func next() throws -> (type: UInt8, bytes: [UInt8])? {
        if state == .beginning, try !begin() { return nil }
        guard state == .items, let item = try items.next() else { return nil }
        guard item.type == ItemFile.end else { return item }
        guard item.bytes.count == ItemFile.hashLength else { throw DecodingFailure.invalid("end") }
        state = .ended
        return nil
    }

    private mutating func begin() throws -> Bool {
        guard let start = items.take(form.mark.count + 1 + form.headLength) else { return false }
        var reader = ByteReader(start)
        guard try reader.raw(form.mark.count).elementsEqual(form.mark) else { throw ItemFile.NoMark() }
        guard try reader.u8() == form.version else { throw ItemFile.Newer() }
        head = Array(try reader.raw(form.headLength))
        state = .items
        return true
    }

    /// Whether every byte is as it was written: to be asked when nothing more comes, before anything of it counts.
    var isWhole: Bool { length > ItemFile.hashLength && hasher.finish().bytes == tail }

    /// - Throws: where the last item is missing, or something stands behind it.
    func end() throws(DecodingFailure) {
        guard state == .ended else { throw .truncated }
        try items.end()
    }
}

extension ItemFile {
    /// Reads all of `source`. Whatever is wrong inside, a hash that does not hold comes first: then the file is damaged, and nothing
    /// in it says anything.
    ///
    /// - Parameters:
    ///   - take: Is given each item with what stands before the first. What it throws ends the reading, and is thrown if the file is whole.
    ///   - finish: Is called behind the last item.
    /// - Throws: `integrity` for a file that is damaged, or none of this kind; `refused` for one of a newer version.
    /// - Returns: How many bytes it has.
    @discardableResult
    func read(
        _ source: ByteSource, _ take: (_ head: [UInt8], _ type: UInt8, _ bytes: [UInt8]) throws -> Void, finish: () throws -> Void
    ) throws -> Int {
        var reader = ItemFileReader(self)
        var problem: (any Error)?
        try source.forEachPiece { piece in
            guard problem == nil else { return reader.skip(piece) }
            reader.append(piece)
            do {
                while let item = try reader.next() { try take(reader.head, item.type, item.bytes) }
            } catch {
                problem = error
            }
        }
        if problem is NoMark { throw Self.isOther(source, name) }
        guard reader.isWhole else { throw Self.isDamaged(source) }
        if problem == nil {
            do {
                try reader.end()
                try finish()
            } catch {
                problem = error
            }
        }
        switch problem {
        case nil: return reader.length
        case is Newer:
            throw SyncError(
                .refused, "\(source.name) was made by a newer version of sync.", safe: Self.nothing, next: "Install the newer version.")
        case is DecodingFailure: throw Self.isDamaged(source)
        case let problem?: throw problem
        }
    }

    private static let nothing = "Nothing of it was applied."

    private static func isOther(_ source: ByteSource, _ name: String) -> SyncError {
        SyncError(.integrity, "\(source.name) is no \(name) of sync, or it is damaged.", safe: nothing)
    }

    private static func isDamaged(_ source: ByteSource) -> SyncError {
        SyncError(
            .integrity, "\(source.name) is damaged, or only part of it is there.", safe: nothing,
            next: "Have it copied again, or made again.")
    }
}
