#if PostgreSQL
    import CPQ
    import SyncCore

    /// The rows of one answer, in binary.
    final class PostgreSQLRows: RandomAccessCollection {
        private let result: OpaquePointer
        let startIndex = 0
        let endIndex: Int

        init(owning result: OpaquePointer) {
            self.result = result
            endIndex = Int(PQntuples(result))
        }

        deinit { PQclear(result) }

        subscript(position: Int) -> PostgreSQLRow { PostgreSQLRow(rows: self, number: Int32(position)) }

        /// How many rows a write touched.
        var changed: Int { Int(String(cString: PQcmdTuples(result))) ?? 0 }
        /// `COMMIT`, `INSERT 0 1` and the like.
        var command: String { String(cString: PQcmdStatus(result)) }

        fileprivate func isNull(_ row: Int32, _ column: Int32) -> Bool { PQgetisnull(result, row, column) == 1 }

        fileprivate func value(_ row: Int32, _ column: Int32) -> UnsafeRawBufferPointer {
            UnsafeRawBufferPointer(start: PQgetvalue(result, row, column), count: Int(PQgetlength(result, row, column)))
        }
    }

    struct PostgreSQLRow {
        fileprivate let rows: PostgreSQLRows
        fileprivate let number: Int32

        func isNull(_ column: Int32) -> Bool { rows.isNull(number, column) }

        /// The bytes are good while `body` runs.
        func withBytes<Result>(_ column: Int32, _ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result {
            try withExtendedLifetime(rows) { try body(rows.value(number, column)) }
        }

        func bytes(_ column: Int32) -> [UInt8] { withBytes(column, Array.init) }
        func text(_ column: Int32) -> String { withBytes(column) { String(decoding: $0, as: UTF8.self) } }
        func bool(_ column: Int32) -> Bool { withBytes(column) { $0.first == 1 } }

        /// Of a `bigint`.
        func int(_ column: Int32) throws -> Int64 {
            try withBytes(column) { bytes in
                guard bytes.count == 8 else { throw Self.damaged }
                return Int64(bitPattern: bytes.reduce(0) { $0 << 8 | UInt64($1) })
            }
        }

        func hash(_ column: Int32) throws -> Hash32 {
            guard let hash = withBytes(column, { Hash32($0) }) else { throw Self.damaged }
            return hash
        }

        func identifier<ID: Identifier16>(_ column: Int32) throws -> ID {
            guard let id = withBytes(column, { ID($0) }) else { throw Self.damaged }
            return id
        }

        static var damaged: SyncError { SyncError.damaged("The relay's database is damaged.") }
    }
#endif
