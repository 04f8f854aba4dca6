import Foundation
import SyncCore

/// What may be logged of an error: a class and a number (SQLite's, where it comes from there), never its text.
struct FailureCode: CustomStringConvertible {
    let description: String

    init(_ error: any Error) {
        description = (error as? SyncError)?.kind.rawValue ?? "\(type(of: error)) \((error as NSError).code)"
    }
}
