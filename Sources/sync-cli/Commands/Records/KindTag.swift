import SyncCore

/// Which kind of record a command is for: events and petitions share what is the same for both.
protocol KindTag: Sendable {
    static var kind: RecordKind { get }
    /// `an event`.
    static var noun: String { get }
}

enum Events: KindTag {
    static let kind = RecordKind.event
    static let noun = "an event"
}

enum Petitions: KindTag {
    static let kind = RecordKind.petition
    static let noun = "a petition"
}
