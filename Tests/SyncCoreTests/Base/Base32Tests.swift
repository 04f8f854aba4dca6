import Testing

@testable import SyncCore

@Suite struct Base32Tests {
    @Test func everyLengthComesBack() {
        var random = Seeded(1)
        for length in 0..<70 {
            let bytes = random.bytes(length)
            let text = Base32.encode(bytes)
            #expect(text.utf8.count == (length * 8 + 4) / 5)
            #expect(Base32.decode(text) == bytes)
            #expect(Base32.decode(text.uppercased()) == bytes)
        }
    }

    @Test func knownValues() {
        #expect(Base32.encode([]) == "")
        #expect(Base32.encode([0]) == "00")
        #expect(Base32.encode([0xff]) == "zw")
        #expect(Base32.encode(Array("hello".utf8)) == "d1jprv3f")
    }

    @Test func lookalikesAreRead() {
        #expect(Base32.decode("1O1o") == Base32.decode("1010"))
        #expect(Base32.decode("IiLl") == Base32.decode("1111"))
    }

    @Test(arguments: ["0", "000", "000000", "zz", "u0", "0!", "0-0", "é0", "0\u{0}", "\u{ff10}0", "@@", "``", "{{"])
    func refused(_ text: String) {
        #expect(Base32.decode(text) == nil)
    }

    @Test func everyByteHasOneValueOrNone() {
        let alphabet = Array("0123456789abcdefghjkmnpqrstvwxyz".utf8)
        let taken = (0...255).compactMap { Base32.digit(UInt8($0)) }
        #expect(taken.count == 32 + 22 + 6)
        for (value, character) in alphabet.enumerated() { #expect(Base32.digit(character) == UInt8(value)) }
    }
}
