/// What a value of a field is made of. Drives validation, JSON, CSV, the view's columns and the display, so that a new field is
/// one line in the registry.
public indirect enum FieldType: Hashable, Sendable {
    case text
    case integer
    /// A date as people know it, kept as `When.isoText`.
    case when
    /// One of these names; others are kept and shown as they are.
    case choice([String])
    /// Degrees in units of 10⁻⁷.
    case degrees
    /// A SHA-256 value.
    case hash
    case flag
    /// The id of a record.
    case record
    case tuple([PartSchema])

    /// Whether `value` has this shape. Unknown parts of a tuple are allowed: a newer version may have added them.
    public func accepts(_ value: Value) -> Bool {
        switch (self, value) {
        case (_, .nothing): true
        case (.text, .text), (.choice, .text): true
        case (.when, .text(let text)): When(isoText: text) != nil
        case (.integer, .integer): true
        case (.flag, .integer(let number)): number == 0 || number == 1
        case (.degrees, .integer(let number)): (-1_800_000_000...1_800_000_000).contains(number)
        case (.hash, .bytes(let bytes)): bytes.count == 32
        case (.record, .bytes(let bytes)): bytes.count == 16
        case (.tuple(let schema), .tuple(let parts)):
            parts.allSatisfy { part in
                schema.first { $0.number == part.number }?.type.accepts(part.value) ?? true
            }
        default: false
        }
    }
}

/// One part of a tuple.
public struct PartSchema: Hashable, Sendable {
    public let number: UInt32
    public let name: String
    public let type: FieldType

    init(_ number: UInt32, _ name: String, _ type: FieldType) {
        self.number = number
        self.name = name
        self.type = type
    }
}
