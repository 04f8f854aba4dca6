import SyncCore

/// A text before and after, word by word: `We [-stand-] {+stood+} together`.
struct WordDiff {
    enum Part: Equatable {
        case same(String)
        case gone(String)
        case came(String)
    }

    private(set) var parts: [Part] = []
    /// Beyond it texts are compared as wholes between their common beginning and end.
    private static let mostPairs = 4_000_000

    init(_ before: String, _ after: String) {
        let (old, new) = (Self.words(before), Self.words(after))
        var start = 0
        while start < min(old.count, new.count), ByteOrder.same(old[start], new[start]) { start += 1 }
        var end = 0
        while end < min(old.count, new.count) - start, ByteOrder.same(old[old.count - 1 - end], new[new.count - 1 - end]) { end += 1 }
        append(.same(old[..<start].joined()))
        compare(Array(old[start..<(old.count - end)]), Array(new[start..<(new.count - end)]))
        append(.same(old[(old.count - end)...].joined()))
    }

    /// Words and what stands between them, so that all together they are the text.
    private static func words(_ text: String) -> [String] {
        var words: [String] = []
        var isSpace: Bool?
        for character in text {
            if isSpace == character.isWhitespace, !words.isEmpty {
                words[words.count - 1].append(character)
            } else {
                words.append(String(character))
            }
            isSpace = character.isWhitespace
        }
        return words
    }

    private mutating func compare(_ old: [String], _ new: [String]) {
        guard old.count * new.count <= Self.mostPairs else {
            append(.gone(old.joined()))
            return append(.came(new.joined()))
        }
        let lengths = Self.lengths(old, new)
        var (a, b) = (0, 0)
        while a < old.count || b < new.count {
            if a < old.count, b < new.count, ByteOrder.same(old[a], new[b]) {
                append(.same(old[a]))
                (a, b) = (a + 1, b + 1)
            } else if b == new.count || a < old.count && lengths[a + 1][b] >= lengths[a][b + 1] {
                append(.gone(old[a]))
                a += 1
            } else {
                append(.came(new[b]))
                b += 1
            }
        }
    }

    /// The lengths of the longest common subsequences of what is left from each place on.
    private static func lengths(_ old: [String], _ new: [String]) -> [[UInt32]] {
        var lengths = [[UInt32]](repeating: [UInt32](repeating: 0, count: new.count + 1), count: old.count + 1)
        for a in old.indices.reversed() {
            for b in new.indices.reversed() {
                lengths[a][b] = ByteOrder.same(old[a], new[b]) ? lengths[a + 1][b + 1] + 1 : max(lengths[a + 1][b], lengths[a][b + 1])
            }
        }
        return lengths
    }

    private mutating func append(_ part: Part) {
        switch (parts.last, part) {
        case (_, .same("")), (_, .gone("")), (_, .came("")): break
        case (.same(let text)?, .same(let more)): parts[parts.count - 1] = .same(text + more)
        case (.gone(let text)?, .gone(let more)): parts[parts.count - 1] = .gone(text + more)
        case (.came(let text)?, .came(let more)): parts[parts.count - 1] = .came(text + more)
        default: parts.append(part)
        }
    }

    var text: String {
        parts.map { part in
            switch part {
            case .same(let text): text
            case .gone(let text): "[-\(text)-]"
            case .came(let text): "{+\(text)+}"
            }
        }.joined()
    }
}
