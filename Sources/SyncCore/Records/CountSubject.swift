/// What was counted. Raw values are stored, and are what the command line takes.
public enum CountSubject: String, Hashable, Sendable, CaseIterable {
    case attendance
    case arrests
    case injuredParticipants = "injured-participants"
    case injuredPolice = "injured-police"
}
