import GRDB
import SyncCore

extension SQLiteStore {
    func addAdmission(_ token: AdmissionToken) async throws {
        let now = surroundings.now()
        try await writer.write { db in
            let old = try RawStatement(db, "DELETE FROM admission WHERE expires <= ?")
            old.bind(1, now)
            try old.run()
            let insert = try RawStatement(db, "INSERT OR REPLACE INTO admission (hash, uses, expires) VALUES (?, ?, ?)")
            insert.bind(1, token.hash.bytes)
            insert.bind(2, token.uses)
            insert.bind(3, token.expires)
            try insert.run()
        }
    }

    func admissions() async throws -> [AdmissionToken] {
        let now = surroundings.now()
        return try await pool.read { db in
            let query = try RawStatement(db, "SELECT hash, uses, expires FROM admission WHERE expires > ? ORDER BY expires, hash")
            query.bind(1, now)
            defer { query.reset() }
            var tokens: [AdmissionToken] = []
            while try query.step() {
                tokens.append(AdmissionToken(hash: try query.hash(0), uses: query.int(1), expires: query.int(2)))
            }
            return tokens
        }
    }

    func removeAdmission(_ hash: Hash32) async throws -> Bool {
        try await writer.write { db in
            let delete = try RawStatement(db, "DELETE FROM admission WHERE hash = ?")
            delete.bind(1, hash.bytes)
            try delete.run()
            return db.changesCount > 0
        }
    }

    /// A token that was left for this relay since it began is its own from now on.
    func takeLeft(_ hash: Hash32) async throws {
        guard let token = admissionFolder.find(hash) else { return }
        try await addAdmission(token)
        admissionFolder.remove(hash)
    }

    /// Whether a team may begin; a token has one use less then.
    static func admits(_ admittance: Admittance, now: Int64, in db: Database) throws -> Bool {
        switch admittance {
        case .anybody: return true
        case .nobody: return false
        case .token(let hash):
            let use = try RawStatement(db, "UPDATE admission SET uses = uses - 1 WHERE hash = ? AND uses > 0 AND expires > ?")
            use.bind(1, hash.bytes)
            use.bind(2, now)
            try use.run()
            let isGood = db.changesCount > 0
            let spent = try RawStatement(db, "DELETE FROM admission WHERE hash = ? AND uses = 0")
            spent.bind(1, hash.bytes)
            try spent.run()
            return isGood
        }
    }
}
