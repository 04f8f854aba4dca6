#if PostgreSQL
    import CPQ
    import Foundation
    import SyncCore

    /// Where a database is, as a URL says it. The URL may hold a password: it goes to libpq and nowhere else.
    struct PostgreSQLAddress: Sendable {
        private let url: String
        /// Host, port and database, for people.
        let description: String

        /// Throws for what is no URL of PostgreSQL, without repeating it.
        init(_ url: String) throws {
            guard url.hasPrefix("postgres://") || url.hasPrefix("postgresql://"), let options = Self.parse(url) else {
                throw SyncError(
                    .usage, "The address of the database is no PostgreSQL URL.",
                    next: "It looks like postgresql://user@host:5432/database (a password may stand in a .pgpass file).")
            }
            self.url = url
            let place = [options["host"] ?? "the local socket", options["port"]].compactMap { $0 }.joined(separator: ":")
            description = "PostgreSQL at \(place), database \(options["dbname"] ?? "of the user's name")"
        }

        private static func parse(_ url: String) -> [String: String]? {
            guard let options = PQconninfoParse(url, nil) else { return nil }
            defer { PQconninfoFree(options) }
            var values: [String: String] = [:]
            var next = options
            while let keyword = next.pointee.keyword {
                if let value = next.pointee.val { values[String(cString: keyword)] = String(cString: value) }
                next += 1
            }
            return values
        }

        /// What holds unless the URL says otherwise: a dead peer is noticed within seconds, and of several hosts the one that takes writes
        /// is chosen.
        private static let usual = [
            ("connect_timeout", "5"), ("keepalives_idle", "5"), ("keepalives_interval", "2"), ("keepalives_count", "3"),
            ("tcp_user_timeout", "15000"), ("target_session_attrs", "read-write"), ("application_name", "sync relay"),
        ]

        /// Blocks for as long as the connection takes. The caller looks at its status, and finishes it.
        func connect() -> OpaquePointer? {
            // A later keyword stands above an earlier one, so that the URL's own options come last.
            let pairs = Self.usual + [("dbname", url)]
            let (keywords, values) = (pairs.map { strdup($0.0) }, pairs.map { strdup($0.1) })
            defer { for text in keywords + values { free(text) } }
            return PQconnectdbParams(
                keywords.map { UnsafePointer($0) } + [nil], values.map { UnsafePointer($0) } + [nil], 1)
        }
    }
#endif
