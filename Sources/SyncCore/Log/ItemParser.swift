/// Splits bytes, as they arrive in pieces, into items: a type, a length, and so many bytes. Holds at most one, whose size is bounded.
struct ItemParser: Sendable {
    /// A segment's largest size on the wire; nothing else that is sent is larger.
    static let itemLimit = Limits.bodyBytes + 512

    private var buffer: [UInt8] = []
    private var start = 0

    mutating func append(_ bytes: some Sequence<UInt8>) {
        if start > 1 << 16 {
            buffer.removeFirst(start)
            start = 0
        }
        buffer.append(contentsOf: bytes)
    }

    /// The next whole item; nil until more has arrived.
    mutating func next() throws(DecodingFailure) -> (type: UInt8, bytes: [UInt8])? {
        var reader = ByteReader(buffer[start...])
        guard reader.remaining > 1 else { return nil }
        let type = try reader.u8()
        guard let length = try lengthIfThere(&reader), reader.remaining >= length else { return nil }
        let bytes = Array(try reader.raw(length))
        start += reader.offset
        return (type, bytes)
    }

    /// So many bytes that are no item, once they have arrived.
    mutating func take(_ count: Int) -> ArraySlice<UInt8>? {
        guard buffer.count - start >= count else { return nil }
        defer { start += count }
        return buffer[start..<(start + count)]
    }

    private func lengthIfThere(_ reader: inout ByteReader) throws(DecodingFailure) -> Int? {
        var probe = reader
        do {
            let length = try probe.count(limit: Self.itemLimit)
            reader = probe
            return length
        } catch .truncated {
            return nil
        }
    }

    /// Nothing more comes: nothing may be left over.
    func end() throws(DecodingFailure) {
        guard start == buffer.count else { throw .truncated }
    }
}
