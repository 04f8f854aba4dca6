#if PostgreSQL
    import CPQ
    import Dispatch
    import SyncCore

    /// One connection, and the thread that waits for its answers, so that no thread of Swift's own pool ever does.
    ///
    /// Everything but `perform` and `occupy` is called inside of one of them.
    // Sendable because its state is touched on `queue` alone.
    final class PostgreSQLConnection: @unchecked Sendable {
        private let address: PostgreSQLAddress
        private let queue = DispatchQueue(label: "sync.relay.postgresql")
        private var handle: OpaquePointer?
        private var prepared: [String: String] = [:]

        init(_ address: PostgreSQLAddress) { self.address = address }

        deinit { close() }

        func perform<Value: Sendable>(_ body: @escaping @Sendable (PostgreSQLConnection) throws -> Value) async throws -> Value {
            try await withCheckedThrowingContinuation { continuation in
                queue.async { continuation.resume(with: Result { try body(self) }) }
            }
        }

        /// Has the thread for as long as `body` runs, which may be until the relay stops.
        func occupy(_ body: @escaping @Sendable (PostgreSQLConnection) -> Void) {
            queue.async { body(self) }
        }

        /// Connects, unless it is connected.
        func open() throws {
            guard handle == nil else { return }
            let made = address.connect()
            handle = made
            guard let made, PQstatus(made) == CONNECTION_OK else {
                let failure = PostgreSQLFailure(message: lastMessage, isConnectionLost: true)
                close()
                throw failure
            }
            // What the server remarks would go to standard error.
            PQsetNoticeProcessor(made, { _, _ in }, nil)
            do {
                try SessionSettings.apply(to: self)
            } catch {
                close()
                throw error
            }
        }

        func close() {
            if let handle { PQfinish(handle) }
            handle = nil
            prepared = [:]
        }

        /// The socket, to wait on.
        var socket: Int32? { handle.map { PQsocket($0) } }

        /// Statements without arguments, one after the other, prepared by nobody.
        @discardableResult
        func script(_ sql: String) throws -> PostgreSQLRows {
            guard let handle else { throw lost }
            return try answer(PQexec(handle, sql))
        }

        /// One statement, prepared at its first use on this connection.
        @discardableResult
        func run(_ sql: String, _ arguments: [Argument] = []) throws -> PostgreSQLRows {
            guard let handle else { throw lost }
            let name = try prepare(sql, handle)
            var writer = ByteWriter()
            var ends: [Int] = []
            for argument in arguments {
                argument.append(to: &writer)
                ends.append(writer.bytes.count)
            }
            // So that an empty value still has an address: none would be NULL.
            writer.u8(0)
            let starts = [0] + ends.dropLast()
            let lengths = zip(starts, ends).map { Int32(clamping: $1 - $0) }
            return try writer.bytes.withUnsafeBytes { bytes in
                let base = bytes.bindMemory(to: CChar.self).baseAddress
                let values = zip(starts, ends).map { start, _ in base.map { $0 + start } }
                let formats = [Int32](repeating: 1, count: arguments.count)
                return try answer(PQexecPrepared(handle, name, Int32(arguments.count), values, lengths, formats, 1))
            }
        }

        private func prepare(_ sql: String, _ handle: OpaquePointer) throws -> String {
            if let name = prepared[sql] { return name }
            let name = "s\(prepared.count)"
            _ = try answer(PQprepare(handle, name, sql, 0, nil))
            prepared[sql] = name
            return name
        }

        private func answer(_ result: OpaquePointer?) throws -> PostgreSQLRows {
            guard let result else { throw lost }
            let rows = PostgreSQLRows(owning: result)
            let status = PQresultStatus(result)
            if status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK { return rows }
            let state = PQresultErrorField(result, Self.stateField).map { String(cString: $0) }
            let message = PQresultErrorField(result, Self.primaryField).map { String(cString: $0) } ?? "no answer"
            let isLost = PQstatus(handle) == CONNECTION_BAD || state?.hasPrefix("08") == true || state?.hasPrefix("57P0") == true
            if isLost { close() }
            if state == "53100" { throw StoreFull.disk }
            throw PostgreSQLFailure(state: state, message: message, isConnectionLost: isLost)
        }

        private var lost: PostgreSQLFailure {
            close()
            return PostgreSQLFailure(message: "the connection is gone", isConnectionLost: true)
        }

        private var lastMessage: String {
            let message = PQerrorMessage(handle).map { String(cString: $0) } ?? "out of memory"
            return message.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        }

        // `PG_DIAG_SQLSTATE` and `PG_DIAG_MESSAGE_PRIMARY`, which are macros.
        private static let stateField = Int32(UInt8(ascii: "C"))
        private static let primaryField = Int32(UInt8(ascii: "M"))

        /// The channel payloads that have come since it was asked last. Takes what lies at the socket, and does not wait.
        func notifications() throws -> [String] {
            guard let handle, PQconsumeInput(handle) == 1 else { throw lost }
            var payloads: [String] = []
            while let notification = PQnotifies(handle) {
                payloads.append(String(cString: notification.pointee.extra))
                PQfreemem(notification)
            }
            return payloads
        }
    }
#endif
