import Foundation
import SyncCore

/// Replays the editing trace known as B4 as changes of 1,000 edits of a letter, and says what it takes: `run.py` beside this runs it with the peers.
///
/// Reads lines of `position deleted text-in-hex` from the file that the first argument names; the second is a folder for a store.
struct Trace {
    var patches: [(position: Int, deleted: Int, inserted: [UInt8])] = []

    init(_ path: String) throws {
        for line in try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n") {
            let parts = line.split(separator: " ", omittingEmptySubsequences: false)
            patches.append((Int(parts[0]) ?? 0, Int(parts[1]) ?? 0, Hex.decode(String(parts[2])) ?? []))
        }
    }

    func edits(of size: Int) -> [TextEdit] {
        stride(from: 0, to: patches.count, by: size).map { start in
            var edit = TextEdit()
            for patch in patches[start..<min(start + size, patches.count)] {
                edit.append(at: patch.position, deleting: patch.deleted, inserting: patch.inserted)
            }
            return edit
        }
    }
}

/// One author, one change after the other.
struct Line: ChangeGraph, ChangeNumbering {
    func isKnown(_ name: ChangeName) -> Bool { true }
    func isOnBranch(_ earlier: ChangeName, of later: ChangeName) -> Bool { true }
    func namedByVoid(_ write: WriteName, in slot: RecordState.Slot) -> [WriteName] { [] }
    func number(of name: ChangeName) -> Int64 { Int64(name.seq) }
    func change(_ number: Int64) -> (name: ChangeName, lamport: UInt64) { (Self.name(UInt64(number)), UInt64(number)) }

    static let record = RecordID(high: 5, low: 6)
    static let author = AuthorID(high: 1, low: 2)
    /// A mark for each, as random as marks are.
    static func name(_ seq: UInt64) -> ChangeName { ChangeName(author: author, seq: seq, mark: seq &* 0x9e37_79b9_7f4a_7c15) }

    static func changes(_ edits: [TextEdit]) -> [Change] {
        let first = Operation(.assign, record: .id(record), field: Field.description, value: .text(""))
        let later = edits.enumerated().map { number, edit in
            Operation(
                .edit, record: .named, field: Field.description, names: [WriteName(change: name(UInt64(number + 1)), operation: 0)], value: edit.value)
        }
        return ([first] + later).enumerated().map { number, operation in
            let seq = UInt64(number + 1)
            return Change(
                name: name(seq), previousMark: seq > 1 ? name(seq - 1).mark : nil, wall: 1_700_000_000_000 + Int64(number) * 61_234,
                dependencies: [], operations: [operation])
        }
    }

    static func apply(_ changes: some Sequence<Change>, to state: inout RecordState) {
        for change in changes {
            state.touch(change.name)
            let stamp = Stamp(lamport: change.name.seq, write: WriteName(change: change.name, operation: 0))
            state.apply(change.operations[0], stamp: stamp, rules: Schema.current.rules, graph: Line())
        }
    }
}

func milliseconds(_ body: () throws -> Void) rethrows -> Double {
    let taken = try ContinuousClock().measure(body)
    return Double(taken.components.attoseconds) / 1e15 + Double(taken.components.seconds) * 1000
}

let trace = try Trace(CommandLine.arguments[1])
var changes: [Change] = []
let gathered = milliseconds { changes = Line.changes(trace.edits(of: 1000)) }
var state = RecordState()
let applied = milliseconds { Line.apply(changes, to: &state) }
let content = SegmentContent(heads: [], changes: changes).encoded(author: Line.author, epoch: EpochID(high: 0, low: 0))
let kept = try state.bytes(numbering: Line())
var next = TextEdit()
next.append(at: 0, deleting: 0, inserting: "x".utf8)
let last = Line.changes(trace.edits(of: 1000) + [next]).suffix(1)
let opened = try milliseconds {
    var state = try RecordState(kept, numbering: Line())
    Line.apply(last, to: &state)
}

let folder = CommandLine.arguments[2] + "/store"
let store = try Replica.found(at: folder, team: "Bench", device: "bench", surroundings: .system)
let record = try store.commit { draft in
    let id = draft.create(.event)
    try draft.assign(id, Field.description, .text(""))
    return id
}.result
let edits = trace.edits(of: 1000)
let committed = try milliseconds { for edit in edits { _ = try store.commit { try $0.edit(record, Field.description, edit) } } }
let text = try store.read { try $0.document(record)?.value(Field.description)?.text } ?? ""
let reopened = try milliseconds {
    let again = try Replica(openingAt: folder, surroundings: .system)
    _ = try again.read { try $0.openText(record, Field.description) }
}
print(
    """
    {"edits": \(trace.patches.count), "apply_ms": \(gathered + applied), "merge_ms": \(applied), "bytes": \(content.count), "state_bytes": \(kept.count),
     "open_ms": \(opened), "durable_ms": \(committed), "store_open_ms": \(reopened), "length": \(text.utf8.count),
     "hash": "\(Digest.plain(Array(text.utf8)))"}
    """)
