import Crypto
import CryptoExtras
import Testing

@testable import SyncCore

@Suite struct SpokenWordsTests {
    @Test func `the list is that of BIP-39`() {
        #expect(WordList.words.count == 2048)
        let file = WordList.words.joined(separator: "\n") + "\n"
        #expect(Digest.plain(file.utf8).hex == "2f5eed53a4727b4bf8880d8f3f199efc90e58503646d9ff8eff3a2ed3b24dbda")
        #expect(Set(WordList.words.map { $0.prefix(4) }).count == 2048)
    }

    /// RFC 7914, section 12, the third vector: the same N, r and p.
    @Test func `scrypt is that of the RFC`() throws {
        let key = try KDF.Scrypt.deriveKey(
            from: Array("pleaseletmein".utf8), salt: Array("SodiumChloride".utf8), outputByteCount: 64, rounds: 16384, blockSize: 8,
            parallelism: 1)
        let expected =
            "7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2"
            + "d5432955613f0fcf62d49705242a9af9e61e85dc0d651e40dfcf017b45575887"
        #expect(key.withUnsafeBytes { Hex.encode(Array($0)) } == expected)
    }

    @Test func `eleven bits are a word, most significant first`() {
        #expect(SpokenWords.words([0, 0, 0, 0, 0, 0], count: 4) == ["abandon", "abandon", "abandon", "abandon"])
        #expect(SpokenWords.words([0xff, 0xff, 0xff, 0xff, 0xff, 0xff], count: 4) == ["zoo", "zoo", "zoo", "zoo"])
        // 00000000001 00000000010 11111111111 00000000000, then four spare bits.
        #expect(SpokenWords.words([0x00, 0x20, 0x0b, 0xff, 0x80, 0x0f], count: 4) == ["ability", "able", "zoo", "abandon"])
    }

    @Test(arguments: [
        ("tiger lemon river act", true), ("  Tiger, LEMON – river\tact.", true), ("tige lemo rive act", true),
        ("tiger lemon river", false), ("tiger lemon river act act", false), ("lemon tiger river act", false),
        ("tig lemon river act", false), ("tigers lemon river act", false), ("tiger lemon river a", false), ("", false),
    ])
    func `typed words are compared as people type`(typed: String, isSame: Bool) {
        #expect(SpokenWords.isSame(["tiger", "lemon", "river", "act"], typed: typed) == isSame)
    }
}
