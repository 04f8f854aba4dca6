import Foundation
import SyncCore
import Synchronization

/// A folder of its own that goes away with the test.
final class TestFolder: Sendable {
    let path: String

    init() throws {
        let template = FileManager.default.temporaryDirectory.path + "/sync-relay-XXXXXX"
        var bytes = Array(template.utf8CString)
        guard let made = mkdtemp(&bytes) else { throw SyncError(.failure, "no temporary folder") }
        path = String(cString: made)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }
}

/// A clock that stands still until it is moved.
final class TestClock: Sendable {
    private let now = Mutex<Int64>(1_700_000_000_000)

    func advance(hours: Int64) { now.withLock { $0 += hours * 3_600_000 } }
    func advance(seconds: Int64) { now.withLock { $0 += seconds * 1000 } }

    var surroundings: Surroundings {
        Surroundings(now: { self.now.withLock { $0 } }, random: { TestKeys.bytes("random", $0) })
    }
}
