/// Takes one JSON text apart.
struct JSONParser {
    private let bytes: [UInt8]
    private var position = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    mutating func text() throws(JSONFailure) -> JSONNode {
        let node = try value(depth: 0)
        skipBlanks()
        guard position == bytes.count else { throw failure("something follows the end of the value") }
        return node
    }

    private func failure(_ message: String, at position: Int? = nil) -> JSONFailure {
        JSONFailure(column: (position ?? self.position) + 1, message: message)
    }

    private var current: UInt8? { position < bytes.count ? bytes[position] : nil }

    private mutating func skipBlanks() {
        while let byte = current, byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D { position += 1 }
    }

    private mutating func take(_ byte: UInt8) -> Bool {
        guard current == byte else { return false }
        position += 1
        return true
    }

    private mutating func value(depth: Int) throws(JSONFailure) -> JSONNode {
        skipBlanks()
        switch current {
        case nil: throw failure("the text ends where a value should stand")
        case UInt8(ascii: "{") where depth == JSONText.depthLimit, UInt8(ascii: "[") where depth == JSONText.depthLimit:
            throw failure("more than \(JSONText.depthLimit) levels of lists and objects")
        case UInt8(ascii: "{"): return try object(depth: depth + 1)
        case UInt8(ascii: "["): return try array(depth: depth + 1)
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"): return try word("true", .bool(true))
        case UInt8(ascii: "f"): return try word("false", .bool(false))
        case UInt8(ascii: "n"): return try word("null", .null)
        case UInt8(ascii: "-"), (0x30...0x39)?: return try number()
        case 0xEF where bytes[position...].starts(with: [0xEF, 0xBB, 0xBF]):
            throw failure("a byte order mark stands here; it may only begin a file")
        default: throw failure("this is no JSON value")
        }
    }

    private mutating func word(_ word: StaticString, _ node: JSONNode) throws(JSONFailure) -> JSONNode {
        let expected = word.withUTF8Buffer(Array.init)
        guard bytes[position...].starts(with: expected) else { throw failure("this is no JSON value") }
        position += expected.count
        return node
    }

    // MARK: Arrays and objects

    private mutating func array(depth: Int) throws(JSONFailure) -> JSONNode {
        position += 1
        var nodes: [JSONNode] = []
        skipBlanks()
        if take(UInt8(ascii: "]")) { return .array(nodes) }
        while true {
            nodes.append(try value(depth: depth))
            skipBlanks()
            if take(UInt8(ascii: "]")) { return .array(nodes) }
            guard take(UInt8(ascii: ",")) else { throw failure("expected ',' or ']' after a value of a list") }
        }
    }

    private mutating func object(depth: Int) throws(JSONFailure) -> JSONNode {
        position += 1
        var members: [JSONMember] = []
        var many: Set<[UInt8]> = []
        skipBlanks()
        if take(UInt8(ascii: "}")) { return .object(members) }
        while true {
            skipBlanks()
            let start = position
            guard current == UInt8(ascii: "\"") else { throw failure("expected a name in double quotes") }
            let name = try string()
            guard !Self.isTaken(name, members, &many) else {
                throw failure("the name \(Quoted.name(name)) stands twice in one object", at: start)
            }
            skipBlanks()
            guard take(UInt8(ascii: ":")) else { throw failure("expected ':' after a name") }
            members.append(JSONMember(name, try value(depth: depth), column: start + 1))
            skipBlanks()
            if take(UInt8(ascii: "}")) { return .object(members) }
            guard take(UInt8(ascii: ",")) else { throw failure("expected ',' or '}' after a value of an object") }
        }
    }

    /// A few names are compared with each other, many are hashed.
    private static func isTaken(_ name: String, _ members: [JSONMember], _ many: inout Set<[UInt8]>) -> Bool {
        if members.count < 32 { return members.contains { ByteOrder.same($0.name, name) } }
        if many.isEmpty { many = Set(members.map { Array($0.name.utf8) }) }
        return !many.insert(Array(name.utf8)).inserted
    }

    // MARK: Numbers

    private mutating func digits() throws(JSONFailure) {
        guard let byte = current, Digits.isDigit(byte) else { throw failure("expected a digit") }
        while let byte = current, Digits.isDigit(byte) { position += 1 }
    }

    private mutating func number() throws(JSONFailure) -> JSONNode {
        let start = position
        var isWhole = true
        _ = take(UInt8(ascii: "-"))
        let first = position
        try digits()
        guard bytes[first] != 0x30 || position == first + 1 else { throw failure("a number begins with 0", at: first) }
        if take(UInt8(ascii: ".")) {
            isWhole = false
            try digits()
        }
        if take(UInt8(ascii: "e")) || take(UInt8(ascii: "E")) {
            isWhole = false
            if !take(UInt8(ascii: "+")) { _ = take(UInt8(ascii: "-")) }
            try digits()
        }
        let text = String(decoding: bytes[start..<position], as: UTF8.self)
        if isWhole, let number = Int64(text) { return .integer(number) }
        return .decimal(text)
    }

    // MARK: Strings

    private mutating func string() throws(JSONFailure) -> String {
        let start = position
        position += 1
        var unescaped: [UInt8] = []
        var runStart = position
        while let byte = current {
            switch byte {
            case UInt8(ascii: "\""):
                unescaped.append(contentsOf: bytes[runStart..<position])
                position += 1
                guard let text = String(validating: unescaped, as: UTF8.self) else {
                    throw failure("the text that begins here is not UTF-8", at: start)
                }
                return text
            case UInt8(ascii: "\\"):
                unescaped.append(contentsOf: bytes[runStart..<position])
                try escape(into: &unescaped)
                runStart = position
            case 0..<0x20: throw failure("a control character stands unescaped in a text")
            default: position += 1
            }
        }
        throw failure("the text that begins here has no end", at: start)
    }

    private mutating func escape(into out: inout [UInt8]) throws(JSONFailure) {
        let start = position
        guard start + 1 < bytes.count else { throw failure("the text ends in an escape", at: start) }
        let byte = bytes[start + 1]
        position += 2
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): out.append(byte)
        case UInt8(ascii: "b"): out.append(0x08)
        case UInt8(ascii: "f"): out.append(0x0C)
        case UInt8(ascii: "n"): out.append(0x0A)
        case UInt8(ascii: "r"): out.append(0x0D)
        case UInt8(ascii: "t"): out.append(0x09)
        case UInt8(ascii: "u"): try unicodeEscape(at: start, into: &out)
        default: throw failure("unknown escape", at: start)
        }
    }

    private mutating func unicodeEscape(at start: Int, into out: inout [UInt8]) throws(JSONFailure) {
        var code = try fourHexDigits(at: start)
        if (0xD800..<0xDC00).contains(code), current == UInt8(ascii: "\\") {
            position += 1
            guard take(UInt8(ascii: "u")) else { throw failure("half of a surrogate pair", at: start) }
            let low = try fourHexDigits(at: start)
            guard (0xDC00..<0xE000).contains(low) else { throw failure("half of a surrogate pair", at: start) }
            code = 0x10000 + (code - 0xD800) << 10 + (low - 0xDC00)
        }
        guard let scalar = Unicode.Scalar(code) else { throw failure("half of a surrogate pair", at: start) }
        out.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
    }

    private mutating func fourHexDigits(at start: Int) throws(JSONFailure) -> UInt32 {
        var code: UInt32 = 0
        for _ in 0..<4 {
            let digit: UInt8
            switch current {
            case .some(let byte) where Digits.isDigit(byte): digit = byte - 0x30
            case .some(let byte) where (0x61...0x66).contains(byte | 0x20): digit = (byte | 0x20) - 0x61 + 10
            default: throw failure("expected four hexadecimal digits", at: start)
            }
            code = code << 4 | UInt32(digit)
            position += 1
        }
        return code
    }
}
