/// Several values in one cell: `;` between them, and `\` before a character that is meant as it stands.
enum CellList {
    /// Escapes what would end or trim the element, and each of `special`.
    static func escaped(_ text: String, _ special: String = "") -> String {
        let bytes = Array(text.utf8)
        var out: [UInt8] = []
        for (index, byte) in bytes.enumerated() {
            let isOuterBlank = isBlank(byte) && (index == 0 || index == bytes.count - 1)
            if byte == UInt8(ascii: "\\") || byte == UInt8(ascii: ";") || isOuterBlank || special.utf8.contains(byte) {
                out.append(UInt8(ascii: "\\"))
            }
            out.append(byte)
        }
        return String(decoding: out, as: UTF8.self)
    }

    /// The elements, trimmed, still escaped; empty ones are left out.
    static func elements(_ cell: String) -> [Substring] {
        pieces(cell[...], at: UInt8(ascii: ";"), limit: .max).map(trimmed).filter { !$0.isEmpty }
    }

    /// What stands before and after the first `separator` that is not escaped; nil without one.
    static func halves(_ element: Substring, at separator: UInt8) -> (Substring, Substring)? {
        let pieces = pieces(element, at: separator, limit: 2)
        return pieces.count == 2 ? (trimmed(pieces[0]), trimmed(pieces[1])) : nil
    }

    private static func pieces(_ text: Substring, at separator: UInt8, limit: Int) -> [Substring] {
        let bytes = text.utf8
        var pieces: [Substring] = []
        var start = bytes.startIndex
        var isEscaped = false
        for index in bytes.indices where pieces.count < limit - 1 {
            if isEscaped {
                isEscaped = false
            } else if bytes[index] == UInt8(ascii: "\\") {
                isEscaped = true
            } else if bytes[index] == separator {
                pieces.append(Substring(bytes[start..<index]))
                start = bytes.index(after: index)
            }
        }
        return pieces + [Substring(bytes[start...])]
    }

    /// Takes the escapes away.
    static func unescaped(_ text: some StringProtocol) -> String {
        var out: [UInt8] = []
        var isEscaped = false
        for byte in text.utf8 {
            if byte == UInt8(ascii: "\\"), !isEscaped {
                isEscaped = true
            } else {
                out.append(byte)
                isEscaped = false
            }
        }
        if isEscaped { out.append(UInt8(ascii: "\\")) }
        return String(decoding: out, as: UTF8.self)
    }

    /// Without the blanks around it; an escaped one at the end stays.
    static func trimmed(_ text: Substring) -> Substring {
        var bytes = text.utf8.drop(while: isBlank)
        while let last = bytes.last, isBlank(last) {
            let rest = bytes.dropLast()
            let backslashes = rest.reversed().prefix { $0 == UInt8(ascii: "\\") }.count
            if !backslashes.isMultiple(of: 2) { break }
            bytes = rest
        }
        return Substring(bytes)
    }

    static func trimmed(_ text: String) -> String {
        var bytes = text.utf8.drop(while: isBlank)
        while let last = bytes.last, isBlank(last) { bytes = bytes.dropLast() }
        return String(Substring(bytes))
    }

    private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D }
}
