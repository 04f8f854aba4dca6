/// Everything written under one key of a log: normally one value. Retracted by another operation, never edited.
public struct LogEntry: Hashable, Sendable {
    /// In winner order, the greatest, which is shown, first.
    public internal(set) var writes: [Write] = []
    /// In winner order, each with its reason or `nothing`.
    public internal(set) var retractions: [Write] = []

    public init() {}

    public var isRetracted: Bool { !retractions.isEmpty }

    static func insert(_ write: Write, into list: inout [Write]) {
        list.insert(write, at: list.firstIndex { $0.stamp < write.stamp } ?? list.endIndex)
    }

    /// Distinct values, the shown one first.
    public var values: [Value] {
        var values: [Value] = []
        for write in writes where !values.contains(write.value) { values.append(write.value) }
        return values
    }
}

/// A tally: increments summed within a generation; only the newest generation shows. Closing a tally starts the next.
public struct Tally: Hashable, Sendable {
    public internal(set) var sums: [UInt64: Int64] = [:]

    public init() {}

    public var generation: UInt64 { sums.keys.max() ?? 0 }
    public var value: Int64 { sums[generation] ?? 0 }

    /// Wraps at 64 bits like any sum that must not depend on order.
    mutating func add(_ amount: Int64, generation: UInt64) { sums[generation, default: 0] &+= amount }
}
