/// Rows of cells in aligned columns that fit a terminal.
struct Table {
    struct Column {
        /// The least width it is shortened to; nil: never shortened.
        var least: Int?
        var isRightAligned = false

        static let fixed = Column(least: nil)
        static let number = Column(least: nil, isRightAligned: true)
        static func flexible(_ least: Int) -> Column { Column(least: least) }
    }

    private let columns: [Column]
    private var rows: [[Line]] = []
    private static let gap = 2

    init(_ columns: Column...) { self.columns = columns }

    var isEmpty: Bool { rows.isEmpty }

    mutating func add(_ cells: Line...) { rows.append(cells) }

    /// `width` nil: as wide as it is.
    func lines(width: Int?) -> [Line] {
        let widths = fitted(to: width)
        return rows.map { row in
            var line = Line()
            var pending = 0
            for (cell, (column, columnWidth)) in zip(row, zip(columns, widths)) where columnWidth > 0 {
                let text = cell.truncated(to: columnWidth)
                let fill = columnWidth - text.width
                line.append(String(repeating: " ", count: pending + (column.isRightAligned ? fill : 0)))
                line.append(text)
                pending = Self.gap + (column.isRightAligned ? 0 : fill)
            }
            return line
        }
    }

    /// Tab-separated, whole.
    var plainLines: [Line] { rows.map { row in plain(row) } }

    private func plain(_ row: [Line]) -> Line {
        var line = Line()
        for (index, cell) in row.enumerated() {
            if index > 0 { line.append("\t", .separator) }
            line.append(cell)
        }
        return line
    }

    /// The widest flexible column gives way first.
    private func fitted(to limit: Int?) -> [Int] {
        var widths = columns.indices.map { index in rows.map { $0[index].width }.max() ?? 0 }
        guard let limit else { return widths }
        while total(widths) > limit {
            let candidates = columns.indices.filter { index in columns[index].least.map { widths[index] > $0 } ?? false }
            guard let widest = candidates.max(by: { widths[$0] < widths[$1] }) else { break }
            widths[widest] -= 1
        }
        return widths
    }

    private func total(_ widths: [Int]) -> Int {
        let used = widths.filter { $0 > 0 }
        return used.reduce(0, +) + Self.gap * max(0, used.count - 1)
    }
}
