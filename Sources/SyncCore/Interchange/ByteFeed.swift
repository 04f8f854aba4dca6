/// Bytes that arrive in pieces and are taken one at a time; holds only what was not yet taken.
///
/// A UTF-8 byte order mark at the very beginning is dropped. UTF-16 is noticed there.
struct ByteFeed: Sendable {
    private var bytes: [UInt8] = []
    private var head = 0
    private var knowsStart = false
    private(set) var isFinished = false
    private(set) var isUTF16 = false

    mutating func append(_ more: [UInt8]) {
        guard !isFinished else { return }
        if head > 0 {
            bytes.removeSubrange(..<head)
            head = 0
        }
        bytes.append(contentsOf: more)
        if !knowsStart { lookAtStart() }
    }

    mutating func finish() {
        isFinished = true
        if !knowsStart { lookAtStart() }
    }

    private mutating func lookAtStart() {
        guard bytes.count >= 3 || isFinished else { return }
        knowsStart = true
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { head = 3 }
        isUTF16 = bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF])
    }

    /// Nil when what arrived is used up.
    mutating func next() -> UInt8? {
        guard knowsStart, head < bytes.count else { return nil }
        defer { head += 1 }
        return bytes[head]
    }

    /// Everything up to the next of `byte`, or all that is left, without it.
    mutating func run(until byte: UInt8) -> (run: ArraySlice<UInt8>, found: Bool) {
        guard knowsStart else { return ([], false) }
        let rest = bytes[head...]
        let end = rest.firstIndex(of: byte)
        head = end.map { $0 + 1 } ?? bytes.endIndex
        return (rest[..<(end ?? bytes.endIndex)], end != nil)
    }
}
