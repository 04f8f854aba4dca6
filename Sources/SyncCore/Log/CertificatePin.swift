/// What a relay's certificate is known by: the SHA-256 of the public key in it (its SubjectPublicKeyInfo, as DER). A certificate that is
/// renewed for the same key has the same pin.
public struct CertificatePin: Hashable, Sendable {
    public let digest: Hash32

    public init(_ digest: Hash32) { self.digest = digest }

    public init(publicKeyInfo: [UInt8]) { digest = Digest.plain(publicKeyInfo) }

    /// 64 hexadecimal digits, with or without `sha256=` before them; colons and spaces between them do not matter.
    ///
    /// - Throws: A sentence for people.
    public init(text: String) throws(SyncError) {
        guard let pin = Self.read(text) else {
            throw SyncError(
                .usage, "“\(text)” is no fingerprint of a relay.", safe: "Nothing was changed.",
                next: "It has 64 digits, 0 to 9 and a to f. The relay shows it when it starts.")
        }
        self = pin
    }

    public var text: String { Self.prefix + digest.hex }

    /// Enough to tell it from others in a list; not to compare it by.
    public var short: String { String(digest.hex.prefix(12)) }

    private static let prefix = "sha256="

    fileprivate static func read(_ text: String) -> CertificatePin? {
        var digits = text.lowercased()
        if digits.hasPrefix(prefix) { digits.removeFirst(prefix.count) }
        digits.removeAll { $0 == ":" || $0.isWhitespace }
        return Hash32(hex: digits).map(CertificatePin.init)
    }
}

/// A relay's URL, and the pin of its certificate where it has one: `https://relay.example:7373#sha256=…`.
struct PinnedURL {
    var url: String
    var pin: CertificatePin?

    init(url: String, pin: CertificatePin?) {
        self.url = url
        self.pin = pin
    }

    /// What is behind a number sign and no pin stays in the URL.
    init(_ text: String) {
        let parts = text.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false)
        pin = parts.count == 2 ? CertificatePin.read(String(parts[1])) : nil
        url = pin == nil ? text : String(parts[0])
    }

    var text: String { pin.map { url + "#" + $0.text } ?? url }
}
