import SyncCore

/// One record whole, as it is and as choices would make it.
struct WholeRecord {
    private let context: Context
    private let session: Session
    private let id: RecordID

    init(_ context: Context, _ session: Session, _ id: RecordID) {
        (self.context, self.session, self.id) = (context, session, id)
    }

    func now() throws {
        try show(RecordPreview(document: try session.document(id), isVisible: try session.isVisible(id)), nil, nil, "Now, as lists show it")
    }

    func after(_ choice: ConflictChoice, _ place: ConflictPlace, _ input: FieldInput) throws {
        let preview = try session.preview(id) { draft in try choice.apply(place, input, &draft) }
        let words = [choice.take.map { "--take \($0)" }, choice.set.map { "--set \"\($0)\"" }].compactMap(\.self).joined(separator: " ")
        try show(preview, place, choice, "After  \(place.name) \(words)")
    }

    private func show(_ view: RecordPreview, _ place: ConflictPlace?, _ choice: ConflictChoice?, _ heading: String) throws {
        guard context.output.mode != .json else { return json(view, place, choice) }
        context.output.line(Line(heading, .strong))
        guard let document = view.document, view.isVisible else { return context.output.line("  deleted: lists do not show it") }
        try RecordPage(context).whole(document, session)
    }

    private func json(_ view: RecordPreview, _ place: ConflictPlace?, _ choice: ConflictChoice?) {
        var writer = NDJSONWriter()
        let record = view.document.map { String(decoding: writer.append($0).dropLast(), as: UTF8.self) }
        context.output.json(
            place == nil ? "now" : "after",
            [
                ("id", .string(id.text)), ("field", JSON(place?.qualifiedName)), ("take", JSON(choice?.take)), ("set", JSON(choice?.set)),
                ("visible", JSON(view.isVisible)), ("record", record.map(JSON.raw) ?? .null),
            ])
    }
}
