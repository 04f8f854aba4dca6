/// Where a write stands in the order that decides which of several live values readers see.
public struct Stamp: Hashable, Comparable, Sendable {
    public var lamport: UInt64
    public var write: WriteName

    public init(lamport: UInt64, write: WriteName) {
        self.lamport = lamport
        self.write = write
    }

    /// (lamport, author, mark, operation): total, and the same everywhere.
    public static func < (a: Stamp, b: Stamp) -> Bool {
        if a.lamport != b.lamport { return a.lamport < b.lamport }
        if a.write.change.author != b.write.change.author { return a.write.change.author < b.write.change.author }
        if a.write.change.mark != b.write.change.mark { return a.write.change.mark < b.write.change.mark }
        return a.write.operation < b.write.operation
    }
}

/// A value that a counted change wrote.
public struct Write: Hashable, Sendable {
    public var stamp: Stamp
    public var value: Value

    public init(stamp: Stamp, value: Value) {
        self.stamp = stamp
        self.value = value
    }
}

/// What merging needs to know of changes beyond the one at hand. The log answers; tests answer from a dictionary.
public protocol ChangeGraph {
    /// Whether the change is here, counted or void.
    func isKnown(_ name: ChangeName) -> Bool
    /// Whether `earlier` is `later` or one of its author's changes before it on the same branch.
    func isOnBranch(_ earlier: ChangeName, of later: ChangeName) -> Bool
    /// What a write of a void change named; empty for a counted or unknown one. Naming a void write names these too.
    func namedByVoid(_ write: WriteName) -> [WriteName]
}

extension ChangeGraph {
    /// `names`, and everything that the void writes among them named, transitively.
    func closure(of names: [WriteName]) -> [WriteName] {
        var result = names
        var next = 0
        while next < result.count {
            for name in namedByVoid(result[next]) where !result.contains(name) { result.append(name) }
            next += 1
        }
        return result
    }
}
