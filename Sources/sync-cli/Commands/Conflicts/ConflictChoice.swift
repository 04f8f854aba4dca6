import SyncCore

/// What a person decides where people disagree.
struct ConflictChoice {
    /// The number of a value; `keep` or `delete`.
    var take: String?
    /// Another value; with `take`, parts that take the place of those of that value.
    var set: String?

    /// Every choice that a conflict leaves, without values of one's own.
    static func all(_ place: ConflictPlace) -> [ConflictChoice] {
        let names = place.isAboutLife ? ["keep", "delete"] : place.conflict.values.indices.map { String($0 + 1) }
        return names.map { ConflictChoice(take: $0) }
    }

    func apply(_ place: ConflictPlace, _ input: FieldInput, _ draft: inout Draft) throws {
        if place.isAboutLife { try applyLife(place, &draft) } else { try applyValue(place, input, &draft) }
    }

    /// Whether it would show the record to more people.
    func isRelaxing(_ place: ConflictPlace, _ input: FieldInput) throws -> Bool {
        guard place.conflict.field?.number == Field.visibility, let value = try value(place, input) else { return false }
        return Visibility.isRelaxed(from: Visibility.shown(place.conflict.document), to: value.text ?? Visibility.unsaid)
    }

    private func value(_ place: ConflictPlace, _ input: FieldInput) throws -> Value? {
        guard let field = place.conflict.field else { return nil }
        let values = place.conflict.values
        var taken: Value?
        if let take {
            guard let number = Int(take), (1...values.count).contains(number) else { throw ChoiceProblem.number(values.count) }
            taken = values[number - 1].value
        }
        guard let set else { return taken }
        guard let parts = try input.parts(set, field) else {
            if take != nil { throw ChoiceProblem.whole(field.name) }
            return try input.value(set, field)
        }
        // A place of which one part is wrong keeps the others, as it does when a record is edited.
        let base = taken ?? (field.kind == .log ? nil : values.indices.contains(place.shown) ? values[place.shown].value : nil)
        return base.map { parts.merged(into: $0) } ?? parts.merged(into: .tuple([]))
    }

    private func applyValue(_ place: ConflictPlace, _ input: FieldInput, _ draft: inout Draft) throws {
        guard let field = place.conflict.field, let value = try value(place, input) else { return }
        guard field.kind == .log, let key = place.conflict.key else {
            return try draft.assign(place.conflict.id, field.number, key: place.conflict.key, value)
        }
        try draft.choose(place.conflict.id, field.number, key: key, value)
    }

    private func applyLife(_ place: ConflictPlace, _ draft: inout Draft) throws {
        let id = place.conflict.id
        guard set == nil else { throw ChoiceProblem.life }
        switch (take, place.conflict.field, place.conflict.key) {
        case ("keep", nil, _): _ = try draft.restore(id)
        case ("delete", nil, _): _ = try draft.confirmDeletion(id)
        case ("keep", let map?, let key?): try draft.put(id, map.number, key: key, [])
        case ("delete", let map?, let key?):
            try draft.removeItem(id, map.number, key: key, fields: map.itemFields.map(\.number))
        default: throw ChoiceProblem.life
        }
    }
}

enum ChoiceProblem {
    static let notHere = SyncError(.usage, "Not enough of this record has arrived yet.", safe: Failure.unchanged)

    static let relaxing = SyncError(
        .usage, "This makes the record more visible than it is shown now.", safe: Failure.unchanged, next: "Repeat it with --yes.")

    static let life = SyncError(
        .usage, "It was deleted by one and edited by another.", safe: Failure.unchanged, next: "Say  --take keep  or  --take delete.")

    static func number(_ count: Int) -> SyncError {
        SyncError(.usage, "--take: there are the values 1 to \(count).", safe: Failure.unchanged)
    }

    static func whole(_ field: String) -> SyncError {
        SyncError(
            .usage, "“\(field)” has no parts that --set could put into the value of --take.", safe: Failure.unchanged,
            next: "Say either --take or --set.")
    }
}
