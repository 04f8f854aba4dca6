import Foundation
import SyncCore

/// What 10,000 pushes of one change each cost a client: each edit is committed, sealed, signed and sent by itself.
///
///     single-pushes RELAY-URL COUNT
///
/// Founds a team in a temporary folder, and takes that away at the end. The relay runs as another process, so that the time of
/// this one is the client's alone. What it sent is asked of the relay afterwards, outside what is measured.
@main
struct SinglePushes {
    static func main() async throws {
        let arguments = CommandLine.arguments
        guard arguments.count == 3, let count = Int(arguments[2]) else {
            FileHandle.standardError.write(Data("usage: single-pushes RELAY-URL COUNT\n".utf8))
            exit(2)
        }
        let folder = NSTemporaryDirectory() + "single-pushes-" + UUID().uuidString
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let replica = try Replica.found(at: folder, team: "bench", device: "bench")
        try replica.addRemote(name: "relay", url: arguments[1])
        guard let remote = try replica.remote("relay") else { throw Failed() }
        _ = try await Exchange(replica, remote: remote).push()

        let start = ContinuousClock.now
        var (changes, segments, bytes) = (0, 0, 0)
        var record: RecordID?
        for number in 0..<count {
            record = try edit(replica, number, record)
            let report = try await Exchange(replica, remote: remote).push()
            changes += report.changes
            segments += report.segments
            bytes += report.bytes
        }
        let elapsed = ContinuousClock.now - start

        guard changes == count, try await Exchange(replica, remote: remote).preview().lacking == 0 else { throw Failed() }
        let seconds = Double(elapsed.components.seconds) + Double(elapsed.components.attoseconds) / 1e18
        let text = "\(count) pushes of one change: \(seconds) s, \(segments) segments, \(bytes) bytes\n"
        FileHandle.standardOutput.write(Data(text.utf8))
    }

    /// The relay does not have what was sent.
    private struct Failed: Error {}

    /// Every tenth change adds a record, the others set its title.
    private static func edit(_ replica: Replica, _ number: Int, _ known: RecordID?) throws -> RecordID {
        try replica.commit { draft in
            let record = number % 10 == 0 ? draft.create(.event) : known ?? draft.create(.event)
            try draft.assign(record, Field.title, .text("Rally number \(number), in front of the town hall"))
            return record
        }.result
    }
}
