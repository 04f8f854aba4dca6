import Crypto

/// Thirty-two secret bytes: an epoch's key, a seed, a key derived from one. Does not print itself.
public struct Secret: Hashable, Sendable, CustomStringConvertible {
    public let bytes: [UInt8]

    /// Exactly 32 bytes, or nil.
    public init?(_ bytes: some Collection<UInt8>) {
        guard bytes.count == 32 else { return nil }
        self.bytes = Array(bytes)
    }

    public static func random(_ surroundings: Surroundings) -> Secret {
        Secret(unchecked: surroundings.random(32))
    }

    private init(unchecked bytes: [UInt8]) { self.bytes = bytes }

    /// `derive(self, label, context)` of `docs/format.md`, section 1: HKDF-SHA256 (RFC 5869).
    public func derive(_ label: StaticString, _ context: [UInt8] = []) -> Secret {
        Self.derive(from: bytes, label, context)
    }

    /// The same from a secret of another length, such as an invite's 16 bytes.
    public static func derive(from secret: [UInt8], _ label: StaticString, _ context: [UInt8] = []) -> Secret {
        var info = label.withUTF8Buffer(Array.init)
        info.append(0)
        info.append(contentsOf: context)
        let key = HKDF<SHA256>.deriveKey(
            inputKeyMaterial: SymmetricKey(data: secret), info: info, outputByteCount: 32)
        return Secret(unchecked: key.withUnsafeBytes(Array.init))
    }

    /// HMAC-SHA256 (RFC 2104) under this key.
    func authenticate(_ bytes: [UInt8]) -> [UInt8] {
        Array(HMAC<SHA256>.authenticationCode(for: bytes, using: SymmetricKey(data: self.bytes)))
    }

    public var description: String { "secret" }
}
