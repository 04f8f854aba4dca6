import Foundation
import Testing

/// Each way in which a draft of the design broke has an id (the threats F, the flaws S), and a test that bears it in its name.
@Suite struct ScenarioTests {
    private static let ids = [
        "F1", "F2", "F3", "F4", "F5", "F6", "F7",
        "S1", "S2", "S3", "S4", "S5", "S6", "S7", "S9", "S10", "S11", "S12", "S13", "S14", "S15", "S16", "S17", "S18", "S19", "S20", "S21", "S22", "S23",
    ]

    /// The names of all tests: between backticks or quotation marks on the line of the function, the attribute or the check.
    private static let names: [String] = {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        let files = FileManager.default.enumerator(atPath: root.path)?.compactMap { $0 as? String } ?? []
        let texts = files.filter {
            // Not this file, which has ids of its own.
            $0.hasSuffix(".swift") && !$0.hasPrefix("TidyTests/")
        }.compactMap { name in
            try? String(contentsOf: root.appendingPathComponent(name), encoding: .utf8)
        }
        return texts.flatMap { text in names(in: text) }
    }()

    private static func names(in text: String) -> [String] {
        text.matches(of: /(?:func `|@Test\("|Check\(")([^`"]+)[`"]/).map { String($0.1) }
    }

    private static func has(_ id: String, in names: [String]) -> Bool {
        names.contains { name in name.split { !$0.isLetter && !$0.isNumber }.contains { $0 == id } }
    }

    @Test(arguments: ids)
    func `it has a test of its name`(id: String) {
        #expect(Self.names.count > 300)
        #expect(Self.has(id, in: Self.names), "No test is named after \(id).")
    }

    @Test func `an id is found as a word of a name and nowhere else`() {
        let text = """
            // S1 in a comment
            @Test func `S1 a void write`() throws {
            @Test("S12: the strictest") func x() {}
            Check("both branches (S4)") { store, _ in
            let text = "S7"
            """
        let names = Self.names(in: text)
        #expect(names.count == 3)
        for id in ["S1", "S12", "S4"] { #expect(Self.has(id, in: names), "\(id)") }
        for id in ["S7", "S2", "F1"] { #expect(!Self.has(id, in: names), "\(id)") }
    }
}
