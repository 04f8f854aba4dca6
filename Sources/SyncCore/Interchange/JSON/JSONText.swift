/// One value of a JSON text (RFC 8259), read without loss.
///
/// Foundation's reader is not used for what comes from outside: it accepts duplicate keys, UTF-16 and a byte order mark, and
/// makes an integer of `1.0`.
public enum JSONNode: Sendable {
    case null
    case bool(Bool)
    case integer(Int64)
    /// A number with a fraction or an exponent, or one beyond 64 bits, exactly as it was written.
    case decimal(String)
    case string(String)
    case array([JSONNode])
    /// In the order of the text. Names differ by their bytes.
    case object([JSONMember])
}

/// A name and its value.
public struct JSONMember: Sendable {
    public var name: String
    public var value: JSONNode
    /// Where the name begins: a byte of the text, the first being 1. 0 in a value that was not read.
    public var column: Int

    public init(_ name: String, _ value: JSONNode, column: Int = 0) {
        self.name = name
        self.value = value
        self.column = column
    }
}

/// Why a text is no JSON.
public struct JSONFailure: Error, Hashable, Sendable {
    /// The byte at which reading stopped, the first being 1.
    public var column: Int
    public var message: String
}

/// Reads and writes JSON texts.
public enum JSONText {
    /// How many arrays and objects may stand in one another.
    public static let depthLimit = 32

    /// Reads exactly one value: strict RFC 8259 in UTF-8 without a byte order mark; duplicate names, lone surrogates, anything
    /// after the value and more than `depthLimit` levels are refused. Linear in the length; never traps.
    public static func parse(_ bytes: [UInt8]) throws(JSONFailure) -> JSONNode {
        var parser = JSONParser(bytes)
        return try parser.text()
    }

    /// The text of a value: members in their order, no blanks, only what must be escaped is escaped. Equal values give equal
    /// bytes.
    public static func bytes(_ node: JSONNode) -> [UInt8] {
        var out = [UInt8]()
        append(node, to: &out)
        return out
    }

    public static func append(_ node: JSONNode, to out: inout [UInt8]) {
        switch node {
        case .null: out.append(contentsOf: "null".utf8)
        case .bool(let flag): out.append(contentsOf: (flag ? "true" : "false").utf8)
        case .integer(let number): out.append(contentsOf: String(number).utf8)
        case .decimal(let digits): out.append(contentsOf: digits.utf8)
        case .string(let text): append(text, to: &out)
        case .array(let nodes):
            out.append(UInt8(ascii: "["))
            for (index, node) in nodes.enumerated() {
                if index > 0 { out.append(UInt8(ascii: ",")) }
                append(node, to: &out)
            }
            out.append(UInt8(ascii: "]"))
        case .object(let members):
            out.append(UInt8(ascii: "{"))
            for (index, member) in members.enumerated() {
                if index > 0 { out.append(UInt8(ascii: ",")) }
                append(member.name, to: &out)
                out.append(UInt8(ascii: ":"))
                append(member.value, to: &out)
            }
            out.append(UInt8(ascii: "}"))
        }
    }

    private static func append(_ text: String, to out: inout [UInt8]) {
        out.append(UInt8(ascii: "\""))
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"): out.append(contentsOf: [UInt8(ascii: "\\"), byte])
            case 0x0A: out.append(contentsOf: "\\n".utf8)
            case 0x0D: out.append(contentsOf: "\\r".utf8)
            case 0x09: out.append(contentsOf: "\\t".utf8)
            case 0..<0x20: out.append(contentsOf: "\\u00\(Hex.encode([byte]))".utf8)
            default: out.append(byte)
            }
        }
        out.append(UInt8(ascii: "\""))
    }
}
