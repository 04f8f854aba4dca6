/// Brings concurrent edits of a text together by walking through their history: each edit is applied to the version that its author saw, and
/// where it lands among what that version had not met is decided by FugueMax.
///
/// The walk: J. Gentle and M. Kleppmann, "Collaborative Text Editing with Eg-walker: Better, Faster, Smaller", EuroSys 2025. The order: M. Weidner and
/// M. Kleppmann, "The Art of the Fugue: Minimizing Interleaving in Collaborative Text Editing", IEEE TPDS 2025 (arXiv 2305.00583).
struct TextWalker {
    private(set) var items: TextItems
    /// By node: what it inserted.
    private(set) var texts: [[UInt8]]
    private var parents: [[Int]] = [[]]
    /// By node, without the first: who goes first where edits want the same place.
    private var stamps: [Stamp] = []
    /// By node: what it deleted.
    private(set) var deleted: [[TextItems.Range]] = [[]]
    /// The heads of the version at hand.
    private var version = [0]

    /// Node 0 is the text that every edit follows. `nodes` is how many there will be, with it.
    init(base: [UInt8], nodes: Int) {
        items = TextItems(baseLength: base.count, nodes: nodes)
        texts = [base]
    }

    /// Adds the next node. Its parents, numbered as they were added, are there.
    mutating func add(_ node: TextNode, parents: [Int]) {
        let number = texts.count
        move(to: parents)
        texts.append(node.edit.text)
        self.parents.append(parents)
        stamps.append(node.stamp)
        deleted.append([])
        var start = 0
        for splice in node.edit.splices {
            guard apply(splice, from: start, by: number, isCounted: !node.isVoid) else { break }
            start += splice.inserted
        }
        version = [number]
    }

    private mutating func apply(_ splice: TextEdit.Splice, from start: Int, by node: Int, isCounted: Bool) -> Bool {
        let texts = texts
        func isBoundary(_ id: TextItems.ByteID) -> Bool { !UTF8.isContinuation(texts[Int(id.node)][Int(id.offset)]) }
        guard items.length - splice.deleted + splice.inserted <= TextEdit.textLimit,
            items.cursor(at: splice.position + splice.deleted, isBoundary: isBoundary) != nil,
            var cursor = items.cursor(at: splice.position, isBoundary: isBoundary)
        else { return false }
        if splice.inserted > 0 {
            let id = TextItems.ByteID(node: Int32(node), offset: Int32(start))
            insert(TextItems.Item(id: id, length: Int32(splice.inserted), left: .none, right: .none), at: cursor)
            let last = TextItems.ByteID(node: Int32(node), offset: Int32(start + splice.inserted) - 1)
            cursor = items.place(of: last).map(items.next) ?? cursor
        }
        if splice.deleted > 0 {
            deleted[node] += items.delete(splice.deleted, from: cursor, isCounted: isCounted)
        }
        return true
    }

    // MARK: Where an insert lands

    private mutating func insert(_ item: TextItems.Item, at cursor: TextItems.Cursor) {
        var item = item
        let left = items.itemBefore(cursor)
        if let left { item.left = left.item.lastByte }
        item.right = rightParent(of: item.left, from: cursor)
        items.insert(item, at: place(for: item, from: cursor, left: left?.cursor ?? .before))
    }

    /// The first item behind that the version at hand has met, deleted or not, if it was put behind the same byte.
    private func rightParent(of left: TextItems.ByteID, from cursor: TextItems.Cursor) -> TextItems.ByteID {
        var next = cursor
        while let item = items.item(at: next) {
            if item.state > 0 { return item.left == left ? item.id : .none }
            next = items.next(next)
        }
        return .none
    }

    /// Among what was inserted here concurrently: beside what stands in the same place, by the order of nodes, and never inside a run.
    private func place(for item: TextItems.Item, from cursor: TextItems.Cursor, left: TextItems.Cursor) -> TextItems.Cursor {
        var place = cursor
        var next = cursor
        var isScanning = false
        let right = items.place(of: item.right) ?? .after
        while let other = items.item(at: next), other.state == 0 {
            let otherLeft = items.place(of: other.left) ?? .before
            if otherLeft < left { break }
            if otherLeft == left {
                let otherRight = items.place(of: other.right) ?? .after
                if otherRight == right, precedes(item.id.node, other.id.node) { break }
                isScanning = otherRight < right
            }
            next = items.next(next)
            if !isScanning { place = next }
        }
        return place
    }

    private func precedes(_ a: Int32, _ b: Int32) -> Bool { stamps[Int(a) - 1] < stamps[Int(b) - 1] }

    // MARK: Versions

    private mutating func move(to heads: [Int]) {
        guard heads != version else { return }
        let difference = differ(version, heads)
        for node in difference.left { step(node, by: -1) }
        for node in difference.joined.reversed() { step(node, by: 1) }
        version = heads
    }

    private mutating func step(_ node: Int, by step: Int32) {
        for range in deleted[node] { items.change(range, by: step) }
        items.changeInserted(by: node, step)
    }

    /// The nodes that only `old` and only `new` have, each list from the newest.
    private func differ(_ old: [Int], _ new: [Int]) -> (left: [Int], joined: [Int]) {
        var marks: [Int: UInt8] = [:]
        for node in old { marks[node, default: 0] |= 1 }
        for node in new { marks[node, default: 0] |= 2 }
        var result: (left: [Int], joined: [Int]) = ([], [])
        var open = marks.values.count { $0 != 3 }
        var node = marks.keys.max() ?? 0
        while open > 0, node > 0 {
            defer { node -= 1 }
            guard let mark = marks[node] else { continue }
            if mark == 1 { result.left.append(node) }
            if mark == 2 { result.joined.append(node) }
            if mark != 3 { open -= 1 }
            for parent in parents[node] {
                let known = marks[parent] ?? 0
                if known != 0, known != 3 { open -= 1 }
                marks[parent] = known | mark
                if known | mark != 3 { open += 1 }
            }
        }
        return result
    }

    /// Goes to the version that these nodes make together.
    mutating func meet(_ heads: [Int]) { move(to: heads) }

    /// Which of `heads` each node is in the past of, as bits; from the 64th on they share one.
    func masks(of heads: [Int]) -> [UInt64] {
        var masks = [UInt64](repeating: 0, count: texts.count)
        for (bit, head) in heads.enumerated() { masks[head] |= 1 << UInt64(min(bit, 63)) }
        for node in masks.indices.reversed() { for parent in parents[node] { masks[parent] |= masks[node] } }
        return masks
    }
}

extension TextItems.Item {
    var lastByte: TextItems.ByteID { TextItems.ByteID(node: id.node, offset: id.offset + length - 1) }
}
