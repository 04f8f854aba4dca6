/// Names from files, made fit for a message: a terminal must not obey what a file says.
enum Quoted {
    /// The name in single quotes, at most 40 characters of it, without control and formatting characters.
    static func name(_ text: String) -> String {
        var out = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            if out.count == 40 {
                out.append("…")
                break
            }
            out.append(isPlain(scalar) ? scalar : "\u{FFFD}")
        }
        return "'" + String(out) + "'"
    }

    private static func isPlain(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .unassigned: false
        default: true
        }
    }
}
