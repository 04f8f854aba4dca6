import Foundation
import SyncCore

/// What may be logged of an error: a class and a number (SQLite's, where it comes from there), never its text.
struct FailureCode: CustomStringConvertible {
    let description: String

    init(_ error: any Error) {
        description =
            (error as? SyncError)?.kind.rawValue ?? (error as? any CodedFailure)?.code
            ?? "\(type(of: error)) \((error as NSError).code)"
    }
}

/// An error that knows what may be logged of it.
protocol CodedFailure: Error {
    var code: String { get }
}
