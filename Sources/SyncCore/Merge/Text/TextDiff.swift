/// What a save did to a text, told from both texts: stretches of whole words that were cut, and what was put there.
///
/// The shortest script of tokens: E. W. Myers, "An O(ND) Difference Algorithm and Its Variations", Algorithmica 1986; then stretches that only
/// a few common words keep apart become one, so that a sentence that was written anew stays together when somebody else's edit meets it.
struct TextDiff {
    /// Tokens of the old text that gave way to tokens of the new one.
    struct Hunk: Equatable {
        var old: Range<Int>
        var new: Range<Int>
    }

    let old: TextTokens
    let new: TextTokens
    private(set) var hunks: [Hunk] = []

    /// Past so many differences the text between the first and the last of them is taken to be written anew.
    private static let differenceLimit = 1000

    init(_ old: String, _ new: String) {
        self.old = TextTokens(old)
        self.new = TextTokens(new)
        hunks = script()
        joinNear()
        hunks = hunks.map(withSpace)
    }

    /// Splices that ascend.
    var edit: TextEdit {
        var edit = TextEdit()
        var moved = 0
        for hunk in hunks {
            let start = old.starts[hunk.old.lowerBound]
            let deleted = old.starts[hunk.old.upperBound] - start
            let inserted = new.bytes[new.starts[hunk.new.lowerBound]..<new.starts[hunk.new.upperBound]]
            edit.append(at: start + moved, deleting: 0, inserting: inserted)
            edit.append(at: start + moved + inserted.count, deleting: deleted, inserting: [])
            moved += inserted.count - deleted
        }
        return edit
    }

    // MARK: The shortest script

    private func script() -> [Hunk] {
        var numbers: [ArraySlice<UInt8>: Int] = [:]
        func number(_ tokens: TextTokens) -> [Int] {
            (0..<tokens.count).map { token in
                let known = numbers[tokens[token]] ?? numbers.count
                numbers[tokens[token]] = known
                return known
            }
        }
        let (a, b) = (number(old), number(new))
        let start = zip(a, b).prefix { $0 == $1 }.count
        let shared = min(a.count, b.count) - start
        let end = zip(a.reversed(), b.reversed()).prefix(shared).prefix { $0 == $1 }.count
        let middle = Hunk(old: start..<(a.count - end), new: start..<(b.count - end))
        guard !middle.old.isEmpty || !middle.new.isEmpty else { return [] }
        guard !middle.old.isEmpty, !middle.new.isEmpty else { return [middle] }
        return Self.myers(a[middle.old], b[middle.new]) ?? [middle]
    }

    /// Nil past the limit.
    private static func myers(_ a: ArraySlice<Int>, _ b: ArraySlice<Int>) -> [Hunk]? {
        let limit = min(a.count + b.count, differenceLimit)
        var furthest = [Int](repeating: 0, count: 2 * limit + 3)
        var trace: [[Int]] = []
        for difference in 0...limit {
            for diagonal in stride(from: -difference, through: difference, by: 2) {
                let place = diagonal + limit + 1
                let isDown = diagonal == -difference || diagonal != difference && furthest[place - 1] < furthest[place + 1]
                var x = isDown ? furthest[place + 1] : furthest[place - 1] + 1
                while x < a.count, x - diagonal < b.count, a[a.startIndex + x] == b[b.startIndex + x - diagonal] { x += 1 }
                furthest[place] = x
                if x >= a.count, x - diagonal >= b.count { return hunks(trace, difference, a, b) }
            }
            trace.append(Array(furthest[(limit + 1 - difference)...(limit + 1 + difference)]))
        }
        return nil
    }

    /// Walks back from the end through what was furthest at each difference.
    private static func hunks(_ trace: [[Int]], _ differences: Int, _ a: ArraySlice<Int>, _ b: ArraySlice<Int>) -> [Hunk] {
        var hunks: [Hunk] = []
        var (x, y) = (a.count, b.count)
        for difference in stride(from: differences, to: 0, by: -1) {
            let before = trace[difference - 1]
            func furthest(_ diagonal: Int) -> Int {
                abs(diagonal) < difference ? before[diagonal + difference - 1] : -1
            }
            let diagonal = x - y
            let isDown = diagonal == -difference || diagonal != difference && furthest(diagonal - 1) < furthest(diagonal + 1)
            let from = isDown ? diagonal + 1 : diagonal - 1
            let oldX = furthest(from)
            let oldY = oldX - from
            let step = Hunk(
                old: (a.startIndex + oldX)..<(a.startIndex + oldX + (isDown ? 0 : 1)),
                new: (b.startIndex + oldY)..<(b.startIndex + oldY + (isDown ? 1 : 0)))
            if let last = hunks.last, last.old.lowerBound == step.old.upperBound, last.new.lowerBound == step.new.upperBound {
                hunks[hunks.count - 1] = Hunk(
                    old: step.old.lowerBound..<last.old.upperBound, new: step.new.lowerBound..<last.new.upperBound)
            } else {
                hunks.append(step)
            }
            (x, y) = (oldX, oldY)
        }
        return hunks.reversed()
    }

    // MARK: What a reader would call one change

    /// Joins hunks that stand closer together than they are long, or with nothing but spaces and signs between them.
    private mutating func joinNear() {
        var joined: [Hunk] = []
        for hunk in hunks {
            var hunk = hunk
            while let last = joined.last, areOne(last, hunk) {
                hunk = Hunk(old: last.old.lowerBound..<hunk.old.upperBound, new: last.new.lowerBound..<hunk.new.upperBound)
                joined.removeLast()
            }
            joined.append(hunk)
        }
        hunks = joined
    }

    private func areOne(_ a: Hunk, _ b: Hunk) -> Bool {
        let between = a.old.upperBound..<b.old.lowerBound
        if between.allSatisfy(old.isFiller) { return true }
        let length = old.starts[between.upperBound] - old.starts[between.lowerBound]
        return length <= size(a) && length <= size(b)
    }

    private func size(_ hunk: Hunk) -> Int {
        max(
            old.starts[hunk.old.upperBound] - old.starts[hunk.old.lowerBound],
            new.starts[hunk.new.upperBound] - new.starts[hunk.new.lowerBound])
    }

    /// A word that was replaced takes the space behind it along, or the one before it: where two people replace one word, both stay words.
    private func withSpace(_ hunk: Hunk) -> Hunk {
        guard !hunk.old.isEmpty, !hunk.new.isEmpty, !old.isFiller(hunk.old.upperBound - 1), !new.isFiller(hunk.new.upperBound - 1)
        else { return hunk }
        if hunk.old.upperBound < old.count, old.isSpace(hunk.old.upperBound) {
            return Hunk(old: hunk.old.lowerBound..<(hunk.old.upperBound + 1), new: hunk.new.lowerBound..<(hunk.new.upperBound + 1))
        }
        if hunk.old.lowerBound > 0, old.isSpace(hunk.old.lowerBound - 1) {
            return Hunk(old: (hunk.old.lowerBound - 1)..<hunk.old.upperBound, new: (hunk.new.lowerBound - 1)..<hunk.new.upperBound)
        }
        return hunk
    }
}
