import Foundation
import Testing

/// Looks for words in every file of a store, as they are and as they might be written.
struct WordSearch {
    /// The first eight bytes of each form tell nearly all places apart.
    private var forms: [UInt64: [(word: String, bytes: [UInt8])]] = [:]

    init(_ words: [String]) {
        for word in words {
            for bytes in Self.forms(word) { forms[Self.head(bytes, 0), default: []].append((word, bytes)) }
        }
    }

    /// UTF-8, both orders of UTF-16, hexadecimal digits, and Base64 wherever the word begins.
    private static func forms(_ word: String) -> [[UInt8]] {
        let bytes = Array(word.utf8)
        let little = word.utf16.flatMap { [UInt8($0 & 0xff), UInt8($0 >> 8)] }
        let big = word.utf16.flatMap { [UInt8($0 >> 8), UInt8($0 & 0xff)] }
        let hex = bytes.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
        let base64 = (0..<3).map { shift in
            // Only the groups that the word alone decides.
            let text = Data([UInt8](repeating: 0, count: shift) + bytes).base64EncodedString()
            return Array(text.utf8.dropFirst(shift == 0 ? 0 : 4).dropLast(4))
        }
        return [bytes, little, big, Array(hex.utf8), Array(hex.uppercased().utf8)] + base64
    }

    private static func head(_ bytes: [UInt8], _ start: Int) -> UInt64 {
        bytes[start..<(start + 8)].reduce(0) { $0 << 8 | UInt64($1) }
    }

    func found(in bytes: [UInt8]) -> Set<String> {
        guard bytes.count >= 8 else { return [] }
        var found: Set<String> = []
        var head = Self.head(bytes, 0) >> 8
        for start in 0...(bytes.count - 8) {
            head = head << 8 | UInt64(bytes[start + 7])
            guard let candidates = forms[head] else { continue }
            for candidate in candidates where bytes[start...].starts(with: candidate.bytes) { found.insert(candidate.word) }
        }
        return found
    }

    func found(inFile path: String) throws -> Set<String> {
        let data = try #require(FileManager.default.contents(atPath: path), "\(path)")
        return found(in: Array(data))
    }

    func found(inFolder folder: String) throws -> Set<String> {
        let names = try #require(FileManager.default.enumerator(atPath: folder)).compactMap { $0 as? String }
        #expect(!names.isEmpty)
        return try names.reduce(into: []) { all, name in
            if let data = FileManager.default.contents(atPath: folder + "/" + name) { all.formUnion(found(in: Array(data))) }
            // A name is a place to write, too.
            all.formUnion(found(in: Array(name.utf8)))
        }
    }
}

/// After a day's work nothing that a person wrote can be read on the wire, at the relay, in its log or in a bundle, nor, with a
/// passphrase, in the store.
@Suite struct PlantedWordsTests {
    /// What a day's work left.
    private struct Day {
        var sync: TestEnvironment
        var wire: Wire
        var store: String { sync.folder + "/ana" }
        var relay: String { sync.folder + "/relay" }
        var relayLog: String { sync.folder + "/relay.log" }
        var bundle: String { sync.folder + "/day.bundle" }
    }

    /// Words that nobody writes, the same each time: small letters, so that an index of them would hold them as they are.
    private static func words(_ count: Int) -> [String] {
        var state: UInt64 = 20_240_229
        return (0..<count).map { _ in
            String((0..<14).map { _ in
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                return Character(UnicodeScalar(UInt8(ascii: "a") + UInt8((state >> 33) % 26)))
            })
        }
    }

    /// What Ana does: she founds a team, imports, adds, edits, searches, pushes and pulls, with words in all that can be named.
    private func work(_ words: [String], _ options: [String]) throws -> Day {
        let sync = try TestEnvironment()
        sync.variables["SYNC_SCRYPT_ROUNDS"] = "1024"
        let file = try sync.write("correct horse\n", to: "passphrase")
        sync.variables["SYNC_PASSPHRASE_FILE"] = file
        let day = Day(sync: sync, wire: try Wire())
        let relay = try RelayProcess(sync, data: day.relay, log: day.relayLog)
        day.wire.lead(to: relay.port)
        let store = day.store
        @discardableResult
        func ana(_ arguments: String...) throws -> TestEnvironment.Ran {
            let ran = try sync.run(["--store", store] + arguments)
            try #require(ran.exit == 0, "\(arguments): \(ran)")
            return ran
        }
        var rest = words[...]
        func next() -> String { rest.removeFirst() }
        let init0 = try sync.run(["--store", store, "init", "--team", next(), "--device", next()] + options)
        try #require(init0.exit == 0, "\(init0)")
        try ana("remote", "add", next(), day.wire.url)
        let edited = try ana("event", "add", next(), "--city", next(), "--venue", next(), "--description", next(), "-q").id
        try ana("event", "edit", edited, "--title", next(), "--city", next())
        try ana("event", "count", edited, "around 400 " + next(), "--source", next())
        try ana("petition", "add", next())
        let source = next()
        let lines = (0..<480).map { number in
            #"{"type":"event","code":"\#(next()):\#(number)","title":"\#(next())","place":{"locality":"X"}}"#
        }
        let imported = try sync.write(lines.joined(separator: "\n") + "\n", to: "import.ndjson")
        try ana("import", imported, "--source", source)
        try ana("search", words[5])
        let code = try ana("invite", "--pre-approved", "--role", "volunteer").lines.first ?? ""
        let ben = sync.folder + "/ben"
        let joined = try sync.run(["--store", ben, "join", code, "--device", next(), "--yes", "--no-passphrase"])
        try #require(joined.exit == 0, "\(joined)")
        try #require(try sync.run(["--store", ben, "event", "add", next()]).exit == 0)
        try #require(try sync.run(["--store", ben, "now"]).exit == 0)
        try ana("push")
        try ana("pull")
        // What was not sent stays in the journal.
        while rest.count > 1 { try ana("event", "add", next(), "--description", next()) }
        if !rest.isEmpty { try ana("event", "add", next()) }
        let list = try ana("event", "list", "--all", "--plain").out
        #expect(list.contains(words[words.count - 2]) || list.contains(words[words.count - 1]))
        _ = try ana("search", words[words.count - 1])
        try ana("bundle", "create", day.bundle)
        return day
    }

    @Test func `not one of a thousand words is in its files, in any writing`() throws {
        let words = Self.words(1000)
        let search = WordSearch(words)
        let sealed = try work(words, [])
        let store = sealed.store
        let names = try FileManager.default.contentsOfDirectory(atPath: store)
        #expect(names.contains("log.db-wal") && names.contains("view.sealed") && !names.contains { $0.hasPrefix("view.db") })
        #expect(try search.found(inFolder: store).isEmpty)
        try expectNothing(outside: sealed, search)

        // The search finds what is there: the same work without a passphrase, before one is set and after.
        sealed.sync.variables["SYNC_PASSPHRASE_FILE"] = nil
        let open = try work(words, ["--no-passphrase"])
        let found = try search.found(inFolder: open.store)
        #expect(found.count > 990, "\(found.count) words")
        // What leaves the device is sealed all the same.
        try expectNothing(outside: open, search)
        let set = try open.sync.run(["--store", open.store, "passphrase", "set"])
        #expect(set.exit == 0, "\(set)")
        #expect(try search.found(inFolder: open.store).isEmpty)
        let listed = try open.sync.run(["--store", open.store, "event", "list", "--all", "--plain"])
        #expect(listed.exit == 0 && listed.out.contains(words[8]))
    }

    private func expectNothing(outside day: Day, _ search: WordSearch) throws {
        for way in [Wire.Way.toRelay, .fromRelay] {
            let passed = day.wire.passed(way)
            // All that was imported and edited passed here.
            #expect(passed.count > 20_000 || way == .fromRelay && passed.count > 1000, "\(passed.count) bytes")
            #expect(search.found(in: passed).isEmpty)
        }
        #expect(try search.found(inFolder: day.relay).isEmpty)
        let log = String(decoding: try #require(FileManager.default.contents(atPath: day.relayLog)), as: UTF8.self)
        #expect(log.contains("/v1/teams/{team}/segments") || log.contains("/v1/teams/:team/segments"), "\(log.prefix(500))")
        #expect(try search.found(inFile: day.relayLog).isEmpty)
        #expect(try search.found(inFile: day.bundle).isEmpty)
        // The log and the relay's database have no name of the team in common.
        let heads = String(decoding: day.wire.passed(.toRelay), as: UTF8.self).matches(of: /\/v1\/teams\/([0-9a-f]{32})/)
        let handle = try #require(heads.first).1
        #expect(!log.contains(handle.prefix(8)))
    }
}
