@testable import SyncCore

/// The laws of merging alone, on histories that no replica made: quick, and with a hostile writer who names whatever there is.
enum Laws {
    /// What a seed's history breaks; nil where every law holds.
    static func breach(seed: UInt64, length: Int = 45) -> String? {
        var history = History(seed: seed, length: length)
        history.aimAhead()
        for void in [[], history.voidSet()] {
            let all = Knowledge(history, of: Set(history.changes.map(\.name)), void: void)
            do {
                for record in history.records { try check(record, all) }
                for isCausal in [true, false] { try checkOrder(history, all, isCausal: isCausal) }
            } catch { return "\(error)" }
        }
        return nil
    }

    private static func check(_ record: RecordID, _ graph: Knowledge) throws {
        let (state, oracle) = (graph.state(of: record), Oracle(graph, record))
        try Checkers.compare(state, oracle, graph, record)
        guard Set(state.editsUnseen(graph: graph)) == oracle.unseenEdits() else { throw Failure("\(record): edits that no deletion saw") }
        try Checkers.compare(RecordDocument(id: record, state: state, graph: graph), [oracle], record)
    }

    /// In any order, some twice, and with the void set known late: the same.
    private static func checkOrder(_ history: History, _ all: Knowledge, isCausal: Bool) throws {
        let grown = Incremental(history, void: [])
        for change in history.order(causal: isCausal) { grown.apply(change) }
        grown.setVoid(all.void)
        for record in history.records where grown.states[record] ?? RecordState() != all.state(of: record) {
            throw Failure("\(record): another order gives another state")
        }
    }
}
