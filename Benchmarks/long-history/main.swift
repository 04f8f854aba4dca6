import Foundation
import SyncCore

/// How long it takes, in a store of 100,000 changes, to open it and tell the history of one record.
///
///     long-history FOLDER [CHANGES] [RECORDS] [SEALED-EVERY]
///
/// FOLDER is made. Every change sets the status of one record in turn, and every so many changes are sealed, as by a push: 100 where
/// nothing is said, 0 for never.
func milliseconds(_ body: () throws -> Void) rethrows -> Double {
    let taken = try ContinuousClock().measure(body)
    return Double(taken.components.attoseconds) / 1e15 + Double(taken.components.seconds) * 1000
}

let arguments = CommandLine.arguments
let folder = arguments[1] + "/store"
let changes = arguments.count > 2 ? Int(arguments[2]) ?? 100_000 : 100_000
let count = arguments.count > 3 ? Int(arguments[3]) ?? 1000 : 1000
let every = arguments.count > 4 ? Int(arguments[4]) ?? 100 : 100
try FileSystem.createPrivateFolder(arguments[1])
let words = ["called", "confirmed", "postponed", "cancelled", "held", "unverified"]
var record = RecordID(high: 0, low: 0)
var made = 0.0
do {
    let replica = try Replica.found(at: folder, team: "Bench", device: "bench", surroundings: .system)
    let records = try replica.commit { draft in
        try (0..<count).map { number in
            let id = draft.create(.event)
            try draft.assign(id, Field.title, .text("Rally \(number)"))
            return id
        }
    }.result
    record = records[count / 2]
    made = try milliseconds {
        for number in 0..<changes {
            _ = try replica.commit { try $0.assign(records[number % count], Field.status, .text(words[number / count % words.count])) }
            if every > 0, number % every == every - 1 { _ = try replica.seal() }
        }
    }
}
for round in 1...5 {
    var edits = 0
    var replica: Replica?
    let opened = try milliseconds {
        replica = try Replica(openingAt: folder, surroundings: .system)
        edits = try replica?.read { try $0.history(of: record).count } ?? 0
    }
    let again = try milliseconds { _ = try replica?.read { try $0.history(of: record).count } }
    print("round \(round): \(changes) changes, \(edits) edits of the record: opened and told in \(opened) ms, told again in \(again) ms")
}
print("one commit: \(made / Double(changes)) ms")
