/// Secret bytes as people copy them, by hand or by voice: a prefix that says what they are, groups of five characters, a checksum.
struct CodeText {
    let prefix: String
    let checksumLength: Int

    static let invite = CodeText(prefix: "SYNC-", checksumLength: 5)
    /// With 17 bytes before it eight whole groups.
    static let recovery = CodeText(prefix: "RECOVERY-", checksumLength: 8)

    /// Why a text is none of these, as a sentence.
    struct Unreadable: Error { var why: String }

    func encode(_ bytes: [UInt8]) -> String {
        let characters = Array(Base32.encode(bytes + checksum(bytes)).uppercased())
        let groups = stride(from: 0, to: characters.count, by: 5).map { start in
            String(characters[start..<min(start + 5, characters.count)])
        }
        return prefix + groups.joined(separator: "-")
    }

    /// Takes what people paste: any case, line breaks, missing or extra dashes.
    func decode(_ text: String) throws(Unreadable) -> [UInt8] {
        let kept = text.unicodeScalars.filter { !Self.isPassedOver($0) }
        let word = prefix.dropLast().lowercased()
        guard ByteOrder.same(String(String.UnicodeScalarView(kept.prefix(word.count))).lowercased(), word) else {
            throw Unreadable(why: "It does not begin with \(prefix).")
        }
        let characters = kept.dropFirst(word.count)
        if let wrong = characters.first(where: { UInt8(exactly: $0.value).flatMap(Base32.digit) == nil }) {
            throw Unreadable(why: "The character “\(wrong)” never occurs in a code.")
        }
        guard let bytes = Base32.decode(String(String.UnicodeScalarView(characters))), bytes.count > checksumLength,
            checksum(bytes.dropLast(checksumLength)) == bytes.suffix(checksumLength)
        else { throw Unreadable(why: "At least one character is wrong or missing.") }
        return Array(bytes.dropLast(checksumLength))
    }

    private func checksum(_ bytes: some Collection<UInt8>) -> ArraySlice<UInt8> {
        Digest.plain(bytes).bytes.prefix(checksumLength)
    }

    /// Hyphens, the dashes that programs make of them, and what is pasted along unseen.
    private static func isPassedOver(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x2d, 0x2010...0x2015, 0x2212, 0xad, 0x200b...0x200d, 0x2060, 0xfeff: true
        default: scalar.properties.isWhitespace
        }
    }
}
