import Foundation
import Testing

@Suite struct FileTests {
    private let two = """
        {"schema":1,"type":"event","code":"a","title":"Vigil","starts":"22 April 2017","counts":[{"text":"umpteen"}]}
        {"schema":1,"type":"petition","code":"b","title":"Stop the camps"}

        """

    @Test func `import is told apart by what is new`() throws {
        let sync = try TestEnvironment.withTeam()
        let path = try sync.write(two, to: "records.ndjson")
        let dry = try sync.sync("import", path, "--dry-run")
        #expect(dry.out == "Read 2 rows. Would make 2 records, change 0, left 0 as they are.\n")
        #expect(try sync.sync("event", "list").out == "")
        let first = try sync.sync("import", path)
        #expect(first.out == "Read 2 rows. Made 2 records, changed 0, left 0 as they are.\n")
        #expect(first.err == "records.ndjson:1: no number could be read from “umpteen”; it is kept as written\n")
        #expect(try sync.sync("import", path).out == "Read 2 rows. Made 0 records, changed 0, left 2 as they are.\n")
        #expect(try sync.sync("import", "-", "--format", "ndjson", input: two).exit == 0)
    }

    @Test func `a wrong line is reported with its place and skipped`() throws {
        let sync = try TestEnvironment.withTeam()
        let path = try sync.write(two + "{\"schema\":1,\"type\":\"event\",\"colour\":1}\n", to: "records.ndjson")
        let before = try sync.logBytes()
        let strict = try sync.sync("import", path, "--fail-fast")
        #expect(strict.exit == 2)
        #expect(strict.err.contains("records.ndjson:3:") && strict.err.contains("unknown field 'colour'"))
        #expect(try sync.logBytes() == before)
        let ran = try sync.sync("import", path)
        #expect(ran.exit == 1)
        #expect(ran.out == "Read 3 rows. Made 2 records, changed 0, left 0 as they are.\n")
        #expect(ran.err.contains("records.ndjson:3:") && ran.err.contains("1 line had errors and was skipped"))
    }

    @Test func `a folder is read file by file`() throws {
        let sync = try TestEnvironment.withTeam()
        let folder = sync.folder + "/files"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        _ = try sync.write(two, to: "files/1.ndjson")
        _ = try sync.write("event_id,text\na,around 400\n", to: "files/2.csv")
        _ = try sync.write("nothing", to: "files/README.md")
        #expect(try sync.sync("import", folder).out == "Read 3 rows from 2 files. Made 2 records, changed 1, left 0 as they are.\n")
        #expect(try sync.sync("event", "list").out.contains("400"))
    }

    @Test func `export and import are inverse`() throws {
        let sync = try TestEnvironment.withTeam(), other = try TestEnvironment.withTeam()
        try sync.sync("import", try sync.write(two, to: "records.ndjson"))
        let file = sync.folder + "/all.ndjson"
        #expect(try sync.sync("export", "-o", file).err == "Exported 2 records to \(file).\n")
        try other.sync("import", file)
        #expect(try other.sync("export").out == (try String(contentsOfFile: file, encoding: .utf8)))
        let csv = try sync.sync("export", "--format", "csv", "--kind", "counts")
        #expect(csv.lines.count == 2 && csv.out.hasPrefix("event_id,count_id,what,text"))
        #expect(try sync.sync("export", "--kind", "petitions").lines.count == 1)
    }

    private static let wrong: [([String], Int32)] = [
        (["export", "--format", "pdf"], 2), (["export", "--format", "csv"], 2), (["export", "--kind", "counts"], 2),
        (["export", "--kind", "people"], 2), (["export", "-o", "/nowhere/at/all.ndjson"], 1), (["import", "/nowhere"], 1),
        (["import", "/etc/passwd"], 2), (["import", "-"], 2), (["import", "/etc/passwd", "--format", "pdf"], 2),
    ]

    @Test(arguments: FileTests.wrong)
    func `what cannot be read or written`(arguments: [String], exit: Int32) throws {
        let sync = try TestEnvironment.withTeam()
        let before = try sync.logBytes()
        let ran = try sync.run(arguments)
        #expect(ran.exit == exit, "\(ran)")
        #expect(ran.err.hasPrefix("sync: "))
        #expect(try sync.logBytes() == before)
    }
}
