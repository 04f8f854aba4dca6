/// Reads server-sent events (WHATWG HTML, section 9.2.6), of which a relay's have data and nothing else.
struct EventParser {
    private var line: [UInt8] = []
    private var data: [UInt8] = []
    private var wasReturn = false

    /// A relay's events have some hundred bytes.
    private static let limit = 1 << 16

    /// The data of each event that ends in these bytes.
    ///
    /// - Throws: `DecodingFailure` for a line or an event that no relay sends.
    mutating func take(_ bytes: some Sequence<UInt8>) throws -> [[UInt8]] {
        var events: [[UInt8]] = []
        for byte in bytes {
            let isNewline = byte == UInt8(ascii: "\n")
            defer { wasReturn = byte == UInt8(ascii: "\r") }
            if isNewline, wasReturn { continue }
            guard isNewline || byte == UInt8(ascii: "\r") else {
                line.append(byte)
                guard line.count + data.count <= Self.limit else { throw DecodingFailure.tooLarge }
                continue
            }
            if let event = endLine() { events.append(event) }
        }
        return events
    }

    private mutating func endLine() -> [UInt8]? {
        defer { line = [] }
        guard !line.isEmpty else {
            defer { data = [] }
            return data.isEmpty ? nil : data
        }
        let name = line.prefix { $0 != UInt8(ascii: ":") }
        guard name.elementsEqual("data".utf8) else { return nil }
        var value = line.dropFirst(name.count + 1)
        if value.first == UInt8(ascii: " ") { value = value.dropFirst() }
        data += (data.isEmpty ? [] : [UInt8(ascii: "\n")]) + value
        return nil
    }
}
