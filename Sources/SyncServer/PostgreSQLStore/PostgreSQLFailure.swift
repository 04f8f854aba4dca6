#if PostgreSQL
    /// What went wrong between a relay and its database. It names tables and settings, never a value and never a password.
    struct PostgreSQLFailure: CodedFailure {
        /// The five characters that PostgreSQL documents; nil where no answer came.
        var state: String?
        var message: String
        /// Nothing more comes of this connection. Whether a commit that was under way held is not known.
        var isConnectionLost = false

        var code: String { "PostgreSQL \(state ?? (isConnectionLost ? "connection lost" : "unknown"))" }

        static let collision = PostgreSQLFailure(state: "40001", message: "another transaction was in the way")

        /// Undone whole because another transaction was in the way.
        var isCollision: Bool { state == "40001" || state == "40P01" }
    }
#endif
