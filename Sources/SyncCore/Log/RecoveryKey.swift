/// What a person prints and keeps: it opens a store whose passphrase is lost, and enrols a new device of theirs.
///
/// 16 random bytes from which everything derives, under a label each. Whoever finds the text can do the same: it is to be kept like a
/// house key. Does not print itself.
public struct RecoveryKey: Hashable, Sendable, CustomStringConvertible {
    static let version: UInt8 = 1
    static let length = 16

    private let secret: [UInt8]

    public static func random(_ surroundings: Surroundings = .system) -> RecoveryKey {
        RecoveryKey(unchecked: surroundings.random(length))
    }

    private init(unchecked secret: [UInt8]) { self.secret = secret }

    public var description: String { "recovery key" }

    // MARK: As text

    /// `RECOVERY-` and eight groups of five characters.
    public var text: String { CodeText.recovery.encode([Self.version] + secret) }

    /// The eight groups.
    public var groups: [String] { text.split(separator: "-").dropFirst().map(String.init) }

    /// Whether somebody who was asked for a group typed it, as forgiving as the whole text is read.
    public func isGroup(_ number: Int, _ typed: String) -> Bool {
        func digits(_ text: String) -> [UInt8?] { text.utf8.filter { $0 > 0x20 && $0 != UInt8(ascii: "-") }.map(Base32.digit) }
        return groups.indices.contains(number) && digits(typed) == digits(groups[number])
    }

    /// Throws a sentence for whoever typed it.
    public init(text: String) throws(SyncError) {
        let bytes: [UInt8]
        do {
            bytes = try CodeText.recovery.decode(text)
        } catch {
            throw Self.unreadable(error.why)
        }
        guard bytes.first == Self.version, bytes.count == 1 + Self.length else {
            throw Self.unreadable("It was made by a version of sync that this one does not know.")
        }
        secret = Array(bytes.dropFirst())
    }

    private static func unreadable(_ why: String) -> SyncError {
        SyncError(
            .usage, "This recovery key cannot be read. \(why)", safe: "Nothing was changed.",
            next: "Compare it with the original, group by group.")
    }

    // MARK: What derives from it

    /// Signs for it in the team.
    var signing: SigningKey { get throws { try SigningKey(seed: Secret.derive(from: secret, "sync/v1/recovery-sign")) } }

    /// Opens what new epochs seal to it.
    var kem: KEMKey { get throws { try KEMKey(seed: Secret.derive(from: secret, "sync/v1/recovery-kem")) } }

    /// Opens its slot in a key file: `RecoverySlot`.
    var slot: KEMKey { get throws { try KEMKey(seed: Secret.derive(from: secret, "sync/v1/recovery-slot-kem")) } }

    /// Where its box is found: 16 bytes.
    public var boxID: [UInt8] { Array(Secret.derive(from: secret, "sync/v1/recovery-box-id").bytes.prefix(SealedControl.tagLength)) }

    var boxKey: Secret { Secret.derive(from: secret, "sync/v1/recovery-box-key") }

    var publicKeys: PublicKeys { get throws { PublicKeys(signing: try signing.publicKey, kem: try kem.publicKey) } }

    /// The device that it is in a team.
    public var device: DeviceID { get throws { try publicKeys.device } }

    /// As a coordinator: it admits the device of whoever recovers.
    func enrolment(name: String) throws -> Enrolment {
        try Enrolment(name: name, role: .coordinator, signing: signing, kem: kem)
    }
}
