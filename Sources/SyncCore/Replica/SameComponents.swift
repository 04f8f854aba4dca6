/// Which living records are one: those that edges join, directly or through others. The smallest id stands for all of them.
struct SameComponents {
    let view: ViewTransaction

    /// The living records that are one with this one, itself among them, in the order of ids. None where it is not there itself.
    func component(of number: Int64) throws -> [ViewTransaction.StoredRecord] {
        guard let start = try view.record(number: number), start.isVisible else { return [] }
        var found = [start.id: start]
        var open = [start.id]
        while let id = open.popLast() {
            for other in try view.others(.same, of: id) where found[other] == nil {
                #if BROKEN_RULES
                if BrokenRule.active == .same, try view.others(.different, of: id).contains(other) { continue }
                #endif
                guard let stored = try view.record(other), stored.isVisible, stored.kind == start.kind else { continue }
                found[other] = stored
                open.append(other)
            }
        }
        return found.values.sorted { $0.id < $1.id }
    }

    /// Deleted records that were one with this one until the deletion that took them all: what brings one back brings them back.
    func deletedWith(_ id: RecordID, state: (RecordID) throws -> RecordState?) throws -> [RecordID] {
        guard let start = try state(id), !start.life.isAlive else { return [id] }
        let deletions = Set(start.life.deletions.map(\.stamp.write.change))
        var found: Set = [id]
        var open = [id]
        while let id = open.popLast() {
            for other in try view.others(.same, of: id) where !found.contains(other) {
                guard let life = try state(other)?.life, life.exists, !life.isAlive,
                    life.deletions.contains(where: { deletions.contains($0.stamp.write.change) })
                else { continue }
                found.insert(other)
                open.append(other)
            }
        }
        return found.sorted()
    }
}
