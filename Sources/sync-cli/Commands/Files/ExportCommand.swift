import ArgumentParser
import SyncCore

struct ExportCommand: Command {
    static let configuration = CommandConfiguration(
        commandName: "export", abstract: "Write records to a file or to standard output.",
        discussion: """
            ndjson holds everything; csv holds tables, and says what they have no place for.
            sync export --format ndjson -o all.ndjson
            sync export --format csv --kind counts -o counts.csv
            """)

    @Option(help: ArgumentHelp("ndjson or csv (else what the name says).", valueName: "format")) var format: String?

    @Option(help: ArgumentHelp("events or petitions; of csv also counts or readings.", valueName: "kind"))
    var kind: String?

    @Option(name: .shortAndLong, help: ArgumentHelp("The file (else standard output).", valueName: "file")) var output: String?
    @Flag(help: "Of csv: defuse cells that a spreadsheet would run. Not for importing again.") var forSpreadsheet = false
    @OptionGroup(title: "Global options") var global: GlobalOptions

    func run(_ context: Context) throws {
        let format = try chosenFormat()
        let table = try kind.map(Self.table)
        var writer: any ExportWriter = NDJSONWriter()
        if format == .csv {
            guard let table else { throw Self.problem("A csv file holds one table, and --kind does not say which.") }
            writer = CSVTableWriter(table, forSpreadsheet: forSpreadsheet)
        } else if table == .counts || table == .readings || forSpreadsheet {
            throw Self.problem("Only csv has tables of counts and readings, and cells to defuse.")
        }
        let replica = try context.open()
        let file = try output.map(OutputFile.init)
        let kinds = table.map { [$0.kind] } ?? RecordKind.allCases
        try replica.read { session in
            for kind in kinds {
                try session.forEach(kind) { document in try put(writer.append(document), file, context.output) }
            }
        }
        try put(writer.finish(), file, context.output)
        try file?.finish()
        report(writer.summary, context.output)
    }

    private func put(_ bytes: [UInt8], _ file: OutputFile?, _ output: Output) throws {
        if let file { try file.write(bytes) } else { output.raw(bytes) }
    }

    private func chosenFormat() throws -> InterchangeFormat {
        if let format {
            guard let known = InterchangeFormat(rawValue: format.lowercased()) else {
                throw SyncError(.usage, "--format: “\(format)” is not known.", safe: Failure.unchanged, next: "Known are: ndjson, csv.")
            }
            return known
        }
        return output.flatMap(InterchangeFormat.detect) ?? .ndjson
    }

    private static func table(_ name: String) throws -> CSVTable {
        guard let table = CSVTable.allCases.first(where: { $0.rawValue == name || $0.rawValue == name + "s" }) else {
            throw problem("--kind: “\(name)” is not known.")
        }
        return table
    }

    private static func problem(_ what: String) -> SyncError {
        SyncError(
            .usage, what, safe: Failure.unchanged, next: "Known are: \(CSVTable.allCases.map(\.rawValue).joined(separator: ", ")).")
    }

    private func report(_ summary: ExportSummary, _ output: Output) {
        output.say("Exported \(StatusCommand.count(summary.records, "record"))\(self.output.map { " to \($0)" } ?? "").")
        for omission in summary.omissions {
            output.say("No place for \(omission.values) \(omission.what); ndjson holds them.")
        }
    }
}
