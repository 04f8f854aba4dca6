/// Where versions of a text that nobody has seen together yet changed the same words: what is the same in both is shown once, and what is not needs a
/// person. Two inserts in one place are no contest, as long as neither replaces anything: both stand, one behind the other.
struct TextContest {
    private(set) var isContested = false
    /// Runs that say what a run beside them says, in the order of the text: they are not shown.
    private(set) var twins: [TextItems.Range] = []

    private let walker: TextWalker
    /// By node: in the past of which heads it is.
    private let masks: [UInt64]
    private let everyHead: UInt64
    /// By the first byte of an item: the nodes that deleted it, of those that some head has not seen.
    private var deleters: [TextItems.ByteID: [Int]] = [:]

    /// `heads` are nodes of the walker, two or more.
    init(_ walker: TextWalker, heads: [Int]) {
        self.walker = walker
        masks = walker.masks(of: heads)
        everyHead = masks[0]
        for node in masks.indices where isApart(node) {
            for range in walker.deleted[node] {
                walker.items.forEach(in: range) { deleters[$0.id, default: []].append(node) }
            }
        }
        var cluster: [TextItems.Item] = []
        var clusters: [[TextItems.Item]] = []
        walker.items.forEach { item in
            if isApart(Int(item.id.node)) || item.deletions > 0 {
                cluster.append(item)
            } else if !cluster.isEmpty {
                clusters.append(cluster)
                cluster = []
            }
        }
        for cluster in clusters + [cluster] { judge(cluster) }
    }

    private func isApart(_ node: Int) -> Bool { masks[node] != 0 && masks[node] != everyHead }

    private func areStrangers(_ a: Int, _ b: Int) -> Bool { masks[a] & masks[b] == 0 }

    // MARK: One stretch of changed text between what stands in every version

    /// What one node inserted in one place, as it is shown.
    private struct Run {
        var range: TextItems.Range
        /// Where it ends in the cluster.
        var end: Int
        var isTwin = false

        var node: Int { Int(range.start.node) }
    }

    private mutating func judge(_ cluster: [TextItems.Item]) {
        var runs = runs(in: cluster)
        guard !runs.isEmpty else { return }
        findTwins(&runs, cluster)
        let own = runs.filter { !$0.isTwin }
        if own.contains(where: { isInsideDeletion($0, cluster) }) || isReplacedTwice(cluster, by: own) { isContested = true }
    }

    private func runs(in cluster: [TextItems.Item]) -> [Run] {
        var runs: [Run] = []
        for (place, item) in cluster.enumerated() where isApart(Int(item.id.node)) && item.deletions == 0 {
            if let last = runs.last, last.end == place, last.range.start.node == item.id.node,
                last.range.start.offset + last.range.length == item.id.offset
            {
                runs[runs.count - 1].range.length += item.length
                runs[runs.count - 1].end = place + 1
            } else {
                runs.append(Run(range: TextItems.Range(start: item.id, length: item.length), end: place + 1))
            }
        }
        return runs
    }

    private mutating func findTwins(_ runs: inout [Run], _ cluster: [TextItems.Item]) {
        var first = 0
        for place in runs.indices {
            if !isSamePlace(runs[first], runs[place], cluster) { first = place }
            guard let shown = (first..<place).first(where: { areTwins(runs[$0], runs[place]) }) else { continue }
            runs[shown].isTwin = true
            runs[place].isTwin = true
            twins.append(runs[place].range)
        }
    }

    /// Whether only inserts lie between the ends of two runs.
    private func isSamePlace(_ a: Run, _ b: Run, _ cluster: [TextItems.Item]) -> Bool {
        cluster[a.end..<max(a.end, b.end)].allSatisfy { isApart(Int($0.id.node)) }
    }

    private func areTwins(_ a: Run, _ b: Run) -> Bool {
        areStrangers(a.node, b.node) && bytes(a.range) == bytes(b.range)
            && !twins.contains { $0.start == a.range.start }
    }

    private func bytes(_ range: TextItems.Range) -> ArraySlice<UInt8> {
        let start = Int(range.start.offset)
        return walker.texts[Int(range.start.node)][start..<(start + Int(range.length))]
    }

    /// Whether somebody who had not seen it deleted the words on both sides of it.
    private func isInsideDeletion(_ run: Run, _ cluster: [TextItems.Item]) -> Bool {
        let before = cluster[..<run.end].last { !isApart(Int($0.id.node)) }
        let after = cluster[run.end...].first { !isApart(Int($0.id.node)) }
        guard let before, let after else { return false }
        let left = strangers(of: run.node, before)
        return strangers(of: run.node, after).contains { right in left.contains { masks[$0] & masks[right] != 0 } }
    }

    private func strangers(of node: Int, _ item: TextItems.Item) -> [Int] {
        (deleters[item.id] ?? []).filter { areStrangers($0, node) }
    }

    /// Whether two who knew nothing of each other deleted the same words, and one of them put others there.
    private func isReplacedTwice(_ cluster: [TextItems.Item], by runs: [Run]) -> Bool {
        guard !runs.isEmpty else { return false }
        return cluster.contains { item in
            let deleters = deleters[item.id] ?? []
            return deleters.contains { a in
                deleters.contains { areStrangers(a, $0) } && runs.contains { masks[$0.node] & masks[a] != 0 }
            }
        }
    }
}
