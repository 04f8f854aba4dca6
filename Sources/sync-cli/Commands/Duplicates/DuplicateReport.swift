import SyncCore

/// What may be one, and what is, for people and for programs.
struct DuplicateReport {
    private let context: Context
    private let session: Session

    init(_ context: Context, _ session: Session) { (self.context, self.session) = (context, session) }

    private func name(_ id: RecordID) throws -> String { context.output.mode == .plain ? id.text : try session.shortText(id) }

    // MARK: What may be one

    func suggestion(_ suggestion: Suggestion) throws {
        let reasons = suggestion.likeness.reasons.map(\.text)
        let (first, second) = (try name(suggestion.first), try name(suggestion.second))
        let output = context.output
        switch output.mode {
        case .json:
            output.json(
                "suggestion",
                [
                    ("kind", .string(suggestion.kind.rawValue)), ("ids", .array([suggestion.first, suggestion.second].map { .string($0.text) })),
                    ("score", JSON(suggestion.likeness.score)), ("reasons", .array(reasons.map(JSON.string))),
                ])
        case .plain:
            output.line(["suggestion", first, second, String(suggestion.likeness.score), reasons.joined(separator: ", ")].map { Line($0) }.tabbed)
        case .text:
            output.line("\("?", .attention) \(first, .strong)  \(try summary(suggestion.first))", indent: first.count + 4)
            output.line("  \(second, .strong)  \(try summary(suggestion.second))", indent: second.count + 4)
            output.line("  \(suggestion.likeness.score) of 100: \(reasons.joined(separator: ", "))", indent: 2)
            output.say("  \("sync duplicates same \(first) \(second)", .strong)   or  \("different", .strong)")
        }
    }

    private func summary(_ id: RecordID) throws -> String { try session.document(id)?.summary ?? "" }

    // MARK: What is one

    func group(_ group: SameGroup) throws {
        let output = context.output
        let names = try group.members.map(name)
        switch output.mode {
        case .json: json(group)
        case .plain: output.line((["same"] + names).map { Line($0) }.tabbed)
        case .text:
            output.line("= \(names[0], .strong)  \(try summary(group.members[0]))", indent: names[0].count + 4)
            for link in group.links {
                let who = link.origins.map { "\($0.deviceName), \(context.clock.text($0.wall))" }.joined(separator: "; ")
                output.line("  \(try name(link.first)) ~ \(try name(link.second))  \(Line(who, .faint))", indent: 4)
            }
            for pair in group.toldApart {
                output.line("  \("!", .attention) somebody said that \(try name(pair.first)) and \(try name(pair.second)) are different", indent: 4)
            }
        }
    }

    private func json(_ group: SameGroup) {
        let links = group.links.map { link in
            JSON.object([
                ("ids", .array([link.first, link.second].map { .string($0.text) })),
                ("devices", .array(link.origins.map { .string($0.deviceName) })), ("wall", .integer(link.origins.first?.wall ?? 0)),
            ])
        }
        let apart = group.toldApart.map { JSON.array([.string($0.first.text), .string($0.second.text)]) }
        context.output.json(
            "same",
            [
                ("kind", .string(group.kind.rawValue)), ("id", .string(group.members[0].text)),
                ("members", .array(group.members.map { .string($0.text) })), ("links", .array(links)),
                ("told_apart", apart.isEmpty ? .null : .array(apart)),
            ])
    }

    // MARK: Beside each other

    func comparison(_ a: RecordDocument, _ b: RecordDocument) throws {
        let output = context.output
        if output.mode == .json {
            var writer = NDJSONWriter()
            for document in [a, b] { output.raw(writer.append(document)) }
            return
        }
        var table = Table(.fixed, .flexible(12), .flexible(12))
        table.add("", Line(try a.id.map(name) ?? "", .strong), Line(try b.id.map(name) ?? "", .strong))
        for field in RecordSchema.of(a.kind).fields where field.number != Field.same {
            let texts = [a, b].map { text(of: field, $0) }
            if texts[0].isEmpty, texts[1].isEmpty { continue }
            let isEqual = ByteOrder.same(texts[0], texts[1])
            table.add(Line(field.label, .faint), Line(texts[0]), isEqual ? Line("the same", .faint) : Line(texts[1]))
        }
        output.table(table)
    }

    private func text(of field: FieldSchema, _ document: RecordDocument) -> String {
        switch document[field.number] {
        case nil: ""
        case .values(let values), .set(let values): values.map { ValueText.text($0, field) }.joined(separator: ", ")
        case .log(let entries): entries.compactMap(\.values.first).map { ValueText.text($0, field) }.joined(separator: "; ")
        case .map(let items):
            items.map { item in
                item.fields.compactMap { part in
                    field.itemFields.first { $0.number == part.number }.flatMap { schema in part.values.first.map { ValueText.text($0, schema) } }
                }.joined(separator: ", ")
            }.joined(separator: "; ")
        case .counter(let sum): sum == 0 ? "" : ValueText.grouped(sum)
        }
    }
}

extension [Line] {
    /// The cells of one line of `--plain`.
    fileprivate var tabbed: Line {
        dropFirst().reduce(first ?? Line()) { $0 + Line("\t", .separator) + $1 }
    }
}

extension Likeness.Reason {
    var text: String {
        switch self {
        case .sameTime: "same day and time"
        case .sameDay(let minutes): minutes.map { $0 < 120 ? "same day, \($0) minutes apart" : "same day, \($0 / 60) hours apart" } ?? "same day"
        case .fittingDates: "dates that fit"
        case .sameSpot: "same place"
        case .sameLocality: "same town"
        case .near(let metres): metres < 1000 ? "\(metres) m apart" : "\(metres / 1000) km apart"
        case .sameTitle: "same title"
        case .alikeTitle: "titles alike"
        case .commonOrganisers(let count): count == 1 ? "an organiser in common" : "\(count) organisers in common"
        case .sameAddress: "same address"
        }
    }
}
