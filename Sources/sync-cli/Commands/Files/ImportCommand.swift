import ArgumentParser
import SyncCore

struct ImportCommand: Command {
    static let configuration = CommandConfiguration(
        commandName: "import", abstract: "Read records from a file, a folder or standard input.",
        discussion: """
            Of a folder every known file is read, sorted by name. A line with an error is reported and skipped whole.
            Importing again changes only what is new in the file, and never replaces what a person wrote since.
            """)

    @Argument(help: "A file, a folder, or - for standard input.") var path: String
    @Option(help: ArgumentHelp("ndjson or csv (else what the name says).", valueName: "format")) var format: String?
    @Flag(help: "Say what would happen, and change nothing.") var dryRun = false

    @Option(help: ArgumentHelp("What a later import of the same is recognised by (else the file's name).", valueName: "name"))
    var source: String?

    @Flag(help: "Change nothing at all where one line has an error.") var failFast = false
    @OptionGroup(title: "Global options") var global: GlobalOptions

    func run(_ context: Context) throws {
        let format = try format.map { text in
            guard let format = InterchangeFormat(rawValue: text.lowercased()) else {
                throw SyncError(
                    .usage, "--format: “\(text)” is not known.", safe: Failure.unchanged, next: "Known are: ndjson, csv.")
            }
            return format
        }
        let files = try InputFile.all(path, format: format)
        let replica = try context.open()
        var importer = Importer(context, replica, source: source, isDry: dryRun)
        if failFast {
            try importer.readWhole(files)
        } else {
            for file in files { try importer.read(file) }
        }
        importer.report(files.count)
        guard importer.problems == 0 else {
            throw SyncError(
                .failure, "\(StatusCommand.count(importer.problems, "line")) had errors and \(importer.problems == 1 ? "was" : "were") skipped.",
                safe: dryRun || importer.rows == importer.problems ? Failure.unchanged : "All others were imported.", next: "Correct them and import again.")
        }
    }
}

/// Brings the records of files into a replica, so many at a time, and counts.
struct Importer {
    private let context: Context
    private let replica: Replica
    private let source: String?
    private let isDry: Bool
    private var report = ImportReport()
    private(set) var rows = 0
    private var latin1 = 0
    private(set) var problems = 0
    private var pending: [RecordDocument] = []
    private var pendingLines: [Int] = []

    private static let batch = 1000

    init(_ context: Context, _ replica: Replica, source: String?, isDry: Bool) {
        self.context = context
        self.replica = replica
        self.source = source
        self.isDry = isDry
    }

    mutating func read(_ file: InputFile) throws {
        let summary = try file.forEach(dates: context.dates) { item in
            switch item {
            case .record(let document, let line):
                noteUnreadable(document, file, line)
                pending.append(document)
                pendingLines.append(line)
                if pending.count == Self.batch { try flush(file) }
            case .problem(let line, let column, let message): problem(file, line, column, message)
            }
        }
        try flush(file)
        context.output.endProgress()
        rows += summary.rows
        latin1 += summary.cellsReadAsLatin1
    }

    /// Reads everything before the store is touched.
    ///
    /// - Throws: `usage` at the first error.
    mutating func readWhole(_ files: [InputFile]) throws {
        var documents: [(file: InputFile, documents: [RecordDocument], lines: [Int])] = []
        for file in files {
            var (read, lines): ([RecordDocument], [Int]) = ([], [])
            rows += try file.forEach(dates: context.dates) { item in
                switch item {
                case .record(let document, let line):
                    read.append(document)
                    lines.append(line)
                case .problem(let line, let column, let message):
                    throw SyncError(.usage, Self.place(file, line, column) + " " + message, safe: Failure.unchanged)
                }
            }.rows
            documents.append((file, read, lines))
        }
        for part in documents {
            (pending, pendingLines) = (part.documents, part.lines)
            try flush(part.file)
        }
    }

    private mutating func flush(_ file: InputFile) throws {
        guard !pending.isEmpty else { return }
        let step = try replica.importDocuments(pending, source: source ?? file.name, dryRun: isDry)
        report.created += step.created
        report.changed += step.changed
        report.unchanged += step.unchanged
        for refused in step.refused { problem(file, pendingLines[refused.place], nil, refused.why) }
        pending.removeAll(keepingCapacity: true)
        pendingLines.removeAll(keepingCapacity: true)
        context.output.progress("\(file.name)  \(report.created + report.changed + report.unchanged)")
    }

    private static func place(_ file: InputFile, _ line: Int, _ column: Int?) -> String {
        "\(file.name):\(line):" + (column.map { "\($0):" } ?? "")
    }

    private mutating func problem(_ file: InputFile, _ line: Int, _ column: Int?, _ message: String) {
        problems += 1
        if context.output.mode == .json {
            context.output.json(
                "problem",
                [
                    ("file", .string(file.name)), ("line", JSON(line)), ("column", JSON(column)), ("message", .string(message)),
                ])
        } else if problems <= 50 || context.options.verbose {
            context.output.tell("\(Self.place(file, line, column), .strong) \(message)")
        } else if problems == 51 {
            context.output.tell("More follow; -v shows all.")
        }
    }

    /// Phrases that no rule can read are kept, and said.
    private func noteUnreadable(_ document: RecordDocument, _ file: InputFile, _ line: Int) {
        for count in CountsText(document).attendance where count.reading(.ccc3) == nil {
            context.output.say("\(Self.place(file, line, nil)) no number could be read from “\(count.phrase)”; it is kept as written")
        }
    }

    func report(_ files: Int) {
        let output = context.output
        switch output.mode {
        case .json:
            output.json(
                "import",
                [
                    ("rows", JSON(rows)), ("created", JSON(report.created)), ("changed", JSON(report.changed)),
                    ("unchanged", JSON(report.unchanged)), ("problems", JSON(problems)), ("dry_run", JSON(isDry)),
                ])
        default:
            let from = files == 1 ? "" : " from \(files) files"
            let would = isDry ? "Would make" : "Made"
            output.line(
                "Read \(StatusCommand.count(rows, "row"))\(from). \(would) \(StatusCommand.count(report.created, "record")), change\(isDry ? "" : "d") \(report.changed), left \(report.unchanged) as they are.",
                indent: 2)
        }
        if latin1 > 0 { output.say("\(latin1) cells were not UTF-8 and were read as Latin-1.") }
        if isDry { output.say("Nothing was changed.") }
    }
}
