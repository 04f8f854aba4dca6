/// Where a write stands in the order that decides which of several live values readers see.
public struct Stamp: Hashable, Comparable, Sendable {
    public var lamport: UInt64
    public var write: WriteName

    public init(lamport: UInt64, write: WriteName) {
        self.lamport = lamport
        self.write = write
    }

    /// (lamport, author, mark, seq, operation): total, and the same everywhere. Two changes of one author have one Lamport number only
    /// on different branches.
    public static func < (a: Stamp, b: Stamp) -> Bool {
        if a.lamport != b.lamport { return a.lamport < b.lamport }
        if a.write.change.author != b.write.change.author { return a.write.change.author < b.write.change.author }
        if a.write.change.mark != b.write.change.mark { return a.write.change.mark < b.write.change.mark }
        if a.write.change.seq != b.write.change.seq { return a.write.change.seq < b.write.change.seq }
        return a.write.operation < b.write.operation
    }
}

/// A value that a counted change wrote.
public struct Write: Hashable, Sendable {
    public var stamp: Stamp
    public var value: Value
    /// Of a text: it replaced nothing, so that it is named by its content.
    public var isFirst: Bool
    /// Of a text that was edited: `value` is what its live edits make together.
    public var text: TextMark?

    public init(stamp: Stamp, value: Value, isFirst: Bool = false, text: TextMark? = nil) {
        self.stamp = stamp
        self.value = value
        self.isFirst = isFirst
        self.text = text
    }
}

/// Which changes follow which. The log answers; tests answer from a dictionary.
public protocol BranchGraph {
    /// Whether `earlier` is `later` or one of its author's changes before it on the same branch.
    func isOnBranch(_ earlier: ChangeName, of later: ChangeName) -> Bool
}

/// What merging into one record needs to know of changes beyond the one at hand.
public protocol ChangeGraph: BranchGraph {
    /// Whether the change was applied, counted or void. False for the one that is being applied.
    func isKnown(_ name: ChangeName) -> Bool
    /// What a void change's operation on this slot of this record named; empty for one that counts, is unknown, or is elsewhere. Naming
    /// a void write names these too.
    func namedByVoid(_ write: WriteName, in slot: RecordState.Slot) -> [WriteName]
}

extension ChangeGraph {
    /// `names`, and everything that the void writes among them named, transitively.
    func closure(of names: [WriteName], in slot: RecordState.Slot) -> [WriteName] {
        var result = names
        var next = 0
        while next < result.count {
            for name in namedByVoid(result[next], in: slot) where !result.contains(name) { result.append(name) }
            next += 1
        }
        return result
    }
}
