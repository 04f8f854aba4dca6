/// At which moment of an event a number was counted or named. Raw values are stored and typed.
public enum CountStage: String, Hashable, Sendable, CaseIterable {
    /// Before the event: registered, announced, hoped for. Never attendance.
    case expected
    case during
    case peak
    case final

    /// Whether a number of this stage is about people who were there.
    public var isAttendance: Bool { self != .expected }
}
