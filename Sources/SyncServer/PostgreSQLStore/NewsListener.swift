#if PostgreSQL
    import SyncCore
    import Synchronization

    #if canImport(Glibc)
        import Glibc
    #elseif canImport(Darwin)
        import Darwin
    #endif

    /// Hears, on a connection of its own, what other relays on this database wrote, and announces it to who listens at this one. What this
    /// relay itself writes is announced by who writes it.
    ///
    /// What was written while the connection was broken was not heard: after each new connection every team is announced.
    final class NewsListener: Sendable {
        /// One for each schema of a database: others that use the database are not woken. In SQL.
        private static let channel = "'sync_relay_' || hashtext(current_schema())"
        private static let listening = "DO $$ BEGIN EXECUTE format('LISTEN %I', \(channel)); END $$"
        private static let pauses: ClosedRange<Int32> = 50...500

        private let connection: PostgreSQLConnection
        private let news: TeamNews
        /// What this relay's own notifications end with.
        private let origin: String
        private let stopped = Atomic(false)
        /// What is written to it ends a wait.
        private let alarm: Alarm

        init(_ address: PostgreSQLAddress, _ news: TeamNews, _ surroundings: Surroundings) throws {
            connection = PostgreSQLConnection(address)
            alarm = try Alarm()
            self.news = news
            origin = Hex.encode(surroundings.random(8))
        }

        /// Tells every other relay, once the transaction commits and not before.
        func tell(_ team: PostgreSQLTeam, _ connection: PostgreSQLConnection) throws {
            try connection.run("SELECT pg_notify(\(Self.channel), encode($1::bytea, 'hex') || '\(origin)')", [team.key])
        }

        /// Returns when it hears.
        func start() async throws {
            try await connection.perform { connection in
                try connection.open()
                try connection.script(Self.listening)
            }
            connection.occupy { [self] connection in
                var pause = Self.pauses.lowerBound
                while !stopped.load(ordering: .relaxed) {
                    do {
                        while !stopped.load(ordering: .relaxed) { try hear(connection) }
                    } catch {
                        connection.close()
                    }
                    while !stopped.load(ordering: .relaxed), !hearsAgain(connection) {
                        alarm.wait(milliseconds: pause)
                        pause = min(pause * 2, Self.pauses.upperBound)
                    }
                    pause = Self.pauses.lowerBound
                }
                connection.close()
            }
        }

        /// Returns after nothing more is announced.
        func stop() async {
            stopped.store(true, ordering: .relaxed)
            alarm.ring()
            try? await connection.perform { $0.close() }
        }

        private func hearsAgain(_ connection: PostgreSQLConnection) -> Bool {
            do {
                try connection.open()
                try connection.script(Self.listening)
            } catch {
                connection.close()
                return false
            }
            news.announceAll()
            return true
        }

        private func hear(_ connection: PostgreSQLConnection) throws {
            for payload in try connection.notifications() where !payload.hasSuffix(origin) {
                if let handle = TeamHandle(hex: String(payload.prefix(32))) { news.announce(handle) }
            }
            alarm.wait(orFor: connection.socket)
        }
    }

    /// Wakes a thread that waits for a socket.
    private final class Alarm: Sendable {
        private let reading: Int32
        private let writing: Int32

        init() throws {
            var ends: [Int32] = [-1, -1]
            guard pipe(&ends) == 0 else { throw SyncError(.failure, "The system has no more files to open.") }
            (reading, writing) = (ends[0], ends[1])
        }

        deinit {
            close(reading)
            close(writing)
        }

        func ring() { _ = write(writing, [1], 1) }

        /// Until it rang, or the socket has something to read.
        func wait(orFor socket: Int32? = nil, milliseconds: Int32 = -1) {
            var files = [reading, socket].compactMap { $0 }.map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
            _ = poll(&files, nfds_t(files.count), milliseconds)
        }
    }
#endif
