#if PostgreSQL
    import SyncCore

    /// The tables of a relay in PostgreSQL, in whatever schema the address's `search_path` names first.
    ///
    /// What belongs to a team has the team's handle first in its primary key and in every unique one, and every statement names it: a
    /// distributed PostgreSQL (Citus, YugabyteDB) can keep a team's rows of all tables on one node, by the column `team`.
    /// It is the handle, and not a number, so that teams begin on any node without a counter that all nodes share; a row of a segment,
    /// some hundred bytes, grows by eight.
    ///
    /// Four tables are looked up by people who know an id and no team, and have that id first instead: `mailbox` and `request` by the
    /// mailbox's, `control_tag` by the tag of a recovery key, `admission` by a token's hash. A distributed database spreads them by it. `control_tag` names the team and
    /// position of what it finds, which the second look-up goes to.
    enum PostgreSQLSchema {
        /// Each brings the tables from the version before it to its own: numbers count from 1. One that was released is never changed.
        static let migrations = [first, limits]

        private static let first = """
            CREATE TABLE team (
                team bytea PRIMARY KEY, counter bigint NOT NULL, position bigint NOT NULL, digest bytea NOT NULL,
                control bigint NOT NULL, logs bigint NOT NULL
            );
            CREATE TABLE registration (team bytea, counter bigint, bytes bytea NOT NULL, PRIMARY KEY (team, counter));
            CREATE TABLE control (
                team bytea, position bigint, hash bytea NOT NULL, sealed bytea NOT NULL,
                PRIMARY KEY (team, position), UNIQUE (team, hash)
            );
            CREATE TABLE control_tag (
                tag bytea, number bigint GENERATED ALWAYS AS IDENTITY, team bytea NOT NULL, position bigint NOT NULL,
                PRIMARY KEY (tag, number)
            );
            CREATE TABLE log (
                team bytea, number bigint, tag bytea NOT NULL, key bytea NOT NULL, PRIMARY KEY (team, number), UNIQUE (team, tag)
            );
            CREATE TABLE head (team bytea, log bigint, idx bigint, chain bytea, PRIMARY KEY (team, log, idx, chain));
            CREATE TABLE segment (
                team bytea, position bigint, log bigint NOT NULL, idx bigint NOT NULL, chain bytea NOT NULL, digest bytea,
                bytes bytea NOT NULL, PRIMARY KEY (team, position), UNIQUE (team, log, idx, chain)
            );
            CREATE TABLE withdrawn (team bytea, chain bytea, PRIMARY KEY (team, chain));
            CREATE TABLE mailbox (
                id bytea PRIMARY KEY, team bytea NOT NULL, expires bigint NOT NULL, places bigint NOT NULL, box bytea NOT NULL
            );
            CREATE INDEX mailbox_expires ON mailbox (expires);
            CREATE INDEX mailbox_team ON mailbox (team);
            CREATE TABLE request (
                box bytea REFERENCES mailbox ON DELETE CASCADE, number bigint, bytes bytea NOT NULL, PRIMARY KEY (box, number)
            );
            -- What is sealed does not shrink.
            ALTER TABLE segment ALTER bytes SET STORAGE EXTERNAL;
            ALTER TABLE control ALTER sealed SET STORAGE EXTERNAL;
            ALTER TABLE mailbox ALTER box SET STORAGE EXTERNAL;
            """

        /// How much each team has, and who may begin one. What is there already is read through once.
        private static let limits = """
            ALTER TABLE team ADD COLUMN bytes bigint NOT NULL DEFAULT 0;
            UPDATE team SET bytes =
                coalesce((SELECT sum(octet_length(s.bytes)) FROM segment s WHERE s.team = team.team), 0)
                + coalesce((SELECT sum(octet_length(c.sealed)) FROM control c WHERE c.team = team.team), 0);
            CREATE TABLE admission (hash bytea PRIMARY KEY, uses bigint NOT NULL, expires bigint NOT NULL);
            """

        /// Any number that other programs on the same database do not use, and the schema's.
        private static let lock = "SELECT pg_advisory_xact_lock(\(0x5379_6e63), hashtext(current_schema()))"

        /// Brings the tables up to this version, in one transaction. Of nodes that start at once, one does, and the others wait for it,
        /// however long it takes.
        static func upgrade(_ connection: PostgreSQLConnection) throws {
            try connection.script("SET LOCAL lock_timeout = 0; SET LOCAL statement_timeout = 0")
            try connection.script(lock)
            try connection.script("CREATE TABLE IF NOT EXISTS relay_schema (version bigint PRIMARY KEY)")
            let found = try Int(try connection.run("SELECT coalesce(max(version), 0) FROM relay_schema")[0].int(0))
            guard found <= migrations.count else {
                throw SyncError(
                    .failure, "The database was made by a newer version of the relay.", safe: "It was not touched.",
                    next: "Run the version that made it, or a newer one.")
            }
            for (index, migration) in migrations.enumerated().dropFirst(found) {
                try connection.script(migration)
                try connection.run("INSERT INTO relay_schema (version) VALUES ($1)", [.int(Int64(index + 1))])
            }
        }
    }
#endif
