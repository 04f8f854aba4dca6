import ArgumentParser
import SyncCore

/// The fields that events and petitions share.
struct CommonFields: ParsableArguments {
    @Option(help: ArgumentHelp("What it is about, at any length.", valueName: "text"))
    var description: String?

    @Option(name: [.customLong("cause"), .customLong("add-cause")], help: ArgumentHelp("A cause; repeatable.", valueName: "text"))
    var causes: [String] = []

    @Option(
        name: [.customLong("target"), .customLong("add-target")],
        help: ArgumentHelp("Whom it addresses; repeatable.", valueName: "text"))
    var targets: [String] = []

    @Option(
        name: [.customLong("organiser"), .customLong("add-organiser")],
        help: ArgumentHelp("With a role or without: \"Amnesty:host\"; repeatable.", valueName: "name[:role]"))
    var organisers: [String] = []

    @Option(
        name: [.customLong("source"), .customLong("add-source")],
        help: ArgumentHelp("An address, or what was read or heard; repeatable.", valueName: "source"))
    var sources: [String] = []

    @Option(
        name: [.customLong("link"), .customLong("add-link")],
        help: ArgumentHelp(
            "Part of, counter to, follows, delivers, mailing list, livestream or fundraiser, and an id or address; repeatable.",
            valueName: "relation:target"))
    var links: [String] = []

    @Option(
        name: [.customLong("code"), .customLong("add-code")],
        help: ArgumentHelp("Its id in another system; repeatable.", valueName: "code"))
    var codes: [String] = []

    @Option(help: ArgumentHelp("public, team or sealed.", valueName: "who"))
    var visibility: String?

    func edits(_ input: FieldInput) throws -> [Edit] {
        var edits: [Edit] = []
        if let description { edits.append(.assign(Field.description, try input.text(description, "--description"))) }
        edits += try causes.map { .add(Field.causes, try input.text($0, "--cause")) }
        edits += try targets.map { .add(Field.targets, try input.text($0, "--target")) }
        edits += try organisers.map { .put(Field.organisers, try input.organiser($0)) }
        edits += try sources.map { .put(Field.sources, try input.source($0)) }
        edits += try links.map { text in
            let link = try input.link(text)
            return .link(relation: link.relation, target: link.target)
        }
        edits += try codes.map { .add(Field.codes, try input.text($0, "--code")) }
        if let visibility {
            let type = RecordSchema.event[Field.visibility]?.type
            edits.append(.assign(Field.visibility, .text(try Choice.checked(visibility, type, option: "--visibility"))))
        }
        return edits
    }
}

/// What takes something away from a record: for `edit` only.
struct CommonRemovals: ParsableArguments {
    @Option(help: ArgumentHelp("Empties a field; repeatable.", valueName: "field"))
    var clear: [String] = []

    @Option(name: .customLong("remove-cause"), help: ArgumentHelp("Repeatable, as all of these.", valueName: "text"))
    var causes: [String] = []

    @Option(name: .customLong("remove-target"), help: ArgumentHelp(valueName: "text"))
    var targets: [String] = []

    @Option(name: .customLong("remove-organiser"), help: ArgumentHelp(valueName: "name"))
    var organisers: [String] = []

    @Option(name: .customLong("remove-source"), help: ArgumentHelp(valueName: "source"))
    var sources: [String] = []

    @Option(name: .customLong("remove-link"), help: ArgumentHelp(valueName: "relation: target"))
    var links: [String] = []

    @Option(name: .customLong("remove-code"), help: ArgumentHelp(valueName: "code"))
    var codes: [String] = []

    func edits(_ schema: RecordSchema) throws -> [Edit] {
        try clear.map { .clear(try schema.field(named: $0)) }
            + causes.map { .remove(Field.causes, .text($0)) } + targets.map { .remove(Field.targets, .text($0)) }
            + organisers.map { .removeItem(Field.organisers, $0) } + sources.map { .removeItem(Field.sources, $0) }
            + links.map { .remove(Field.links, .text($0)) } + codes.map { .remove(Field.codes, .text($0)) }
    }
}
