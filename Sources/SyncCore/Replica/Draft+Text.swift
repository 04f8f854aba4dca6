extension Draft {
    /// Saves a text: what differs from the text that is shown becomes inserts and deletes in it, so that what others do to it meanwhile survives
    /// beside. In place of every other text that is live. Nothing when all say this already.
    mutating func assignText(_ record: RecordID, _ field: UInt32, _ key: ItemKey?, _ value: Value, _ live: [Write]) throws {
        let isSettled = live.allSatisfy { $0.value == value && $0.textRoot == live[0].textRoot && !($0.text?.isContested ?? false) }
        if isSettled, !live.isEmpty { return }
        guard let text = value.text, let shown = live.first, let before = shown.value.text, !(shown.text?.isAbridged ?? false) else {
            return append(.assign, record, field, key, names: live.map(\.stamp.write), value: value)
        }
        let heads = live.filter { $0.textRoot == shown.textRoot }
        let others = live.filter { $0.textRoot != shown.textRoot }
        var edit = TextDiff(before, text).edit
        if shown.text?.hasTwins ?? false, let replay = try session.textReplay(record, RecordState.Slot(field, key), heads.map(\.stamp.write)) {
            edit = replay.placed(edit)
        }
        wholeTexts[operations.count] = value
        append(.edit, record, field, key, names: (heads + others).map(\.stamp.write), value: edit.value)
    }

    /// Saves what somebody made of a text that they had opened: what others, or another terminal, did to it meanwhile survives beside. An empty
    /// text clears the field. Nothing when nothing was changed.
    public mutating func save(_ text: String, of opened: OpenText) throws {
        if ByteOrder.same(text, opened.text), !opened.live.isEmpty || text.isEmpty { return }
        let value = text.isEmpty ? Value.nothing : .text(text)
        try assignText(opened.record, opened.field, nil, value, opened.live)
    }

    /// Edits a text by splices of what is shown, in their order.
    ///
    /// - Throws: `usage` where there is no text to edit, or where positions cannot be told: it has alternatives, or parts that are not shown.
    public mutating func edit(_ record: RecordID, _ field: UInt32, _ edit: TextEdit) throws {
        let live = try session.state(of: record)?.live(field) ?? []
        guard let shown = live.first, live.allSatisfy({ $0.textRoot == shown.textRoot }),
            !(shown.text?.isAbridged ?? false), !(shown.text?.hasTwins ?? false)
        else {
            throw SyncError(.usage, "This text cannot be edited by positions.", safe: "Nothing was changed.", next: "Save the whole text.")
        }
        append(.edit, record, field, nil, names: live.map(\.stamp.write), value: edit.value)
    }
}
