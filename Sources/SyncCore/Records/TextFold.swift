/// Brings text as people type it to one plain form for reading: lower case, no diacritics, ASCII digits, dashes, quotes and
/// blanks, no invisible characters.
///
/// Only for matching words: what is stored is what was typed.
enum TextFold {
    static func folded(_ text: String) -> [Unicode.Scalar] {
        var out = [Unicode.Scalar]()
        out.reserveCapacity(text.utf8.count)
        for scalar in text.unicodeScalars {
            if scalar.isASCII {
                out.append(lowerASCII(scalar))
            } else {
                appendFolded(scalar, to: &out)
            }
        }
        return out
    }

    private static func lowerASCII(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
        switch scalar.value {
        case 0x41...0x5A: Unicode.Scalar(UInt8(scalar.value) + 0x20)
        case 0x09...0x0D: " "
        default: scalar
        }
    }

    private static func appendFolded(_ scalar: Unicode.Scalar, to out: inout [Unicode.Scalar]) {
        if isInvisible(scalar) { return }
        if scalar.properties.isWhitespace { return out.append(" ") }
        if let sign = signs[scalar] { return out.append(sign) }
        if scalar.properties.numericType == .decimal, let value = scalar.properties.numericValue,
            let digit = UInt8(exactly: value), digit <= 9
        {
            return out.append(Unicode.Scalar(0x30 + digit))
        }
        for lower in scalar.properties.lowercaseMapping.unicodeScalars where !isInvisible(lower) {
            if let letters = letters[lower] {
                out.append(contentsOf: letters.unicodeScalars)
            } else {
                out.append(lower)
            }
        }
    }

    /// Combining marks, zero-width and bidirectional controls, the byte order mark, the soft hyphen.
    private static func isInvisible(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x0300...0x036F, 0xAD, 0x061C, 0x200B...0x200F, 0x202A...0x202E, 0x2060...0x2069, 0xFE00...0xFE0F, 0xFEFF: true
        default: false
        }
    }

    private static let signs: [Unicode.Scalar: Unicode.Scalar] = [
        "‐": "-", "‑": "-", "‒": "-", "–": "-", "—": "-", "―": "-", "−": "-", "’": "'", "‘": "'", "´": "'", "ʼ": "'",
        "／": "/", "：": ":", "．": ".", "，": ",", "＋": "+", "≈": "~", "∼": "~", "⁄": "/",
    ]

    /// Precomposed letters only: decomposed ones lose their mark above, so both spellings fold to one.
    private static let letters: [Unicode.Scalar: String] = [
        "à": "a", "á": "a", "â": "a", "ã": "a", "ä": "a", "å": "a", "ā": "a", "ą": "a", "æ": "ae", "ç": "c", "ć": "c", "č": "c",
        "è": "e", "é": "e", "ê": "e", "ë": "e", "ē": "e", "ę": "e", "ì": "i", "í": "i", "î": "i", "ï": "i", "ī": "i", "ı": "i",
        "ñ": "n", "ń": "n", "ò": "o", "ó": "o", "ô": "o", "õ": "o", "ö": "o", "ø": "o", "ō": "o", "œ": "oe", "ß": "ss",
        "ś": "s", "š": "s", "ù": "u", "ú": "u", "û": "u", "ü": "u", "ū": "u", "ý": "y", "ÿ": "y", "ł": "l", "ž": "z", "ź": "z",
        "ż": "z", "й": "и", "ё": "е",
    ]
}
