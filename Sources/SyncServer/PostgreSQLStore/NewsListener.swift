#if PostgreSQL
    import SyncCore
    import Synchronization

    #if canImport(Glibc)
        import Glibc
    #elseif canImport(Darwin)
        import Darwin
    #endif

    /// Hears, on a connection of its own, what any relay on this database wrote, and announces it to who listens at this one.
    ///
    /// What was written while the connection was broken was not heard: after each new connection every team is announced.
    final class NewsListener: Sendable {
        private static let channel = "sync_relay"
        private static let pauses: ClosedRange<Int32> = 50...500

        private let connection: PostgreSQLConnection
        let news: TeamNews
        private let stopped = Atomic(false)
        /// What is written to it ends a wait.
        private let alarm: Alarm

        init(_ address: PostgreSQLAddress, _ news: TeamNews) throws {
            connection = PostgreSQLConnection(address)
            alarm = try Alarm()
            self.news = news
        }

        /// Tells every relay, once the transaction commits and not before.
        static func tell(_ team: PostgreSQLTeam, _ connection: PostgreSQLConnection) throws {
            try connection.run("SELECT pg_notify('\(channel)', encode($1::bytea, 'hex'))", [team.key])
        }

        func start() {
            connection.occupy { [self] connection in
                var pause = Self.pauses.lowerBound
                while !stopped.load(ordering: .relaxed) {
                    do {
                        try connection.open()
                        try connection.script("LISTEN \(Self.channel)")
                        news.announceAll()
                        pause = Self.pauses.lowerBound
                        while !stopped.load(ordering: .relaxed) { try hear(connection) }
                    } catch {
                        connection.close()
                        alarm.wait(milliseconds: pause)
                        pause = min(pause * 2, Self.pauses.upperBound)
                    }
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

        private func hear(_ connection: PostgreSQLConnection) throws {
            for payload in try connection.notifications() {
                if let handle = TeamHandle(hex: payload) { news.announce(handle) }
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
