/// Values taken apart into one stream per field and part path, so that titles lie beside titles and compress as titles.
struct ValueStreams {
    struct Stream {
        var shapes = ByteWriter()
        var bytes: [UInt8] = []
        var children: [UInt32: Int] = [:]
    }

    private(set) var streams: [Stream] = []
    private var ofField: [UInt32: Int] = [:]

    mutating func append(_ value: Value, field: UInt32) {
        let stream: Int
        if let known = ofField[field] {
            stream = known
        } else {
            stream = add()
            ofField[field] = stream
        }
        append(value, to: stream)
    }

    private mutating func add() -> Int {
        streams.append(Stream())
        return streams.count - 1
    }

    private mutating func child(of stream: Int, part: UInt32) -> Int {
        if let known = streams[stream].children[part] { return known }
        let new = add()
        streams[stream].children[part] = new
        return new
    }

    private mutating func append(_ value: Value, to stream: Int) {
        switch value {
        case .nothing: streams[stream].shapes.varint(ValueType.nothing)
        case .text(let text):
            streams[stream].shapes.varint(UInt64(text.utf8.count) << 3 | ValueType.text)
            streams[stream].bytes.append(contentsOf: text.utf8)
        case .integer(let number):
            streams[stream].shapes.varint(ValueType.integer)
            streams[stream].shapes.zig(number)
        case .bytes(let bytes):
            streams[stream].shapes.varint(UInt64(bytes.count) << 3 | ValueType.bytes)
            streams[stream].bytes.append(contentsOf: bytes)
        case .tuple(let parts):
            streams[stream].shapes.varint(UInt64(parts.count) << 3 | ValueType.tuple)
            for part in parts {
                streams[stream].shapes.varint(UInt64(part.number))
                append(part.value, to: child(of: stream, part: part.number))
            }
        }
    }

    var shapesSection: [UInt8] { section { $0.shapes.bytes } }
    var bytesSection: [UInt8] { section(\.bytes) }

    private func section(_ part: (Stream) -> [UInt8]) -> [UInt8] {
        var writer = ByteWriter()
        writer.count(streams.count)
        for stream in streams { writer.counted(part(stream)) }
        return writer.bytes
    }
}

/// The reverse: takes values from the streams in the order in which they were put in.
struct ValueStreamReader {
    private struct Stream {
        var shapes: ByteReader
        var bytes: ByteReader
        var children: [UInt32: Int] = [:]
    }

    private var streams: [Stream] = []
    private var met = 0
    private var ofField: [UInt32: Int] = [:]

    init(shapes: ArraySlice<UInt8>, bytes: ArraySlice<UInt8>) throws(DecodingFailure) {
        var shapes = ByteReader(shapes)
        var bytes = ByteReader(bytes)
        let count = try shapes.count(limit: shapes.remaining)
        guard try bytes.count(limit: bytes.remaining) == count else { throw .invalid("value streams") }
        for _ in 0..<count {
            streams.append(
                Stream(
                    shapes: ByteReader(try shapes.counted(limit: shapes.remaining)),
                    bytes: ByteReader(try bytes.counted(limit: bytes.remaining))))
        }
        try shapes.end()
        try bytes.end()
    }

    mutating func next(field: UInt32) throws(DecodingFailure) -> Value {
        let stream: Int
        if let known = ofField[field] {
            stream = known
        } else {
            stream = try meet()
            ofField[field] = stream
        }
        return try next(from: stream, depth: 0)
    }

    /// Every stream must have been met, and used up.
    func end() throws(DecodingFailure) {
        guard met == streams.count else { throw .trailing }
        for stream in streams {
            try stream.shapes.end()
            try stream.bytes.end()
        }
    }

    private mutating func meet() throws(DecodingFailure) -> Int {
        guard met < streams.count else { throw .truncated }
        met += 1
        return met - 1
    }

    private mutating func child(of stream: Int, part: UInt32) throws(DecodingFailure) -> Int {
        if let known = streams[stream].children[part] { return known }
        let new = try meet()
        streams[stream].children[part] = new
        return new
    }

    private mutating func next(from stream: Int, depth: Int) throws(DecodingFailure) -> Value {
        let head = try streams[stream].shapes.varint()
        let count = Int(truncatingIfNeeded: head >> 3)
        switch head & 7 {
        case ValueType.nothing where count == 0: return .nothing
        case ValueType.text: return .text(try ByteReader.utf8(try streams[stream].bytes.raw(count)))
        case ValueType.integer where count == 0: return .integer(try streams[stream].shapes.zig())
        case ValueType.bytes: return .bytes(Array(try streams[stream].bytes.raw(count)))
        case ValueType.tuple:
            guard depth < Value.depthLimit, count <= streams[stream].shapes.remaining else { throw .invalid("value") }
            var parts: [Value.Part] = []
            parts.reserveCapacity(min(count, 16))
            for _ in 0..<count {
                let number = try streams[stream].shapes.number32()
                guard number > parts.last?.number ?? 0 || parts.isEmpty else { throw .invalid("part") }
                let value = try next(from: try child(of: stream, part: number), depth: depth + 1)
                parts.append(Value.Part(number, value))
            }
            return .tuple(parts)
        default: throw .invalid("value")
        }
    }
}
