/// Every write and edit of one text, brought into one order; the text itself is what `TextReplay` makes of it.
///
/// An edit counts once everything that it was made on is there: what it names that is not text of this slot, or was taken out of the history, is
/// never there. What it replaces without being made on it, another beginning of the text, stands behind its first name.
public struct TextHistory {
    /// One operation on the text.
    public struct Entry {
        public var stamp: Stamp
        public var operation: Operation
        public var isVoid: Bool
    }

    private struct Known {
        var stamp: Stamp
        var root: Hash32
        var parents: [WriteName]
        var edit: TextEdit
        var isVoid: Bool
    }

    /// Whether an operation is understood as one on a text.
    static func holds(_ operation: Operation, _ rules: FieldRules) -> Bool {
        guard let rule = rules[operation.field], rule.kind == .text, (rule.map != nil) == (operation.key != nil) else { return false }
        switch operation.code {
        case .assign: return operation.value.map(rule.accepts) ?? false
        case .edit: return !operation.names.isEmpty && operation.value.flatMap(TextEdit.init) != nil
        case .redacted:
            let was = operation.value?[part: 1]?.integer
            return was == Int64(Operation.Code.assign.rawValue) || was == Int64(Operation.Code.edit.rawValue)
        default: return false
        }
    }

    private var known: [WriteName: Known] = [:]
    /// By root, the writes that began with it; the first in winner order stands for all.
    private var beginnings: [Hash32: [WriteName]] = [:]

    public init(_ entries: [Entry]) {
        var waiting: [WriteName: [Entry]] = [:]
        var ready: [WriteName] = []
        for entry in entries {
            switch entry.operation.code {
            case .assign:
                insertRoot(entry)
                ready.append(entry.stamp.write)
            case .edit: if let name = entry.operation.names.first { waiting[name, default: []].append(entry) }
            default: break
            }
        }
        while let name = ready.popLast() {
            for entry in waiting.removeValue(forKey: name) ?? [] {
                if let missing = entry.operation.names.first(where: { known[$0] == nil }) {
                    waiting[missing, default: []].append(entry)
                } else if insert(entry) {
                    ready.append(entry.stamp.write)
                }
            }
        }
    }

    private mutating func insertRoot(_ entry: Entry) {
        let write = Write(stamp: entry.stamp, value: entry.operation.value ?? .nothing, isFirst: entry.operation.names.isEmpty)
        var edit = TextEdit()
        edit.append(at: 0, deleting: 0, inserting: Array((write.value.text ?? "").utf8))
        known[entry.stamp.write] = Known(stamp: entry.stamp, root: write.textRoot, parents: [], edit: edit, isVoid: entry.isVoid)
        beginnings[write.textRoot, default: []].append(entry.stamp.write)
    }

    private mutating func insert(_ entry: Entry) -> Bool {
        guard let value = entry.operation.value, let edit = TextEdit(value), let root = known[entry.operation.names[0]]?.root else { return false }
        let parents = entry.operation.names.filter { known[$0]?.root == root }
        known[entry.stamp.write] = Known(stamp: entry.stamp, root: root, parents: parents, edit: edit, isVoid: entry.isVoid)
        return true
    }

    /// Whether an edit is there with all that it was made on.
    public func isPlaced(_ write: WriteName) -> Bool { known[write] != nil }

    public func root(of write: WriteName) -> Hash32? { known[write]?.root }

    // MARK: The text of some writes

    /// What the writes make together, all of one beginning; nil where none is here.
    public func text(_ heads: [WriteName]) -> String? {
        replay(heads).map { String(decoding: $0.bytes, as: UTF8.self) }
    }

    /// What the writes make together, all of one root; nil where none is here.
    func replay(_ heads: [WriteName]) -> TextReplay? {
        let heads = heads.filter { known[$0] != nil }
        guard let root = heads.first.flatMap({ known[$0]?.root }), let beginning = beginning(root) else { return nil }
        var order = Order(self, past(of: heads), beginning)
        order.sort()
        let nodes = order.names.map { name in
            TextNode(
                stamp: known[name]?.stamp ?? beginning.stamp, parents: order.parents(of: name),
                edit: known[name]?.edit ?? TextEdit(), isVoid: known[name]?.isVoid ?? false)
        }
        return TextReplay(nodes, heads: Array(Set(heads.map(order.place))).sorted())
    }

    /// The write that stands for all that began alike: one that counts, if there is one.
    private func beginning(_ root: Hash32) -> (name: WriteName, stamp: Stamp)? {
        let all = (beginnings[root] ?? []).compactMap { name in known[name].map { (name: name, known: $0) } }
        let best = all.min { a, b in a.known.isVoid != b.known.isVoid ? b.known.isVoid : b.known.stamp < a.known.stamp }
        return best.map { ($0.name, $0.known.stamp) }
    }

    private func past(of heads: [WriteName]) -> Set<WriteName> {
        var past: Set<WriteName> = []
        var open = heads
        while let name = open.popLast() {
            if past.insert(name).inserted { open += known[name]?.parents ?? [] }
        }
        return past
    }

    /// Everything behind its parents; an edit right behind what it follows if that can be, so that lines stay together.
    private struct Order {
        private let history: TextHistory
        private let beginning: WriteName
        private var past: Set<WriteName>
        private(set) var names: [WriteName]
        private var places: [WriteName: Int] = [:]

        init(_ history: TextHistory, _ past: Set<WriteName>, _ beginning: (name: WriteName, stamp: Stamp)) {
            self.history = history
            self.past = past
            self.beginning = beginning.name
            names = [beginning.name]
        }

        /// All that began alike are one.
        private func standing(_ name: WriteName) -> WriteName {
            history.known[name]?.parents.isEmpty ?? true ? beginning : name
        }

        func place(_ name: WriteName) -> Int { places[standing(name)] ?? 0 }

        func parents(of name: WriteName) -> [Int] {
            name == beginning ? [] : Array(Set((history.known[name]?.parents ?? []).map(place))).sorted()
        }

        mutating func sort() {
            var children: [WriteName: [WriteName]] = [:]
            var missing: [WriteName: Int] = [:]
            for name in past where standing(name) == name && name != beginning {
                let parents = Set((history.known[name]?.parents ?? []).map(standing))
                missing[name] = parents.count
                for parent in parents { children[parent, default: []].append(name) }
            }
            places[beginning] = 0
            // The least stamp last.
            var ready: [WriteName] = []
            var next: WriteName? = beginning
            while let name = next ?? ready.popLast() {
                if name != beginning {
                    places[name] = names.count
                    names.append(name)
                }
                next = follow(children[name] ?? [], &missing, &ready)
            }
        }

        /// The least of those that can come now; the others wait.
        private func follow(_ children: [WriteName], _ missing: inout [WriteName: Int], _ ready: inout [WriteName]) -> WriteName? {
            var free: [(stamp: Stamp, name: WriteName)] = []
            for child in children {
                missing[child, default: 1] -= 1
                if missing[child] == 0, let stamp = history.known[child]?.stamp { free.append((stamp, child)) }
            }
            free.sort { $0.stamp < $1.stamp }
            for (stamp, name) in free.dropFirst() {
                let place = ready.firstIndex { waiting in history.known[waiting].map { $0.stamp < stamp } ?? false } ?? ready.endIndex
                ready.insert(name, at: place)
            }
            return free.first?.name
        }
    }
}
