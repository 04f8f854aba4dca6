import GRDB

/// Seals values of the log's columns, each under its place: what is moved to another column or row does not open.
struct StoreCipher: Sendable {
    private let columns: Secret
    private let lookups: Secret
    private let random: @Sendable (Int) -> [UInt8]

    init(_ key: StoreKey, _ surroundings: Surroundings) {
        columns = key.columns
        lookups = key.lookups
        random = surroundings.random
    }

    /// Nonce, then ciphertext and tag; null stays null.
    ///
    /// A column that is looked up gets its nonce from the value, under a key of its own, so that equal values are equal bytes. That tells
    /// whoever has the file which rows have equal values, and nothing else.
    func seal(_ value: DatabaseValue, _ column: SealedColumn, row: [DatabaseValue]) throws -> DatabaseValue {
        guard !value.isNull else { return value }
        let place = Self.place(column, row)
        let plain = Padding.pad(Self.bytes(value), floor: column.floor)
        let nonce =
            column.isLookup
            ? Array(lookups.authenticate(place + plain).prefix(Sealing.nonceLength)) : random(Sealing.nonceLength)
        return Blob(nonce + (try Sealing.seal(plain, key: columns, nonce: nonce, authenticating: place))).databaseValue
    }

    func open(_ stored: DatabaseValue, _ column: SealedColumn, row: [DatabaseValue]) throws -> DatabaseValue {
        guard !stored.isNull else { return stored }
        guard case .blob(let data) = stored.storage, data.count > Sealing.nonceLength,
            let plain = try? Sealing.open(
                data.dropFirst(Sealing.nonceLength), key: columns, nonce: Array(data.prefix(Sealing.nonceLength)),
                authenticating: Self.place(column, row)),
            let bytes = try? Padding.unpad(plain, floor: column.floor), let value = Self.value(bytes)
        else { throw Self.damaged }
        return value
    }

    private static func place(_ column: SealedColumn, _ row: [DatabaseValue]) -> [UInt8] {
        var writer = ByteWriter(capacity: 96)
        writer.raw("sync/v1/column-aad".utf8)
        writer.u8(0)
        writer.text(column.table)
        writer.text(column.name)
        for value in row { writer.counted(bytes(value)) }
        return writer.bytes
    }

    // MARK: Values as bytes

    private enum Kind {
        static let null: UInt8 = 0
        static let integer: UInt8 = 1
        static let text: UInt8 = 2
        static let bytes: UInt8 = 3
        static let real: UInt8 = 4
    }

    private static func bytes(_ value: DatabaseValue) -> [UInt8] {
        var writer = ByteWriter(capacity: 16)
        switch value.storage {
        case .null: writer.u8(Kind.null)
        case .int64(let number):
            writer.u8(Kind.integer)
            writer.word(UInt64(bitPattern: number))
        case .string(let text):
            writer.u8(Kind.text)
            writer.raw(text.utf8)
        case .blob(let data):
            writer.u8(Kind.bytes)
            writer.raw(data)
        case .double(let number):
            writer.u8(Kind.real)
            writer.word(number.bitPattern)
        }
        return writer.bytes
    }

    private static func value(_ bytes: ArraySlice<UInt8>) -> DatabaseValue? {
        var reader = ByteReader(bytes)
        switch try? reader.u8() {
        case Kind.null: return .null
        case Kind.integer: return (try? reader.word()).map { Int64(bitPattern: $0).databaseValue }
        case Kind.text: return (try? ByteReader.utf8(bytes.dropFirst()))?.databaseValue
        case Kind.bytes: return Blob(Array(bytes.dropFirst())).databaseValue
        case Kind.real: return (try? reader.word()).map { Double(bitPattern: $0).databaseValue }
        default: return nil
        }
    }

    private static let damaged = SyncError(
        .integrity, "What stands sealed in this store's log.db is damaged.", safe: "Nothing was changed.",
        next: "Run  sync doctor.")
}

extension LogTransaction {
    /// What is stored for a value of a sealed column: without a passphrase the value itself. `row` tells the row, as it is stored.
    func seal(_ value: any DatabaseValueConvertible, _ column: SealedColumn, _ row: any DatabaseValueConvertible...) throws -> DatabaseValue {
        guard let cipher else { return value.databaseValue }
        return try cipher.seal(value.databaseValue, column, row: row.map(\.databaseValue))
    }

    /// The value of what is stored.
    func open(_ stored: DatabaseValue, _ column: SealedColumn, _ row: any DatabaseValueConvertible...) throws -> DatabaseValue {
        guard let cipher else { return stored }
        return try cipher.open(stored, column, row: row.map(\.databaseValue))
    }
}

extension DatabaseValue {
    /// Empty where it holds none.
    var bytes: [UInt8] { Blob.fromDatabaseValue(self)?.bytes ?? [] }
}
