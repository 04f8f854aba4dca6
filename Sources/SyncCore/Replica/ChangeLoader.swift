/// Reads the operations of changes from wherever they are carried, and keeps the segments that were opened last.
final class ChangeLoader {
    private let keys: DeviceKeys
    private var opened: [(segment: Int64, changes: [Change])] = []
    private let keep = 4
    /// The change that was saved last: it is applied next, and not kept beyond that.
    private var saved: (number: Int64, change: Change)?

    init(keys: DeviceKeys) { self.keys = keys }

    func change(_ stored: StoredChange, _ log: LogTransaction) throws -> Change {
        guard let carrier = stored.carrier else {
            if let saved, saved.number == stored.number, saved.change.name == stored.name {
                self.saved = nil
                return saved.change
            }
            guard let bytes = try log.journalBytes(stored.number) else { throw ChangeIndex.inconsistent }
            return try Change(canonical: bytes)
        }
        return try change(carrier, log)
    }

    func change(_ carrier: StoredChange.Carrier, _ log: LogTransaction) throws -> Change {
        let changes = try changes(in: carrier.segment, log)
        guard changes.indices.contains(carrier.position) else { throw ChangeIndex.inconsistent }
        return changes[carrier.position]
    }

    private func changes(in segment: Int64, _ log: LogTransaction) throws -> [Change] {
        if let known = opened.first(where: { $0.segment == segment }) { return known.changes }
        guard let stored = try log.segment(segment) else { throw ChangeIndex.inconsistent }
        let changes = try log.substitute(of: segment) ?? content(of: stored, log).changes
        remember(segment, changes)
        return changes
    }

    /// What a segment's writer put into it, whatever was redacted since. Nil where nobody could open it, or where its body is gone.
    func written(_ segment: StoredSegment, _ log: LogTransaction) throws -> SegmentContent? {
        do {
            return try content(of: segment, log)
        } catch let error as SyncError where error.kind == .integrity {
            return nil
        }
    }

    /// Opens a segment whose log is bound.
    func content(of segment: StoredSegment, _ log: LogTransaction) throws -> SegmentContent {
        guard let owner = try log.log(number: segment.log), let binding = try log.binding(open: segment.open),
            let key = keys.epochKey(binding.epoch), let author = try log.author(binding.author)
        else { throw SyncError.damaged("A segment cannot be opened with the keys of this device.") }
        do {
            let cipher = LogCipher(epochKey: key, team: keys.team, tag: owner.tag)
            let plain = try cipher.open(Segment(segment.bytes), after: segment.previous)
            return try SegmentContent(decoding: plain[...], author: author, epoch: binding.epoch)
        } catch {
            throw SyncError(
                .integrity, "Segment \(segment.index) of a log in this store is damaged.", safe: "Nothing was changed.",
                next: "Run  sync doctor.")
        }
    }

    /// What a transaction put into the journal, once it is durable.
    func remember(saved change: Change, number: Int64) { saved = (number, change) }

    /// It was applied, or could not be: what the journal says may change before it is.
    func forgetSaved() { saved = nil }

    func remember(_ segment: Int64, _ changes: [Change]) {
        opened.removeAll { $0.segment == segment }
        opened.append((segment, changes))
        if opened.count > keep { opened.removeFirst() }
    }
}
