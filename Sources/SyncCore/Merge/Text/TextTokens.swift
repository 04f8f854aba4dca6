/// A text as words, spaces and signs: the units in which a save is compared with what it replaces, so that no word is made of two people's letters.
///
/// Scripts that put no spaces between words are taken character by character.
struct TextTokens {
    /// By token, where it begins; and the end of the text.
    private(set) var starts: [Int] = []
    let bytes: [UInt8]

    private enum Sort { case word, space, sign }

    init(_ text: String) {
        bytes = Array(text.utf8)
        var last: Sort?
        var position = 0
        for character in text {
            let sort = Self.sort(character)
            if sort == .sign || sort != last { starts.append(position) }
            last = sort
            position += character.utf8.count
        }
        starts.append(position)
    }

    var count: Int { starts.count - 1 }

    subscript(token: Int) -> ArraySlice<UInt8> { bytes[starts[token]..<starts[token + 1]] }

    /// A run of spaces on one line.
    func isSpace(_ token: Int) -> Bool { self[token].allSatisfy { $0 == 0x20 || $0 == 0x09 } }

    /// Nothing that anybody would look for: spaces, line ends, signs.
    func isFiller(_ token: Int) -> Bool { self[token].allSatisfy { $0 < 0x80 && !Self.isWordByte($0) } }

    private static func isWordByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
        default: false
        }
    }

    private static func sort(_ character: Character) -> Sort {
        if let byte = character.asciiValue {
            if isWordByte(byte) || byte == UInt8(ascii: "'") { return .word }
            return byte == 0x20 || byte == 0x09 ? .space : .sign
        }
        guard character.isLetter || character.isNumber || character == "\u{2019}", let first = character.unicodeScalars.first else { return .sign }
        return isWrittenWithoutSpaces(first) ? .sign : .word
    }

    /// Thai to Khmer, kana, Han and what is near them.
    private static func isWrittenWithoutSpaces(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x0E00...0x0EFF, 0x1000...0x109F, 0x1780...0x17FF, 0x3040...0x30FF, 0x3400...0x9FFF, 0xF900...0xFAFF, 0x20000...0x3FFFF: true
        default: false
        }
    }
}
