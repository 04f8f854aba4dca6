/// The sequence of a text while concurrent edits of it are brought together: runs of bytes in their final order, those that are deleted and
/// those that the version at hand has not met among them.
///
/// Items lie in blocks, so that finding a place costs a walk over blocks. An item is cut in two where an edit begins inside it; items are never
/// joined, so what an item was put beside stays the end, or the beginning, of an item.
struct TextItems {
    /// A byte, by the node that inserted it and its place in what that node inserted.
    struct ByteID: Hashable {
        var node: Int32
        var offset: Int32

        static let none = ByteID(node: -1, offset: 0)
    }

    struct Range {
        var start: ByteID
        var length: Int32
    }

    struct Item {
        var id: ByteID
        var length: Int32
        /// The byte on its left when it was inserted.
        var left: ByteID
        /// The item on its right then, if that had the same byte on its left.
        var right: ByteID
        /// In the version at hand: 0 not inserted yet, 1 there, more: deleted.
        var state: Int32 = 1
        /// How many counted edits delete it, whatever the version.
        var deletions: Int32 = 0
        var block: Int32 = 0
    }

    private struct Block {
        var items: [Int32] = []
        /// Bytes that are there in the version at hand.
        var length = 0
        var place = 0
    }

    /// Between items: the place of a block, and of an item in it.
    struct Cursor: Comparable {
        var place: Int
        var index: Int

        static func < (a: Cursor, b: Cursor) -> Bool { (a.place, a.index) < (b.place, b.index) }
        static let before = Cursor(place: -1, index: 0)
        static let after = Cursor(place: .max, index: 0)
    }

    private static let blockLimit = 128

    private var items: [Item] = []
    private var blocks: [Block] = [Block()]
    private var order: [Int32] = [0]
    /// By node: its items in the order of their bytes.
    private var pieces: [[Int32]]

    /// Node 0 has inserted `length` bytes.
    init(baseLength: Int, nodes: Int) {
        pieces = Array(repeating: [], count: nodes)
        guard baseLength > 0 else { return }
        let base = Item(id: ByteID(node: 0, offset: 0), length: Int32(baseLength), left: .none, right: .none)
        insert(base, at: Cursor(place: 0, index: 0))
    }

    /// In the version at hand.
    var length: Int { blocks.reduce(0) { $0 + $1.length } }

    /// Every item in order.
    func forEach(_ body: (Item) -> Void) {
        for block in order { for item in blocks[Int(block)].items { body(items[Int(item)]) } }
    }

    // MARK: Places

    /// Right behind the byte before `position` in the version at hand; nil beyond the end, and where `isBoundary` refuses the cut of an item.
    mutating func cursor(at position: Int, isBoundary: (ByteID) -> Bool) -> Cursor? {
        var rest = position
        if rest == 0 { return Cursor(place: 0, index: 0) }
        for place in order.indices {
            let block = blocks[Int(order[place])]
            if rest > block.length {
                rest -= block.length
                continue
            }
            for (index, item) in block.items.enumerated() where items[Int(item)].state == 1 {
                let length = Int(items[Int(item)].length)
                if rest == length { return Cursor(place: place, index: index + 1) }
                if rest < length {
                    let id = items[Int(item)].id
                    guard isBoundary(ByteID(node: id.node, offset: id.offset + Int32(rest))) else { return nil }
                    return split(item, after: rest, Cursor(place: place, index: index))
                }
                rest -= length
            }
        }
        return nil
    }

    func item(at cursor: Cursor) -> Item? { number(at: cursor).map { items[Int($0)] } }

    private func number(at cursor: Cursor) -> Int32? {
        let known = normal(cursor)
        guard known.place < order.count else { return nil }
        return blocks[Int(order[known.place])].items[known.index]
    }

    /// The same place, not behind the last item of a block if there is another.
    private func normal(_ cursor: Cursor) -> Cursor {
        var cursor = cursor
        while cursor.place < order.count, cursor.index >= blocks[Int(order[cursor.place])].items.count {
            cursor = Cursor(place: cursor.place + 1, index: 0)
        }
        return cursor
    }

    func next(_ cursor: Cursor) -> Cursor {
        let known = normal(cursor)
        return Cursor(place: known.place, index: known.index + 1)
    }

    /// Where the item is that has this byte.
    func place(of id: ByteID) -> Cursor? {
        guard id.node >= 0, let number = piece(of: id) else { return nil }
        let block = blocks[Int(items[Int(number)].block)]
        return block.items.firstIndex(of: number).map { Cursor(place: block.place, index: $0) }
    }

    private func piece(of id: ByteID) -> Int32? {
        let pieces = pieces[Int(id.node)]
        let index = firstPiece(of: id.node, notBefore: id.offset + 1) - 1
        return index >= 0 ? pieces[index] : nil
    }

    private func firstPiece(of node: Int32, notBefore offset: Int32) -> Int {
        let pieces = pieces[Int(node)]
        var low = 0
        var high = pieces.count
        while low < high {
            let middle = (low + high) / 2
            if items[Int(pieces[middle])].id.offset < offset { low = middle + 1 } else { high = middle }
        }
        return low
    }

    /// The item before a place, which is in the same block or ends the one before.
    func itemBefore(_ cursor: Cursor) -> (cursor: Cursor, item: Item)? {
        var cursor = cursor
        while cursor.index == 0 {
            guard cursor.place > 0 else { return nil }
            cursor.place -= 1
            cursor.index = cursor.place < order.count ? blocks[Int(order[cursor.place])].items.count : 0
        }
        cursor.index -= 1
        return (cursor, items[Int(blocks[Int(order[cursor.place])].items[cursor.index])])
    }

    // MARK: Changing

    mutating func insert(_ item: Item, at cursor: Cursor) {
        let number = Int32(items.count)
        items.append(item)
        let place = firstPiece(of: item.id.node, notBefore: item.id.offset)
        pieces[Int(item.id.node)].insert(number, at: place)
        put(number, at: cursor)
    }

    private mutating func put(_ number: Int32, at cursor: Cursor) {
        let place = min(cursor.place, order.count - 1)
        let block = Int(order[place])
        let index = place == cursor.place ? cursor.index : blocks[block].items.count
        blocks[block].items.insert(number, at: index)
        items[Int(number)].block = Int32(block)
        if items[Int(number)].state == 1 { blocks[block].length += Int(items[Int(number)].length) }
        if blocks[block].items.count > Self.blockLimit { halve(place) }
    }

    private mutating func halve(_ place: Int) {
        let block = Int(order[place])
        let new = blocks.count
        var second = Block()
        second.items = Array(blocks[block].items[(Self.blockLimit / 2)...])
        blocks[block].items.removeLast(second.items.count)
        for item in second.items {
            items[Int(item)].block = Int32(new)
            if items[Int(item)].state == 1 { second.length += Int(items[Int(item)].length) }
        }
        blocks[block].length -= second.length
        blocks.append(second)
        order.insert(Int32(new), at: place + 1)
        for later in place..<order.count { blocks[Int(order[later])].place = later }
    }

    /// - Returns: The place between both halves.
    @discardableResult
    private mutating func split(_ number: Int32, after length: Int, _ cursor: Cursor) -> Cursor {
        var second = items[Int(number)]
        let last = ByteID(node: second.id.node, offset: second.id.offset + Int32(length) - 1)
        second.id.offset += Int32(length)
        second.length -= Int32(length)
        // As if its bytes had been typed one by one.
        second.left = last
        second.right = .none
        if second.state == 1 { blocks[Int(second.block)].length -= Int(second.length) }
        items[Int(number)].length = Int32(length)
        insert(second, at: Cursor(place: cursor.place, index: cursor.index + 1))
        return place(of: last).map { Cursor(place: $0.place, index: $0.index + 1) } ?? cursor
    }

    /// Deletes `length` bytes of the version at hand from a place on, and says which.
    mutating func delete(_ length: Int, from cursor: Cursor, isCounted: Bool) -> [Range] {
        var deleted: [Range] = []
        var rest = Int32(length)
        var cursor = normal(cursor)
        while rest > 0, let number = number(at: cursor) {
            let item = items[Int(number)]
            if item.state == 1 {
                if item.length > rest { split(number, after: Int(rest), cursor) }
                deleted.append(Range(start: item.id, length: min(item.length, rest)))
                change(number, by: 1)
                if isCounted { items[Int(number)].deletions += 1 }
                rest -= min(item.length, rest)
            }
            cursor = place(of: item.id).map(next) ?? next(cursor)
        }
        return deleted
    }

    private mutating func change(_ number: Int32, by step: Int32) {
        let item = items[Int(number)]
        if item.state == 1 { blocks[Int(item.block)].length -= Int(item.length) }
        items[Int(number)].state += step
        if item.state + step == 1 { blocks[Int(item.block)].length += Int(item.length) }
    }

    /// Moves what a node inserted one step: there, or not inserted yet.
    mutating func changeInserted(by node: Int, _ step: Int32) {
        for number in pieces[node] { change(number, by: step) }
    }

    /// The items of a range of bytes, which begins and ends with items.
    func forEach(in range: Range, _ body: (Item) -> Void) {
        let pieces = pieces[Int(range.start.node)]
        var index = firstPiece(of: range.start.node, notBefore: range.start.offset)
        let end = range.start.offset + range.length
        while index < pieces.count, items[Int(pieces[index])].id.offset < end {
            body(items[Int(pieces[index])])
            index += 1
        }
    }

    /// Moves a range of bytes one step: deleted once more, or once less. The range begins and ends with items.
    mutating func change(_ range: Range, by step: Int32) {
        let pieces = pieces[Int(range.start.node)]
        var index = firstPiece(of: range.start.node, notBefore: range.start.offset)
        let end = range.start.offset + range.length
        while index < pieces.count, items[Int(pieces[index])].id.offset < end {
            change(pieces[index], by: step)
            index += 1
        }
    }
}
