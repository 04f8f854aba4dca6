#if PostgreSQL
    import SyncCore

    /// A value on its way to the database, in PostgreSQL's binary format.
    enum Argument {
        case int(Int64)
        case bytes([UInt8])
        case ints([Int64])
        /// An array of `bytea`.
        case blobs([[UInt8]?])

        static func blobs(_ hashes: [Hash32]) -> Argument { .blobs(hashes.map(\.bytes)) }

        func append(to writer: inout ByteWriter) {
            switch self {
            case .int(let value): writer.word(UInt64(bitPattern: value))
            case .bytes(let bytes): writer.raw(bytes)
            case .ints(let values):
                Self.array(of: 20, values.count, hasNull: false, &writer)
                for value in values {
                    Self.word(8, &writer)
                    writer.word(UInt64(bitPattern: value))
                }
            case .blobs(let values):
                Self.array(of: 17, values.count, hasNull: values.contains { $0 == nil }, &writer)
                for value in values {
                    Self.word(Int32(clamping: value?.count ?? -1), &writer)
                    writer.raw(value ?? [])
                }
            }
        }

        /// The head of an array of one dimension (`array_send` in PostgreSQL's source): the type's number, the length, where it begins.
        private static func array(of type: Int32, _ count: Int, hasNull: Bool, _ writer: inout ByteWriter) {
            word(count == 0 ? 0 : 1, &writer)
            word(hasNull ? 1 : 0, &writer)
            word(type, &writer)
            guard count > 0 else { return }
            word(Int32(clamping: count), &writer)
            word(1, &writer)
        }

        private static func word(_ value: Int32, _ writer: inout ByteWriter) {
            for shift in [24, 16, 8, 0] { writer.u8(UInt8(truncatingIfNeeded: value >> Int32(shift))) }
        }
    }
#endif
