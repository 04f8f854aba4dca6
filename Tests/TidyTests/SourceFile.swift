import Foundation

/// One Swift file under `Sources`, or a sample that a test plants.
struct SourceFile: Sendable {
    /// From the root of the repository: `Sources/SyncCore/Log/Change.swift`.
    var path: String
    /// As written.
    var lines: [String]
    /// The same lines without comments and without the text of string literals; what literals interpolate stays.
    var code: [String]

    init(_ path: String, _ text: String) {
        self.path = path
        lines = text.components(separatedBy: "\n")
        var eraser = Eraser(text)
        code = eraser.erased().components(separatedBy: "\n")
    }

    /// Every file under `Sources`, by path.
    static let all: [SourceFile] = {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let names = FileManager.default.enumerator(atPath: root.appendingPathComponent("Sources").path)
        return (names?.compactMap { $0 as? String } ?? []).filter { $0.hasSuffix(".swift") }.sorted().compactMap { name in
            let path = "Sources/" + name
            let text = try? String(contentsOf: root.appendingPathComponent(path), encoding: .utf8)
            return text.map { SourceFile(path, $0) }
        }
    }()
}

/// A place where a rule does not hold, in the form that editors open.
struct Breach: Hashable, CustomStringConvertible {
    var path: String
    var line: Int
    var what: String

    var description: String { "\(path):\(line): \(what)" }
}

/// Blanks out comments and literals, byte by byte, and keeps the ends of lines.
private struct Eraser {
    private let source: [UInt8]
    private var position = 0
    private var out: [UInt8] = []

    init(_ text: String) { source = Array(text.utf8) }

    mutating func erased() -> String {
        code(untilClosingBracket: false)
        return String(decoding: out, as: UTF8.self)
    }

    private func startsHere(_ text: String) -> Bool { source[position...].starts(with: text.utf8) }

    private mutating func blank(_ count: Int) {
        for byte in source[position..<min(position + count, source.count)] {
            out.append(byte == UInt8(ascii: "\n") ? byte : UInt8(ascii: " "))
        }
        position = min(position + count, source.count)
    }

    private mutating func keep() {
        out.append(source[position])
        position += 1
    }

    private mutating func code(untilClosingBracket inside: Bool) {
        var depth = 0
        while position < source.count {
            if startsHere("//") {
                while position < source.count, source[position] != UInt8(ascii: "\n") { blank(1) }
            } else if startsHere("/*") {
                blockComment()
            } else if let pounds = literalStart() {
                literal(pounds)
            } else {
                if source[position] == UInt8(ascii: "(") { depth += 1 }
                if source[position] == UInt8(ascii: ")") {
                    if inside, depth == 0 { return }
                    depth -= 1
                }
                keep()
            }
        }
    }

    private mutating func blockComment() {
        var depth = 0
        repeat {
            if startsHere("/*") {
                depth += 1
                blank(2)
            } else if startsHere("*/") {
                depth -= 1
                blank(2)
            } else {
                blank(1)
            }
        } while depth > 0 && position < source.count
    }

    /// The number of `#` before a literal that begins here.
    private func literalStart() -> Int? {
        var index = position
        while index < source.count, source[index] == UInt8(ascii: "#") { index += 1 }
        return index < source.count && source[index] == UInt8(ascii: "\"") ? index - position : nil
    }

    private mutating func literal(_ pounds: Int) {
        blank(pounds)
        let quotes = startsHere("\"\"\"") ? "\"\"\"" : "\""
        let hashes = String(repeating: "#", count: pounds)
        blank(quotes.utf8.count)
        while position < source.count {
            if startsHere(quotes + hashes) { return blank(quotes.utf8.count + pounds) }
            if startsHere("\\" + hashes + "(") {
                blank(1 + pounds)
                keep()
                code(untilClosingBracket: true)
            } else if pounds == 0, startsHere("\\") {
                blank(2)
            } else if quotes.utf8.count == 1, source[position] == UInt8(ascii: "\n") {
                return
            } else {
                blank(1)
            }
        }
    }
}
