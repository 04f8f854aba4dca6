import SyncCore

/// What waits, and for whom.
enum WaitingText {
    static func rows(_ status: ReplicaStatus) -> [(label: String, text: Line)] {
        guard !status.waiting.isEmpty else { return [] }
        let missing = missing(status)
        let named = missing.prefix(3).map { "\($0.change) of \($0.device)" }.joined(separator: ", ") + (missing.count > 3 ? ", …" : "")
        let verb = status.waiting.count == 1 ? "waits" : "wait"
        return [("waiting", Line("\(StatusCommand.count(status.waiting.count, "change")) \(verb) for what no remote has yet: \(named)"))]
    }

    static func json(_ status: ReplicaStatus) -> JSON {
        let missing = missing(status)
        guard !missing.isEmpty else { return .null }
        return .array(missing.map { .object([("change", .string($0.change.description)), ("device", .string($0.device))]) })
    }

    /// Each once, though many wait for it.
    private static func missing(_ status: ReplicaStatus) -> [(change: ChangeName, device: String)] {
        let devices = Dictionary(status.waiting.map { ($0.missing, $0.missingDevice ?? "an unknown device") }, uniquingKeysWith: { first, _ in first })
        return devices.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    }
}
