extension RecordState {
    /// A text whose live writes can only be told from its whole history: fold the record before reading it.
    public var isUnfolded: Bool { !unfolded.isEmpty }

    /// Applies an edit of a text at once if it was made on what the slot shows now; else the record is to be folded.
    mutating func applyEdit(_ operation: Operation, _ stamp: Stamp, _ rules: FieldRules, _ graph: some ChangeGraph) -> Outcome {
        guard let rule = rules[operation.field], rule.kind == .text, (rule.map != nil) == (operation.key != nil), !operation.names.isEmpty,
            let value = operation.value, let edit = TextEdit(value)
        else { return .skipped }
        let slot = Slot(operation.field, operation.key)
        if !unfolded.contains(slot), let write = follow(edit, of: operation.names, in: slot, stamp) {
            mutateWrites(slot) { writes in
                writes.name(operation.names, in: slot, graph: graph)
                writes.insert(write)
            }
        } else {
            unfolded.insert(slot)
            mutateWrites(slot) { _ in }
        }
        noteEdit(stamp.write.change)
        return .applied
    }

    /// The write that an edit makes where it follows everything that is live of one beginning, and nothing else.
    private func follow(_ edit: TextEdit, of names: [WriteName], in slot: Slot, _ stamp: Stamp) -> Write? {
        guard case .writes(let writes) = self[slot], !writes.awaited.contains(stamp.write),
            let first = writes.live.first(where: { $0.stamp.write == names[0] })
        else { return nil }
        let root = first.textRoot
        let heads = writes.live.filter { $0.textRoot == root }
        guard Set(names) == Set(heads.map(\.stamp.write)), !heads.contains(where: { $0.text?.isAbridged ?? false || $0.text?.hasTwins ?? false })
        else { return nil }
        var buffer = TextBuffer((first.value.text ?? "").utf8)
        buffer.apply(edit)
        let text = Value.text(String(decoding: buffer.bytes, as: UTF8.self))
        return Write(stamp: stamp, value: text, text: TextMark(root: root))
    }

    /// What replaces only a part of what was edited apart leaves the rest to be told anew.
    mutating func noteReplaced(_ names: [WriteName], in slot: Slot) {
        guard case .writes(let writes) = self[slot], writes.live.contains(where: { $0.text != nil }) else { return }
        if writes.live.contains(where: { !names.contains($0.stamp.write) }) { unfolded.insert(slot) }
    }

    /// The state of a text that was edited, from every operation on it.
    mutating func foldText(_ slot: Slot, _ entries: [TextHistory.Entry], graph: some ChangeGraph) {
        let history = TextHistory(entries)
        var writes = LiveWrites()
        for entry in entries where !entry.isVoid {
            let isEdit = entry.operation.code == .edit
            if isEdit, !history.isPlaced(entry.stamp.write) {
                writes.await(entry.operation.names.filter { !graph.isKnown($0.change) })
                continue
            }
            writes.name(entry.operation.names, in: slot, graph: UnsettledGraph(base: graph))
            if entry.operation.code == .redacted { continue }
            var write = Write(
                stamp: entry.stamp, value: isEdit ? .nothing : entry.operation.value ?? .nothing, isFirst: entry.operation.names.isEmpty)
            if isEdit { write.text = history.root(of: entry.stamp.write).map { TextMark(root: $0) } }
            writes.insert(write)
        }
        writes.settle(graph: graph)
        writes.read(history)
        mutate(slot) { $0 = .writes(writes) }
        unfolded.remove(slot)
    }
}

extension LiveWrites {
    /// Gives the live edits of each beginning the text that they make together.
    fileprivate mutating func read(_ history: TextHistory) {
        for root in Set(live.compactMap { $0.text?.root }) {
            let places = live.indices.filter { live[$0].textRoot == root }
            guard let replay = history.replay(places.map { live[$0].stamp.write }) else { continue }
            let text = Value.text(String(decoding: replay.bytes, as: UTF8.self))
            for place in places {
                live[place].value = text
                live[place].isFirst = false
                live[place].text = TextMark(
                    root: root, isContested: replay.isContested, isAbridged: replay.isAbridged, hasTwins: replay.hasTwins)
            }
        }
    }

    fileprivate mutating func await(_ names: [WriteName]) {
        for name in names where !awaited.contains(name) {
            awaited.insert(name, at: awaited.firstIndex { name < $0 } ?? awaited.endIndex)
        }
    }
}
