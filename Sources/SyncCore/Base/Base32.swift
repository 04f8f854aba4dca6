/// Crockford's base 32: no letter that is mistaken for a digit, no case.  https://www.crockford.com/base32.html
public enum Base32 {
    @usableFromInline static let alphabet = Array("0123456789abcdefghjkmnpqrstvwxyz".utf8)

    /// Five bits a character, most significant first; the last character is filled with zero bits.
    public static func encode(_ bytes: some Collection<UInt8>) -> String {
        var out = [UInt8]()
        out.reserveCapacity((bytes.count * 8 + 4) / 5)
        var window: UInt32 = 0
        var held: UInt32 = 0
        for byte in bytes {
            window = window << 8 | UInt32(byte)
            held += 8
            while held >= 5 {
                held -= 5
                out.append(alphabet[Int(window >> held & 31)])
            }
        }
        if held > 0 { out.append(alphabet[Int(window << (5 - held) & 31)]) }
        return String(decoding: out, as: UTF8.self)
    }

    /// The value of one character: capitals count as small letters, `i` and `l` as 1, `o` as 0.
    public static func digit(_ character: UInt8) -> UInt8? {
        switch character | 0x20 {
        case UInt8(ascii: "i"), UInt8(ascii: "l"): return 1
        case UInt8(ascii: "o"): return 0
        case let small where character >= 0x40:
            return alphabet.firstIndex(of: small).map(UInt8.init)
        default:
            return alphabet.firstIndex(of: character).map(UInt8.init)
        }
    }

    /// Refuses any other character and filling bits that are not zero.
    public static func decode(_ text: String) -> [UInt8]? {
        var out = [UInt8]()
        var window: UInt32 = 0
        var held: UInt32 = 0
        for character in text.utf8 {
            guard let value = digit(character) else { return nil }
            window = window << 5 | UInt32(value)
            held += 5
            if held >= 8 {
                held -= 8
                out.append(UInt8(truncatingIfNeeded: window >> held))
            }
        }
        guard held < 5, window & (1 << held - 1) == 0 else { return nil }
        return out
    }
}
