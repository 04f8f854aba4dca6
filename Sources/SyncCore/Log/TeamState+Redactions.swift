/// What the team took out of its history.
public struct Redactions: Sendable {
    /// One that counts.
    public struct Entry: Hashable, Sendable {
        /// Of its record.
        public var name: Hash32
        public var redaction: Redaction
        public var by: DeviceID
        public var wall: Int64
        /// By change, what this record and those that its signer knew take away: what its digests are of.
        let cumulative: [ChangeName: Set<UInt32>]
    }

    /// Each after those that its signer knew.
    public let entries: [Entry]
    /// By change, what all of them take away.
    private let operations: [ChangeName: Set<UInt32>]
    private let withdrawn: [Hash32: [Int]]
    private let carriers: [DeviceID: [Hash32: [Redaction.Withdrawn]]]

    init(in history: ControlHistory, counting: Set<Int>) {
        let places = counting.sorted().filter { history.records[$0].act.redaction != nil }
        entries = places.compactMap { place in
            let checked = history.records[place]
            guard let redaction = checked.act.redaction else { return nil }
            let known = places.filter { $0 == place || history.isAfter(place, $0) }.compactMap { history.records[$0].act.redaction }
            return Entry(
                name: checked.name, redaction: redaction, by: checked.signer, wall: checked.record.wall,
                cumulative: Self.union(of: known))
        }
        operations = Self.union(of: entries.map(\.redaction))
        var withdrawn: [Hash32: [Int]] = [:]
        var carriers: [DeviceID: [Hash32: [Redaction.Withdrawn]]] = [:]
        for (place, entry) in entries.enumerated() {
            for segment in entry.redaction.withdrawn {
                withdrawn[segment.chain, default: []].append(place)
                carriers[entry.by, default: [:]][segment.digest, default: []].append(segment)
            }
        }
        (self.withdrawn, self.carriers) = (withdrawn, carriers)
    }

    private static func union(of redactions: [Redaction]) -> [ChangeName: Set<UInt32>] {
        var sum: [ChangeName: Set<UInt32>] = [:]
        for edit in redactions.flatMap(\.edits) { sum[edit.change, default: []].formUnion(edit.operations) }
        return sum
    }

    public var isEmpty: Bool { entries.isEmpty }

    /// Every segment whose body is to go.
    public var chains: [Hash32] { withdrawn.keys.sorted() }

    public func isWithdrawn(_ chain: Hash32) -> Bool { withdrawn[chain] != nil }

    /// The changes that lose something.
    var changes: [ChangeName] { operations.keys.sorted() }

    /// The change as it is read from now on.
    func apply(to change: Change) -> Change { operations[change.name].map(change.redacting) ?? change }

    /// The segments in whose place a log of `device` carries changes of this digest; none where it carries its own.
    func withdrawn(carriedBy device: DeviceID, digest: Hash32) -> [Redaction.Withdrawn] { carriers[device]?[digest] ?? [] }

    func hasCarriers(_ device: DeviceID) -> Bool { carriers[device] != nil }

    /// Whether a segment's changes, as they were written, come to what each of the redactions that name it says. Where not, a
    /// coordinator has named a segment whose other changes they would alter.
    func isTrue(_ changes: [Change], at chain: Hash32) -> Bool {
        (withdrawn[chain] ?? []).allSatisfy { place in
            let entry = entries[place]
            let redacted = changes.map { change in entry.cumulative[change.name].map(change.redacting) ?? change }
            let digest = Redaction.digest(of: redacted)
            return entry.redaction.withdrawn.contains { $0.chain == chain && $0.digest == digest }
        }
    }

    /// Of one record.
    public func of(_ record: RecordID) -> [Entry] { entries.filter { $0.redaction.record == record } }

    /// What identifies this set.
    var digest: [UInt8] {
        var hasher = Digest.Hasher("sync/v1/redactions")
        for entry in entries { hasher.update(entry.name.bytes) }
        return entries.isEmpty ? [] : hasher.finish().bytes
    }
}

extension ControlAct {
    var redaction: Redaction? {
        if case .redact(let redaction) = self { redaction } else { nil }
    }
}
