/// A text as somebody has it open: what is saved later is told from it, whatever was done to the text meanwhile.
public struct OpenText: Sendable {
    public let record: RecordID
    public let field: UInt32
    public let text: String
    /// What was live then.
    let live: [Write]
}

extension Session {
    /// A text that is to be edited: of several the one that lists show, and none as an empty one.
    public func openText(_ record: RecordID, _ field: UInt32) throws -> OpenText {
        // Of records that are one, the text of the first that has one: each member's text stays its own.
        let owner = try merged(of: record)?.members.first { !$0.state.live(field).isEmpty }
        let live = owner?.state.live(field) ?? []
        return OpenText(record: owner?.id ?? record, field: field, text: live.first?.value.text ?? "", live: live)
    }

    /// The whole history of one text of a record, from the log; reads every change that touches the record.
    func textHistory(_ record: RecordID, _ slot: RecordState.Slot) throws -> TextHistory? {
        guard let stored = try view.record(record) else { return nil }
        let state = try RecordState(stored.state, numbering: index)
        var entries: [TextHistory.Entry] = []
        for change in try state.touches.compactMap({ try index.stored($0) }) {
            let touched = try Touched(try view.touched(change.number) ?? [])
            for (place, operation) in try loader.change(change, log).operations.enumerated() {
                let number = UInt32(truncatingIfNeeded: place)
                guard RecordState.Slot(operation.field, operation.key) == slot, TextHistory.holds(operation, schema.rules),
                    touched.record(ofOperation: number) == stored.number
                else { continue }
                let stamp = Stamp(lamport: change.lamport, write: WriteName(change: change.name, operation: number))
                entries.append(TextHistory.Entry(stamp: stamp, operation: operation, isVoid: change.void != nil))
            }
        }
        return TextHistory(entries)
    }

    /// The text that some edits of it make together.
    func textReplay(_ record: RecordID, _ slot: RecordState.Slot, _ heads: [WriteName]) throws -> TextReplay? {
        try textHistory(record, slot)?.replay(heads)
    }
}
