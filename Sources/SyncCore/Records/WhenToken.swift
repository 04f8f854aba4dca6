/// A piece of a folded text: a run of digits, a run of letters, or one other character.
enum WhenToken: Hashable, Sendable {
    /// A value above 999,999,999 is held as that.
    case number(Int, digits: Int)
    case word(String)
    case mark(Unicode.Scalar)

    static func tokens(of scalars: [Unicode.Scalar]) -> [WhenToken] {
        var tokens = [WhenToken]()
        var index = 0
        while index < scalars.count {
            let start = index
            let scalar = scalars[index]
            if isDigit(scalar) {
                while index < scalars.count, isDigit(scalars[index]) { index += 1 }
                tokens.append(number(scalars[start..<index]))
            } else if scalar.properties.isAlphabetic {
                while index < scalars.count, scalars[index].properties.isAlphabetic { index += 1 }
                tokens.append(.word(text(scalars[start..<index])))
            } else {
                if scalar != " " { tokens.append(.mark(scalar)) }
                index += 1
            }
        }
        return tokens
    }

    private static func isDigit(_ scalar: Unicode.Scalar) -> Bool { (0x30...0x39).contains(scalar.value) }

    private static func number(_ digits: ArraySlice<Unicode.Scalar>) -> WhenToken {
        let value = digits.count > 9 ? 999_999_999 : digits.reduce(0) { $0 * 10 + Int($1.value) - 0x30 }
        return .number(value, digits: digits.count)
    }

    private static func text(_ scalars: ArraySlice<Unicode.Scalar>) -> String {
        var view = String.UnicodeScalarView()
        view.append(contentsOf: scalars)
        return String(view)
    }

    /// The piece as it may be shown in an error.
    var shown: String {
        switch self {
        case .number(let value, _): "\(value)"
        case .word(let word): WhenParseError.excerpt(word.unicodeScalars)
        case .mark(let scalar): WhenParseError.excerpt([scalar])
        }
    }
}
