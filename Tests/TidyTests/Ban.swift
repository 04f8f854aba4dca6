import Foundation
import Testing

/// Something that no source says, except where it must; each ban names what to say instead.
struct Ban: Sendable, CustomTestStringConvertible {
    var name: String
    var instead: String
    /// A regular expression over code without comments and literals.
    var pattern: String
    /// Where the rule applies.
    var applies: @Sendable (String) -> Bool = { _ in true }
    /// Said with its reason, in a comment on the same line or the one before, it passes.
    var passesWithReason = false
    /// Code that breaks the rule, and code that does not.
    var fires: [String]
    var passes: [String]

    var testDescription: String { name }

    static let all = [
        Ban(
            name: "print", instead: "return it; only Sources/sync-cli/Output writes to the terminal",
            pattern: #"(?<![\w.])(?<!func )(?:Swift\.)?(?:print|debugPrint|dump)\("#,
            applies: { !$0.hasPrefix("Sources/sync-cli/Output/") },
            fires: ["print(1)", "    debugPrint(error)", "Swift.print(\"x\")", "if true { dump(x) }"],
            passes: ["// print(1)", "static func print(_ page: Page) {", "blueprint(1)", "let text = \"print(1)\"", "printer.print(page)", "imprint()"]),
        Ban(
            name: "the clock", instead: "take `Surroundings.now`",
            pattern: #"\bDate\(\)|\bDate\.now\b|\bDate\(timeIntervalSinceNow:"#, applies: { !isBase($0) },
            fires: ["let now = Date()", "Date.now", "Date(timeIntervalSinceNow: 3)"],
            passes: ["Date(timeIntervalSince1970: 0)", "statedDate()", "// Date()"]),
        Ban(
            name: "randomness", instead: "take `Surroundings.random`",
            pattern:
                #"\.random\(in:(?![^)]*using:)|\.random\(\)|\.randomElement\(\)|\.shuffled?\(\)|SystemRandomNumberGenerator|arc4random"#,
            applies: { !isBase($0) },
            fires: [
                "Int.random(in: 0..<3)", "Bool.random()", "list.randomElement()", "list.shuffled()", "list.shuffle()",
                "var generator = SystemRandomNumberGenerator()",
            ],
            passes: ["surroundings.random(32)", "Int.random(in: 0..<3, using: &generator)", "list.shuffled(using: &generator)"]),
        Ban(
            name: "UUID", instead: "take bytes from `Surroundings.random`", pattern: #"\bUUID\(\)"#, applies: { !isBase($0) },
            fires: ["let id = UUID()"], passes: ["UUID(uuidString: text)"]),
        Ban(
            name: "try!", instead: "throw, or decide what happens", pattern: #"\btry!"#, fires: ["let x = try! make()"],
            passes: ["try? make()", "entry!.value"]),
        Ban(
            name: "fatalError", instead: "throw a `SyncError`", pattern: #"\bfatalError\("#, fires: ["fatalError(\"no\")"],
            passes: ["// fatalError()"]),
        Ban(
            name: "unchecked concurrency", instead: "say in a comment, here or on the line before, why it is safe",
            pattern: #"@unchecked\s+Sendable|nonisolated\(unsafe\)"#, passesWithReason: true,
            fires: ["final class A: @unchecked Sendable {}", "let x = 1\nnonisolated(unsafe) var shared = 0"],
            passes: [
                "// The kernel locks it.\nfinal class A: @unchecked Sendable {}",
                "nonisolated(unsafe) var shared = 0  // set once, before any task",
            ]),
        Ban(
            name: "the environment", instead: "take it as a parameter; the command line reads it",
            pattern: #"\bProcessInfo\b|\b(?:secure_)?getenv\(|\bsetenv\("#, applies: { $0.hasPrefix("Sources/SyncCore/") },
            fires: ["ProcessInfo.processInfo.environment", "getenv(\"HOME\")"], passes: ["forgetenv(1)"]),
    ]

    private static func isBase(_ path: String) -> Bool { path.hasPrefix("Sources/SyncCore/Base/") }

    func breaches(in file: SourceFile) -> [Breach] {
        guard applies(file.path), let expression = try? NSRegularExpression(pattern: pattern) else { return [] }
        return file.code.indices.compactMap { index in
            let line = file.code[index]
            let range = NSRange(line.startIndex..., in: line)
            guard expression.firstMatch(in: line, range: range) != nil else { return nil }
            if passesWithReason, hasReason(file, index) { return nil }
            return Breach(path: file.path, line: index + 1, what: "\(name): \(instead)")
        }
    }

    private func hasReason(_ file: SourceFile, _ index: Int) -> Bool {
        if file.lines[index].contains("//") { return true }
        return index > 0 && file.lines[index - 1].trimmingCharacters(in: .whitespaces).hasPrefix("//")
    }
}

/// How long a source may be before it is more than one thing.
enum FileLength {
    static let most = 400

    static func breaches(in file: SourceFile) -> [Breach] {
        let count = file.lines.last == "" ? file.lines.count - 1 : file.lines.count
        guard count > most else { return [] }
        return [Breach(path: file.path, line: most + 1, what: "\(count) lines: split it by aspect, as in Replica+Sync.swift")]
    }
}
