/// What the edits of one text come to: a function of the set of them, whatever the order in which they came.
///
/// Where the history is a line it costs what the edits cost in a gap buffer. Only where it was made apart are the edits walked through one by one, from
/// the last version that everything later follows.
struct TextReplay {
    private(set) var bytes: [UInt8]
    /// Versions that nobody has seen together replaced the same words, differently.
    private(set) var isContested = false
    /// Something that does not count was edited on: positions of later edits cannot say what is shown.
    private(set) var isAbridged = false
    /// What two wrote alike is shown once.
    var hasTwins: Bool { !twins.isEmpty }
    private var twins: [TextItems.Range] = []
    /// Where it did not end in a line.
    private var walker: TextWalker?

    /// `nodes` are in an order in which everything follows its parents; the first is what all follow, with its text as an edit. `heads` are those
    /// that nobody named.
    init(_ nodes: [TextNode], heads: [Int]) {
        let isCritical = Self.criticalVersions(nodes)
        isAbridged = nodes.contains(where: \.isVoid)
        var buffer = TextBuffer(nodes[0].edit.text)
        var start = 0
        var voids: Set<Int32> = nodes[0].isVoid ? [0] : []
        if nodes[0].isVoid { walker = TextWalker(base: buffer.bytes, nodes: nodes.count) }
        for place in nodes.indices.dropFirst() {
            let node = nodes[place]
            if walker == nil, node.parents == [place - 1], isCritical[place], !node.isVoid {
                buffer.apply(node.edit)
                continue
            }
            if walker == nil {
                start = place - 1
                walker = TextWalker(base: buffer.bytes, nodes: nodes.count - start)
            }
            if node.isVoid { voids.insert(Int32(place - start)) }
            walker?.add(node, parents: node.parents.map { $0 - start })
            if isCritical[place], voids.isEmpty, let done = walker {
                buffer = TextBuffer(Self.shown(done, voids, []))
                walker = nil
            }
        }
        bytes = []
        guard var walker else {
            bytes = buffer.bytes
            return
        }
        let ends = heads.map { max(0, $0 - start) }
        walker.meet(ends)
        if ends.count > 1 {
            let contest = TextContest(walker, heads: ends)
            isContested = contest.isContested
            twins = contest.twins
        }
        bytes = Self.shown(walker, voids, twins)
        self.walker = walker
    }

    /// Whether everything before a node is in its past, and everything after it has it in its own.
    private static func criticalVersions(_ nodes: [TextNode]) -> [Bool] {
        var lowestLater = [Int](repeating: .max, count: nodes.count)
        for place in nodes.indices.dropFirst().reversed() {
            lowestLater[place - 1] = min(lowestLater[place], nodes[place].parents.min() ?? 0)
        }
        var isHead = [Bool](repeating: false, count: nodes.count)
        var heads = 0
        return nodes.indices.map { place in
            for parent in nodes[place].parents where isHead[parent] {
                isHead[parent] = false
                heads -= 1
            }
            isHead[place] = true
            heads += 1
            return heads == 1 && lowestLater[place] >= place
        }
    }

    private static func shown(_ walker: TextWalker, _ voids: Set<Int32>, _ twins: [TextItems.Range]) -> [UInt8] {
        var bytes: [UInt8] = []
        walker.items.forEach { item in
            guard item.deletions == 0, !voids.contains(item.id.node), !isTwin(item, twins) else { return }
            let start = Int(item.id.offset)
            bytes.append(contentsOf: walker.texts[Int(item.id.node)][start..<(start + Int(item.length))])
        }
        return bytes
    }

    private static func isTwin(_ item: TextItems.Item, _ twins: [TextItems.Range]) -> Bool {
        twins.contains {
            $0.start.node == item.id.node && item.id.offset >= $0.start.offset && item.id.offset < $0.start.offset + $0.length
        }
    }

    // MARK: Editing what is shown

    /// The same edit of what is shown, with its positions as the version of the heads counts them; it deletes twins on the way. Not for a text that
    /// is abridged. The splices of `edit` ascend.
    func placed(_ edit: TextEdit) -> TextEdit {
        guard let walker, hasTwins else { return edit }
        var places = TextPlaces()
        walker.items.forEach { item in
            if item.state == 1 { places.append(Int(item.length), isShown: !Self.isTwin(item, twins)) }
        }
        return places.placed(edit)
    }
}
