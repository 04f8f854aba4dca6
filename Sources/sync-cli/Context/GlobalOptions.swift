import ArgumentParser

/// What every command takes, before or after its name.
struct GlobalOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The folder of the store.", discussion: "", valueName: "dir"))
    var store: String?

    @Option(help: ArgumentHelp("The team, where there are several.", valueName: "name"))
    var team: String?

    @Flag(help: "One JSON object a line, each with schema and type.")
    var json = false

    @Flag(help: "Tab-separated, whole, without alignment.")
    var plain = false

    @Flag(name: [.short, .long], help: "Only data; of a write only the id.")
    var quiet = false

    @Flag(name: [.short, .long], help: "Say more.")
    var verbose = false

    @Option(help: ArgumentHelp("Colours: auto, always or never.", valueName: "when"))
    var color: ColourChoice = .auto

    @Flag(help: "Never ask; fail instead.")
    var noInput = false

    @Flag(help: "Answer yes to every question.")
    var yes = false

    @Option(help: ArgumentHelp("A file whose first line is the passphrase; - for standard input, /dev/fd/3 for a descriptor.", valueName: "file"))
    var passphraseFile: String?

    mutating func validate() throws {
        if json && plain { throw ValidationError("--json and --plain exclude each other.") }
    }
}

enum ColourChoice: String, ExpressibleByArgument, CaseIterable {
    case auto, always, never
}
