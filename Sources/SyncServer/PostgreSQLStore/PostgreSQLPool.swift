#if PostgreSQL
    import SyncCore
    import Synchronization

    /// A few connections that requests share: each has one to itself for as long as its transaction takes, the others wait in order.
    ///
    /// A connection is made when it is first needed, and again after it broke. What broke before anything was written, or in a read, is
    /// done once more on a new connection. A write that broke fails: whether its commit held is not known, and its caller sends it again.
    final class PostgreSQLPool: Sendable {
        enum Kind {
            /// Statements that need no common view of the data. Nothing is written.
            case plain
            /// All statements see what was committed before the first one.
            case reading
            /// Each statement sees what was committed before it; returns after the commit is durable.
            case writing
        }

        private struct State {
            var idle: [PostgreSQLConnection]
            var waiting: [CheckedContinuation<PostgreSQLConnection, any Error>] = []
            var busy = 0
            var isClosed = false
            /// Who waits for the last busy one.
            var closing: [CheckedContinuation<Void, Never>] = []
        }

        private let state: Mutex<State>

        init(_ address: PostgreSQLAddress, connections: Int) {
            state = Mutex(State(idle: (0..<connections).map { _ in PostgreSQLConnection(address) }))
        }

        func run<Value: Sendable>(
            _ kind: Kind, _ body: @escaping @Sendable (PostgreSQLConnection) throws -> Value
        ) async throws -> Value {
            let connection = try await take()
            let result: Result<Value, any Error>
            do {
                result = .success(try await connection.perform { try Attempt.run(kind, on: $0, body) })
            } catch {
                result = .failure(error)
            }
            await giveBack(connection)
            return try result.get()
        }

        /// Refuses what comes from now on, and returns after what was accepted is done.
        func close() async {
            let idle = state.withLock { state in
                state.isClosed = true
                defer { state.idle = [] }
                return state.idle
            }
            for connection in idle { try? await connection.perform { $0.close() } }
            await withCheckedContinuation { continuation in
                let isQuiet = state.withLock { state in
                    if state.busy > 0 { state.closing.append(continuation) }
                    return state.busy == 0
                }
                if isQuiet { continuation.resume() }
            }
        }

        private func take() async throws -> PostgreSQLConnection {
            try await withCheckedThrowingContinuation { continuation in
                let result: Result<PostgreSQLConnection, any Error>? = state.withLock { state in
                    guard !state.isClosed else { return .failure(SyncError(.failure, "The relay is stopping.")) }
                    guard let connection = state.idle.popLast() else {
                        state.waiting.append(continuation)
                        return nil
                    }
                    state.busy += 1
                    return .success(connection)
                }
                if let result { continuation.resume(with: result) }
            }
        }

        private func giveBack(_ connection: PostgreSQLConnection) async {
            let isClosed = state.withLock { state in
                if !state.waiting.isEmpty {
                    state.waiting.removeFirst().resume(returning: connection)
                    return false
                }
                if !state.isClosed {
                    state.idle.append(connection)
                    state.busy -= 1
                }
                return state.isClosed
            }
            guard isClosed else { return }
            try? await connection.perform { $0.close() }
            let closing = state.withLock { state in
                state.busy -= 1
                defer { if state.busy == 0 { state.closing = [] } }
                return state.busy == 0 ? state.closing : []
            }
            for continuation in closing { continuation.resume() }
        }
    }

    /// A body in its transaction, on the connection's own thread.
    private enum Attempt {
        private enum Stage {
            case connecting, beginning, inside, committing
        }

        static func run<Value>(
            _ kind: PostgreSQLPool.Kind, on connection: PostgreSQLConnection, _ body: (PostgreSQLConnection) throws -> Value
        ) throws -> Value {
            var stage = Stage.connecting
            do {
                return try once(kind, connection, &stage, body)
            } catch let failure as PostgreSQLFailure where mayRepeat(kind, failure, stage) {
                return try once(kind, connection, &stage, body)
            }
        }

        private static func mayRepeat(_ kind: PostgreSQLPool.Kind, _ failure: PostgreSQLFailure, _ stage: Stage) -> Bool {
            switch stage {
            case .connecting: false
            case .beginning: failure.isConnectionLost
            case .inside: failure.isCollision || failure.isConnectionLost && kind != .writing
            case .committing: kind != .writing
            }
        }

        private static func once<Value>(
            _ kind: PostgreSQLPool.Kind, _ connection: PostgreSQLConnection, _ stage: inout Stage,
            _ body: (PostgreSQLConnection) throws -> Value
        ) throws -> Value {
            stage = .connecting
            try connection.open()
            guard kind != .plain else {
                stage = .inside
                return try body(connection)
            }
            stage = .beginning
            try connection.script(kind == .writing ? "BEGIN" : "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
            stage = .inside
            do {
                let value = try body(connection)
                stage = .committing
                // A transaction that cannot commit is rolled back, and that is no error of its own.
                guard try connection.script("COMMIT").command == "COMMIT" else { throw PostgreSQLFailure(message: "rolled back") }
                return value
            } catch {
                undo(connection)
                throw error
            }
        }

        /// A connection on which even this fails is not used again.
        private static func undo(_ connection: PostgreSQLConnection) {
            do { try connection.script("ROLLBACK") } catch { connection.close() }
        }
    }
#endif
