/// Padmé padding: hides a length to within 12 %, and less the larger it is.
/// Nikitin et al., "Reducing Metadata Leakage from Encrypted Files and Communication with PURBs", PETS 2019.
public enum Padding {
    /// The padded length for `length` bytes, at least `floor`.
    public static func padme(_ length: Int, floor: Int) -> Int {
        let length = max(length, floor, 2)
        let exponent = Int.bitWidth - 1 - length.leadingZeroBitCount
        let bits = Int.bitWidth - exponent.leadingZeroBitCount
        let granule = 1 << max(0, exponent - bits)
        let (sum, overflow) = length.addingReportingOverflow(granule - 1)
        return overflow ? length : sum & ~(granule - 1)
    }

    /// `content` behind its length, filled with zeros.
    public static func pad(_ content: [UInt8], floor: Int) -> [UInt8] {
        var writer = ByteWriter(capacity: content.count + content.count / 8 + floor)
        writer.counted(content)
        let target = padme(writer.bytes.count, floor: floor)
        writer.bytes.append(contentsOf: repeatElement(0, count: target - writer.bytes.count))
        return writer.bytes
    }

    /// The reverse of `pad`: refuses a length that `pad` would not have made, and filling that is not zero.
    public static func unpad(_ padded: [UInt8], floor: Int) throws(DecodingFailure) -> ArraySlice<UInt8> {
        var reader = ByteReader(padded)
        let content = try reader.counted(limit: padded.count)
        guard padded.count == padme(reader.offset, floor: floor) else { throw .invalid("padding") }
        for byte in try reader.raw(reader.remaining) where byte != 0 { throw .invalid("padding") }
        return content
    }
}
