/// How far the changes of one author count: those before `last`, and `last` itself if it bears the mark.
public struct ChangeCut: Hashable, Sendable {
    public var last: UInt64
    /// Nil: whatever mark the last one bears.
    public var mark: UInt64?

    public init(last: UInt64, mark: UInt64?) {
        self.last = last
        self.mark = mark
    }

    public init(_ name: ChangeName) { self.init(last: name.seq, mark: name.mark) }

    /// No change counts: an author that is not named.
    public static let nothing = ChangeCut(last: 0, mark: nil)

    /// Whether the cut leaves a change standing. Of a clone's branches below it, the chain of previous marks tells the right one.
    public func covers(_ name: ChangeName) -> Bool {
        name.seq < last || name.seq == last && (mark == nil || mark == name.mark)
    }

    /// What both leave standing. Of two branches of a clone only what lies before the fork.
    public func meet(_ other: ChangeCut) -> ChangeCut {
        if last != other.last { return last < other.last ? self : other }
        if mark == other.mark || other.mark == nil { return self }
        return mark == nil ? other : ChangeCut(last: max(last, 1) - 1, mark: nil)
    }
}

/// The last changes that count of one device's authors, as a control record names them.
public struct AuthorCuts: Hashable, Sendable {
    /// By author; who is not named is cut at nothing.
    public private(set) var named: [AuthorID: ChangeCut]

    public init(_ last: some Sequence<ChangeName>) {
        named = Dictionary(last.map { ($0.author, ChangeCut($0)) }, uniquingKeysWith: { $0.meet($1) })
    }

    public subscript(author: AuthorID) -> ChangeCut { named[author] ?? .nothing }

    public func covers(_ name: ChangeName) -> Bool { self[name.author].covers(name) }

    /// The minimum: what both leave standing.
    public func meet(_ other: AuthorCuts) -> AuthorCuts {
        var both = self
        both.named = named.filter { other.named[$0.key] != nil }
        for (author, cut) in both.named { both.named[author] = cut.meet(other[author]) }
        return both
    }
}

extension ByteWriter {
    /// The last change of each author, by author.
    mutating func cuts(_ last: [ChangeName]) {
        count(last.count)
        for name in last { name.append(to: &self) }
    }
}

extension ByteReader {
    mutating func cuts() throws(DecodingFailure) -> [ChangeName] {
        var last: [ChangeName] = []
        for _ in 0..<(try count(limit: Limits.authorsPerCut)) {
            let name = try ChangeName(from: &self)
            if let before = last.last, !(before.author < name.author) { throw .invalid("cuts") }
            last.append(name)
        }
        return last
    }
}
