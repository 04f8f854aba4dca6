/// Tables of words written as text, one line an entry.
enum WordTable {
    /// Each word of line 0 is given 1, of line 1 is given 2, and so on. A word that stands twice keeps its first number.
    static func numbered(_ lines: [String]) -> [String: Int] {
        var table = [String: Int]()
        for (index, line) in lines.enumerated() {
            for word in words(line) where table[word] == nil { table[word] = index + 1 }
        }
        return table
    }

    static func set(_ line: String) -> Set<String> { Set(words(line)) }

    static func words(_ line: String) -> [String] { line.split { $0 == " " || $0 == "\n" }.map(String.init) }
}
