import SyncCore

/// What a pull did, for programs.
enum PulledText {
    static func members(_ pull: PullReport, _ name: String, _ replica: Replica) -> [(String, JSON)] {
        let received = pull.received
        return [
            ("remote", .string(name)), ("changes", JSON(received.changes)),
            ("devices", JSON(received.authors.count)), ("new_events", JSON(received.newRecords[.event] ?? 0)),
            ("new_petitions", JSON(received.newRecords[.petition] ?? 0)),
            ("updated", JSON(received.updatedRecords)), ("relay_was_reset", JSON(pull.relayWasReset)),
            ("conflicts", JSON(try? replica.read { try $0.conflictCount() })),
        ]
    }
}
