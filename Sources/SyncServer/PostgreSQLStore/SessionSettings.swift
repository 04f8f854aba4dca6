#if PostgreSQL
    import SyncCore

    /// What every session of a relay is bound to.
    enum SessionSettings {
        /// No statement of a relay takes long: whatever does is given up, before requests pile up behind it.
        private static let limits = """
            SET client_min_messages = warning;
            SET statement_timeout = '30s';
            SET lock_timeout = '10s';
            SET idle_in_transaction_session_timeout = '30s';
            SET default_transaction_isolation = 'read committed';
            SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') NOT IN ('on', 'remote_apply');
            """

        /// Throws where a commit that was acknowledged might be lost in a crash of the database.
        static func apply(to connection: PostgreSQLConnection) throws {
            try connection.script(limits)
            let rows = try connection.run("SELECT current_setting('synchronous_commit'), current_setting('fsync')")
            guard let row = rows.first, ["on", "remote_apply"].contains(row.text(0)), row.text(1) == "on" else {
                throw SyncError(
                    .failure, "The database would not keep in a crash what the relay acknowledged.",
                    next: "Turn `fsync` and `synchronous_commit` on in its configuration.")
            }
        }
    }
#endif
