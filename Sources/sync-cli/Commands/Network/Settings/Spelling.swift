/// What somebody may have meant by a name that is none.
enum Spelling {
    /// The name that takes the fewest letters to change, add or leave out; nil where it would take all of them.
    static func nearest(to name: String, among names: [String]) -> String? {
        let typed = shortened(name).lowercased()
        let nearest = names.map { (name: $0, distance: distance(typed, $0.lowercased())) }.min { $0.distance < $1.distance }
        return nearest.flatMap { $0.distance < max(typed.count, $0.name.count) ? $0.name : nil }
    }

    /// No name is longer.
    static func shortened(_ name: String) -> String { name.count > 40 ? name.prefix(40) + "…" : name }

    /// Levenshtein's, by rows.
    static func distance(_ a: String, _ b: String) -> Int {
        let b = Array(b)
        var row = Array(0...b.count)
        for letter in a {
            var diagonal = row[0]
            row[0] += 1
            for (column, other) in b.enumerated() {
                let changed = diagonal + (letter == other ? 0 : 1)
                diagonal = row[column + 1]
                row[column + 1] = min(changed, row[column] + 1, diagonal + 1)
            }
        }
        return row[b.count]
    }
}
