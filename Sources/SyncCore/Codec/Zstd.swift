import CZstd

/// Zstandard (RFC 8878) through the system's library, one frame at a time.
///
/// Chosen over zlib by measurement: `docs/decisions/0003-compression.md`.
public enum Zstd {
    /// Within half a percent of zlib at its default, at five times its speed.
    public static let level: Int32 = 3

    /// One frame, or nil when the library refuses, which it does only for lack of memory.
    public static func compress(_ plain: [UInt8], level: Int32 = Zstd.level) -> [UInt8]? {
        let bound = ZSTD_compressBound(plain.count)
        var written = 0
        let out = [UInt8](unsafeUninitializedCapacity: bound) { buffer, count in
            written = plain.withUnsafeBytes { source in
                ZSTD_compress(buffer.baseAddress, bound, source.baseAddress, source.count, level)
            }
            count = ZSTD_isError(written) == 0 ? written : 0
        }
        return ZSTD_isError(written) == 0 ? out : nil
    }

    /// The contents of one frame, which must be exactly `size` bytes. The caller has checked `size` against its own limit.
    public static func decompress(_ packed: ArraySlice<UInt8>, size: Int) throws(DecodingFailure) -> [UInt8] {
        var read = 0
        let out = [UInt8](unsafeUninitializedCapacity: max(size, 1)) { buffer, count in
            read = packed.withUnsafeBytes { source in
                ZSTD_decompress(buffer.baseAddress, size, source.baseAddress, source.count)
            }
            count = ZSTD_isError(read) == 0 ? read : 0
        }
        guard ZSTD_isError(read) == 0, read == size else { throw .invalid("compressed columns") }
        return out
    }
}
