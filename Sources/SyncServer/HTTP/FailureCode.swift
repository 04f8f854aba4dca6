import SyncCore

/// What may be logged of an error: a class or a number, never its text.
struct FailureCode: CustomStringConvertible {
    let description: String

    init(_ error: any Error) {
        description = (error as? SyncError)?.kind.rawValue ?? "other"
    }
}
