import Crypto
import CryptoExtras

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Words that two people read to each other to see that their devices hold the same: eleven bits each.
///
/// Stretched by scrypt (RFC 7914, N = 2^14, r = 8, p = 1: 16 MiB), so that whoever wants keys of their own to give the same words pays
/// for each try.
public enum SpokenWords {
    static let bitsPerWord = 11
    private static let rounds = 1 << 14
    private static let blockSize = 8

    /// The words of a hash; the label of that hash says what they are for.
    static func of(_ hash: Hash32, count: Int) throws -> [String] {
        let stretched = try KDF.Scrypt.deriveKey(
            from: hash.bytes, salt: Array("sync/v1/words".utf8), outputByteCount: (count * bitsPerWord + 7) / 8, rounds: rounds,
            blockSize: blockSize, parallelism: 1)
        return stretched.withUnsafeBytes { words(Array($0), count: count) }
    }

    /// Most significant bit first; spare bits at the end are left out.
    static func words(_ bytes: [UInt8], count: Int) -> [String] {
        (0..<count).map { word in
            let index = (word * bitsPerWord..<(word + 1) * bitsPerWord).reduce(0) { sum, bit in
                sum << 1 | Int(bytes[bit >> 3] >> UInt8(7 - bit & 7) & 1)
            }
            return WordList.words[index]
        }
    }

    /// Whether somebody typed these words: in any case, with anything between them, and of each at least the four letters that tell it
    /// from the others.
    public static func isSame(_ words: [String], typed: String) -> Bool {
        let given = typed.lowercased().split { !("a"..."z").contains($0) }
        guard given.count == words.count else { return false }
        return zip(words, given).allSatisfy { word, typed in
            word.hasPrefix(typed) && typed.count >= min(4, word.count)
        }
    }
}
