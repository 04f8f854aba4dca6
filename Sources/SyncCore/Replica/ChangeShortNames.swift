/// What people call changes: the beginning of the author's id and the number of the change, `k7d2/12`.
public struct ChangeShortNames {
    private let session: Session
    private let authors: [(number: Int64, id: AuthorID, text: String)]
    private static let least = 4

    init(_ session: Session) throws {
        self.session = session
        authors = try session.log.authors().map { ($0.number, $0.id, Base32.encode($0.id.bytes)) }
    }

    /// The shortest, of at least four characters of the author's id, that means this change and no other.
    public func text(_ name: ChangeName) throws -> String {
        let text = Base32.encode(name.author.bytes)
        let shared = authors.filter { $0.id != name.author }.map { other in zip(other.text.utf8, text.utf8).prefix { $0 == $1 }.count }
        let author = text.prefix(max(Self.least, (shared.max() ?? 0) + 1))
        let marks = try authors.first { $0.id == name.author }.map { try session.log.marks(author: $0.number, seq: name.seq) } ?? []
        return "\(author)/\(name.seq)" + (marks.count > 1 ? ".\(Self.mark(name.mark))" : "")
    }

    private static func mark(_ mark: UInt64) -> String { ItemKey(mark).description }

    /// The change that such a name means.
    ///
    /// - Throws: `usage` where there is none, or several.
    public func find(_ text: String) throws -> ChangeName {
        let wanted = try Wanted(text)
        let found = try authors.filter { wanted.isAuthor($0.text, $0.id) }.flatMap { author in
            try session.log.marks(author: author.number, seq: wanted.seq)
                .filter { Self.mark($0).hasPrefix(wanted.mark) }
                .map { ChangeName(author: author.id, seq: wanted.seq, mark: $0) }
        }
        guard found.count < 2 else {
            throw SyncError(
                .usage, "Several changes are called “\(text)”: \(try found.prefix(5).map(self.text).joined(separator: ", ")).",
                safe: "Nothing was changed.", next: "Type more of the name.")
        }
        guard let name = found.first else {
            throw SyncError(.usage, "There is no change “\(text)” here.", safe: "Nothing was changed.", next: "See the names in  sync log.")
        }
        return name
    }

    private struct Wanted {
        var author: String
        var seq: UInt64
        var mark: String

        init(_ text: String) throws {
            // Copied from a terminal, a name may bring marks of direction with it that nobody sees.
            let text = String(text.unicodeScalars.filter { $0.properties.generalCategory != .format }).lowercased()
            let halves = text.split(separator: "/", omittingEmptySubsequences: false)
            let rest = halves.last.map { $0.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false) } ?? []
            guard halves.count == 2, !halves[0].isEmpty, let seq = rest.first.flatMap({ UInt64($0) }), seq > 0,
                seq <= UInt64(Int64.max)
            else {
                throw SyncError(
                    .usage, "“\(text)” is no change: changes are called such as k7d2/12.", safe: "Nothing was changed.",
                    next: "See the names in  sync log.")
            }
            (author, self.seq, mark) = (String(halves[0]), seq, rest.count > 1 ? String(rest[1]) : "")
        }

        /// `ChangeName.description` ends its author's part in fewer bits than a character holds.
        func isAuthor(_ text: String, _ id: AuthorID) -> Bool {
            text.hasPrefix(author) || ByteOrder.same(author, Base32.encode(id.bytes.prefix(4)))
        }
    }
}

extension Session {
    public func changeShortNames() throws -> ChangeShortNames { try ChangeShortNames(self) }
}
