/// What the counted changes make of one record. Applying changes in any order that respects dependencies gives the same state.
public struct RecordState: Hashable, Sendable {
    /// A field, or one item or entry in it.
    public struct Slot: Hashable, Comparable, Sendable {
        public var field: UInt32
        public var key: ItemKey?

        public init(_ field: UInt32, _ key: ItemKey? = nil) {
            self.field = field
            self.key = key
        }

        public static func < (a: Slot, b: Slot) -> Bool {
            if a.field != b.field { return a.field < b.field }
            switch (a.key, b.key) {
            case (let a?, let b?): return a < b
            case (nil, .some): return true
            default: return false
            }
        }
    }

    public enum Content: Hashable, Sendable {
        /// register, quiet, strictest, text, an item's field, a set
        case writes(LiveWrites)
        case entry(LogEntry)
        /// an item of a map
        case life(Life)
        case tally(Tally)
    }

    /// 1 event, 2 petition; nil until the operation that says so is here. Of several the smallest.
    public internal(set) var kind: Int64?
    public internal(set) var life = Life()
    /// Ascending.
    public internal(set) var slots: [(slot: Slot, content: Content)] = []
    /// The counted changes that edited it, beyond its life, in winner order of their stamps' changes.
    public internal(set) var edits: [ChangeName] = []
    /// Every change, counted or void, that has an operation on this record: what is read again when the void set changes.
    public internal(set) var touches: [ChangeName] = []

    /// Texts whose live writes can only be told from their whole history. Nothing is written down before they are folded.
    var unfolded: Set<Slot> = []

    public init() {}

    public static func == (a: RecordState, b: RecordState) -> Bool {
        a.kind == b.kind && a.life == b.life && a.edits == b.edits && a.touches == b.touches
            && a.slots.elementsEqual(b.slots) { $0.slot == $1.slot && $0.content == $1.content }
    }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(kind)
        hasher.combine(life)
        hasher.combine(touches)
        for entry in slots { hasher.combine(entry.slot) }
    }

    public subscript(slot: Slot) -> Content? {
        let index = firstIndex(notBefore: slot)
        return index < slots.count && slots[index].slot == slot ? slots[index].content : nil
    }

    func firstIndex(notBefore slot: Slot) -> Int {
        var low = 0
        var high = slots.count
        while low < high {
            let middle = (low + high) / 2
            if slots[middle].slot < slot { low = middle + 1 } else { high = middle }
        }
        return low
    }

    /// The slots of one field, by key.
    public func slots(of field: UInt32) -> ArraySlice<(slot: Slot, content: Content)> {
        let start = firstIndex(notBefore: Slot(field))
        var end = start
        while end < slots.count, slots[end].slot.field == field { end += 1 }
        return slots[start..<end]
    }

    /// The live writes of a field, or of a field of an item; the one that readers see first.
    public func live(_ field: UInt32, _ key: ItemKey? = nil) -> [Write] {
        if case .writes(let writes) = self[Slot(field, key)] { writes.live } else { [] }
    }

    /// Edits that no deletion of the record had seen.
    public func editsUnseen(graph: some BranchGraph) -> [ChangeName] { life.unseen(among: edits, graph: graph) }

    /// Whether lists show it.
    public func isVisible(graph: some BranchGraph) -> Bool {
        life.exists && (life.isAlive || !editsUnseen(graph: graph).isEmpty)
    }

    /// Whether an item of a map is shown: alive, or edited by somebody whom no deletion had seen.
    public func isItemVisible(map: UInt32, key: ItemKey, fields: [UInt32], graph: some BranchGraph) -> Bool {
        guard case .life(let life) = self[Slot(map, key)] else { return false }
        if life.isAlive { return true }
        #if BROKEN_RULES
        if BrokenRule.active == .map { return false }
        #endif
        let edits = fields.flatMap { live($0, key) }.map(\.stamp.write.change)
        return !life.unseen(among: edits, graph: graph).isEmpty
    }
}
