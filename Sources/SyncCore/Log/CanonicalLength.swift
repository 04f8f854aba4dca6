/// How long canonical bytes are, without making them: a segment can say in a few bytes what takes many here, and a change past its
/// limit must be refused before it grows.
extension Change {
    var canonicalLength: Int { operations.reduce(canonicalLength(operations: operations.count)) { $0 + $1.canonicalLength } }

    /// Everything but the operations themselves.
    func canonicalLength(operations count: Int) -> Int {
        let start = name.canonicalLength + (previousMark == nil ? 0 : 8) + varintLength(zigzag(wall))
        let counts = varintLength(UInt64(dependencies.count)) + varintLength(UInt64(count))
        return dependencies.reduce(start + counts) { $0 + $1.name.canonicalLength + 16 }
    }
}

extension Operation {
    var canonicalLength: Int {
        var length = varintLength(UInt64(code.rawValue)) + 1 + varintLength(UInt64(field))
        if case .id = record { length += 16 }
        if key != nil { length += 8 }
        if !names.isEmpty { length += varintLength(UInt64(names.count)) }
        for name in names { length += name.change.canonicalLength + varintLength(UInt64(name.operation)) }
        return length + (value?.encodedLength ?? 0)
    }
}

extension ChangeName {
    var canonicalLength: Int { 24 + varintLength(seq) }
}

extension Value {
    var encodedLength: Int {
        switch self {
        case .nothing: return 1
        case .text(let text):
            let count = text.utf8.count
            return varintLength(UInt64(count) << 3) + count
        case .integer(let number): return 1 + varintLength(zigzag(number))
        case .bytes(let bytes): return varintLength(UInt64(bytes.count) << 3) + bytes.count
        case .tuple(let parts):
            return parts.reduce(varintLength(UInt64(parts.count) << 3)) {
                $0 + varintLength(UInt64($1.number)) + $1.value.encodedLength
            }
        }
    }
}

private func varintLength(_ value: UInt64) -> Int { (70 - (value | 1).leadingZeroBitCount) / 7 }

private func zigzag(_ value: Int64) -> UInt64 { UInt64(bitPattern: value << 1 ^ value >> 63) }
