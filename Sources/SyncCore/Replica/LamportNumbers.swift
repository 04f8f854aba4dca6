/// Lamport numbers where one name has several changes, which only a device that breaks the rules can bring about, and where a key came after
/// a change that depends on what it opens.
///
/// The number of a name must not depend on which of its changes came first, and twins can depend on what depends on them. So a name
/// comes after everything that any of its changes comes after; names that come after each other in a circle share a number, one more
/// than the greatest outside the circle (Tarjan, "Depth-first search and linear graph algorithms", 1972). Without twins this is
/// the rule of `docs/format.md`, section 4.
struct LamportNumbers {
    private let log: LogTransaction
    private var stored: [StoredChange] = []
    /// By place in `stored`.
    private var before: [[Int]] = []
    /// Whether everything that anything comes after is here.
    private(set) var isWhole = true

    init(_ replica: Replica, _ log: LogTransaction) throws {
        self.log = log
        stored = try log.changes(after: 0, limit: .max)
        let places = Dictionary(uniqueKeysWithValues: stored.enumerated().map { ($1.name, $0) })
        let numbers = Dictionary(uniqueKeysWithValues: stored.enumerated().map { ($1.number, $0) })
        for stored in stored {
            let names = try replica.before(replica.loader.change(stored, log))
            before.append(names.compactMap { places[$0] })
            if before[before.count - 1].count < names.count { isWhole = false }
        }
        for twin in try log.twins() {
            // What a log may not carry moves a name only as long as nothing else bears it.
            guard let place = numbers[twin.change], twin.isOwned || stored[place].void == .wrongCarrier else { continue }
            before[place] += try replica.before(replica.loader.change(twin.carrier, log)).compactMap { places[$0] }
        }
    }

    /// - Returns: Whether any number is another than before.
    func settle() throws -> Bool {
        var search = Search(before: before)
        var isDifferent = false
        for (place, lamport) in search.numbers().enumerated() where stored[place].lamport != lamport {
            try log.setLamport(stored[place].number, lamport)
            isDifferent = true
        }
        return isDifferent
    }

    private struct Search {
        let before: [[Int]]
        private var order: [Int]
        private var low: [Int]
        private var lamport: [UInt64]
        private var isOpen: [Bool]
        private var open: [Int] = []
        private var met = 0

        init(before: [[Int]]) {
            self.before = before
            order = Array(repeating: 0, count: before.count)
            low = order
            lamport = Array(repeating: 0, count: before.count)
            isOpen = Array(repeating: false, count: before.count)
        }

        mutating func numbers() -> [UInt64] {
            for place in before.indices where order[place] == 0 { visit(place) }
            return lamport
        }

        /// Without recursion: histories are long.
        private mutating func visit(_ root: Int) {
            var path: [(place: Int, next: Int)] = [(root, 0)]
            enter(root)
            while let (place, next) = path.last {
                guard next < before[place].count else {
                    path.removeLast()
                    if low[place] == order[place] { close(place) }
                    if let parent = path.last?.place { low[parent] = min(low[parent], low[place]) }
                    continue
                }
                path[path.count - 1].next += 1
                let other = before[place][next]
                if order[other] == 0 {
                    enter(other)
                    path.append((other, 0))
                } else if isOpen[other] {
                    low[place] = min(low[place], order[other])
                }
            }
        }

        private mutating func enter(_ place: Int) {
            met += 1
            order[place] = met
            low[place] = met
            isOpen[place] = true
            open.append(place)
        }

        private mutating func close(_ root: Int) {
            var circle: [Int] = []
            repeat {
                circle.append(open.removeLast())
                isOpen[circle[circle.count - 1]] = false
            } while circle.last != root
            // What is in the circle has no number yet.
            let greatest = circle.flatMap { before[$0] }.map { lamport[$0] }.max() ?? 0
            for place in circle { lamport[place] = greatest + 1 }
        }
    }
}
