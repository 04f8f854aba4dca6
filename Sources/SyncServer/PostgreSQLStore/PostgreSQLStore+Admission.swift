#if PostgreSQL
    import SyncCore

    extension PostgreSQLStore {
        func addAdmission(_ token: AdmissionToken) async throws {
            let now = surroundings.now()
            try await pool.run(.writing) { connection in
                try connection.run("DELETE FROM admission WHERE expires <= $1", [.int(now)])
                try connection.run(
                    """
                    INSERT INTO admission (hash, uses, expires) VALUES ($1, $2, $3)
                    ON CONFLICT (hash) DO UPDATE SET uses = excluded.uses, expires = excluded.expires
                    """, [.bytes(token.hash.bytes), .int(token.uses), .int(token.expires)])
            }
        }

        func admissions() async throws -> [AdmissionToken] {
            let now = surroundings.now()
            return try await pool.run(.plain) { connection in
                try connection.run(
                    "SELECT hash, uses, expires FROM admission WHERE expires > $1 ORDER BY expires, hash", [.int(now)]
                )
                .map { AdmissionToken(hash: try $0.hash(0), uses: try $0.int(1), expires: try $0.int(2)) }
            }
        }

        func removeAdmission(_ hash: Hash32) async throws -> Bool {
            try await pool.run(.writing) { connection in
                try connection.run("DELETE FROM admission WHERE hash = $1", [.bytes(hash.bytes)]).changed > 0
            }
        }
    }

    enum AdmissionTable {
        /// Whether a team may begin; a token has one use less then. Its row stays locked to the commit: it is used up once.
        static func admits(_ admittance: Admittance, now: Int64, _ connection: PostgreSQLConnection) throws -> Bool {
            switch admittance {
            case .anybody: return true
            case .nobody: return false
            case .token(let hash):
                let used = try connection.run(
                    "UPDATE admission SET uses = uses - 1 WHERE hash = $1 AND uses > 0 AND expires > $2",
                    [.bytes(hash.bytes), .int(now)])
                try connection.run("DELETE FROM admission WHERE hash = $1 AND uses = 0", [.bytes(hash.bytes)])
                return used.changed > 0
            }
        }
    }
#endif
