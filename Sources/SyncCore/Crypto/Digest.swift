import Crypto

/// SHA-256 under a label, so that a value hashed for one purpose never stands for another.
public enum Digest {
    /// `hash(label, parts…)` of `docs/format.md`, section 1.
    public static func hash(_ label: StaticString, _ parts: [UInt8]...) -> Hash32 {
        var hasher = Hasher(label)
        for part in parts { hasher.update(part) }
        return hasher.finish()
    }

    /// SHA-256 of bytes alone.
    public static func plain(_ bytes: some Collection<UInt8>) -> Hash32 {
        var hasher = SHA256()
        update(&hasher, bytes)
        return value(hasher.finalize())
    }

    /// The same in steps, for inputs that are written as they are hashed.
    public struct Hasher {
        private var inner = SHA256()

        public init(_ label: StaticString) {
            label.withUTF8Buffer { inner.update(bufferPointer: UnsafeRawBufferPointer($0)) }
            Digest.update(&inner, CollectionOfOne(0))
        }

        public mutating func update(_ bytes: some Collection<UInt8>) { Digest.update(&inner, bytes) }

        public func finish() -> Hash32 { Digest.value(inner.finalize()) }
    }

    private static func update(_ hasher: inout SHA256, _ bytes: some Collection<UInt8>) {
        let direct: Void? = bytes.withContiguousStorageIfAvailable {
            hasher.update(bufferPointer: UnsafeRawBufferPointer($0))
        }
        if direct == nil {
            Array(bytes).withUnsafeBytes { hasher.update(bufferPointer: $0) }
        }
    }

    private static func value(_ digest: SHA256.Digest) -> Hash32 {
        digest.withUnsafeBytes { Hash32(Array($0)) ?? .zero }
    }
}
