/// One line of text in pieces, each with its style. What it is written as depends on where it goes: see `Output`.
///
/// ```swift
/// output.line("\(id, .strong)  \(title)")
/// ```
struct Line: ExpressibleByStringInterpolation, Sendable {
    enum Style: Sendable {
        case plain, strong, faint, attention
        /// Written as it is: the tab between two cells.
        case separator
    }

    struct Piece: Sendable {
        var text: String
        var style: Style
    }

    private(set) var pieces: [Piece] = []

    init() {}

    init(_ text: String, _ style: Style = .plain) { append(text, style) }

    init(stringLiteral text: String) { append(text) }

    init(stringInterpolation: StringInterpolation) { pieces = stringInterpolation.line.pieces }

    var isEmpty: Bool { pieces.isEmpty }

    /// Columns on a terminal.
    var width: Int { pieces.reduce(0) { $0 + DisplayWidth.of(Printable.escaped($1.text)) } }

    mutating func append(_ text: String, _ style: Style = .plain) {
        if !text.isEmpty { pieces.append(Piece(text: text, style: style)) }
    }

    mutating func append(_ line: Line) { pieces += line.pieces }

    static func + (a: Line, b: Line) -> Line {
        var sum = a
        sum.append(b)
        return sum
    }

    struct StringInterpolation: StringInterpolationProtocol {
        var line = Line()

        init(literalCapacity: Int, interpolationCount: Int) {}

        mutating func appendLiteral(_ literal: String) { line.append(literal) }
        mutating func appendInterpolation(_ text: String, _ style: Style = .plain) { line.append(text, style) }
        mutating func appendInterpolation(_ number: some BinaryInteger) { line.append(String(number)) }
        mutating func appendInterpolation(_ inner: Line) { line.append(inner) }
    }
}

extension Sequence<Line> {
    /// The lines one after the other, those that are empty left out.
    func joined(_ separator: String) -> Line {
        var sum = Line()
        for line in self where !line.isEmpty {
            if !sum.isEmpty { sum.append(separator) }
            sum.append(line)
        }
        return sum
    }
}

// MARK: Fitting

extension Line {
    /// At most so many columns; what is cut off is replaced by an ellipsis.
    func truncated(to limit: Int) -> Line {
        guard width > limit else { return self }
        var left = max(0, limit - 1)
        var out = Line()
        for piece in pieces {
            let text = Printable.escaped(piece.text)
            let fitting = DisplayWidth.prefix(of: text, columns: left)
            out.append(String(fitting), piece.style)
            left -= DisplayWidth.of(fitting)
            if fitting.endIndex < text.endIndex { break }
        }
        out.append("…")
        return out
    }

    /// Broken at spaces so that no line has more than `columns`; lines after the first begin with `indent` spaces. A word that is
    /// longer than a line, such as an address, is left to the terminal.
    func wrapped(columns: Int, indent: Int) -> [Line] {
        guard width > columns else { return [self] }
        var lines: [Line] = []
        var current = Line()
        var used = 0
        var blanks: [Piece] = []
        for word in words {
            if word.piece.text == " " {
                blanks.append(word.piece)
                continue
            }
            let isPastStart = used > (lines.isEmpty ? 0 : indent)
            if used + blanks.count + word.columns > columns, isPastStart, word.columns <= columns - indent {
                lines.append(current)
                current = Line(String(repeating: " ", count: indent))
                used = indent
            } else {
                for blank in blanks { current.append(blank.text, blank.style) }
                used += blanks.count
            }
            blanks = []
            current.append(word.piece.text, word.piece.style)
            used += word.columns
        }
        lines.append(current)
        return lines
    }

    /// Words and the single spaces between them.
    private var words: [(piece: Piece, columns: Int)] {
        pieces.flatMap { piece in
            var words: [(piece: Piece, columns: Int)] = []
            var word = ""
            func take() {
                if !word.isEmpty { words.append((Piece(text: word, style: piece.style), DisplayWidth.of(word))) }
                word = ""
            }
            for character in Printable.escaped(piece.text) {
                if character == " " {
                    take()
                    words.append((Piece(text: " ", style: piece.style), 1))
                } else {
                    word.append(character)
                }
            }
            take()
            return words
        }
    }
}
