/// Reads one phrase. A value to be used once.
struct CrowdReader {
    let tokens: [CrowdToken]
    let rule: CountRule
    var index = 0
    /// After "between" an "and" separates two numbers and belongs to none.
    var isBetween = false

    /// A number with the words around it.
    struct Side {
        var amount: CrowdAmount
        var bound: CrowdBound?
    }

    init(tokens: [CrowdToken], rule: CountRule) {
        self.tokens = tokens
        self.rule = rule
    }

    mutating func read() -> CrowdReading? {
        if takeWord(in: CrowdWords.between) { isBetween = true }
        guard var first = takeSide() else { return nil }
        guard takeSeparator(after: first) else { return isAtEnd() && !isBetween ? Self.reading(first) : nil }
        guard let second = takeSide(), isAtEnd() else { return nil }
        first.amount.borrowUnit(of: second.amount)
        return Self.reading(first, second)
    }

    // MARK: Pieces

    func word(_ ahead: Int = 0) -> String? {
        let at = index + ahead
        if tokens.indices.contains(at), case .word(let word) = tokens[at] { return word }
        return nil
    }

    func mark(_ ahead: Int = 0) -> Unicode.Scalar? {
        let at = index + ahead
        if tokens.indices.contains(at), case .mark(let mark) = tokens[at] { return mark }
        return nil
    }

    func figure(_ ahead: Int = 0) -> CrowdFigure? {
        let at = index + ahead
        if tokens.indices.contains(at), case .figure(let figure) = tokens[at] { return figure }
        return nil
    }

    /// The words from here on, up to four. "d'un" counts as two.
    private func wordsAhead() -> [String] {
        var words = [String]()
        var ahead = 0
        while words.count < 4 {
            if let word = word(ahead) { words.append(word) } else if mark(ahead) != "'" { break }
            ahead += 1
        }
        return words
    }

    mutating func takeWord(in set: Set<String>) -> Bool {
        guard let word = word(), set.contains(word) else { return false }
        index += 1
        return true
    }

    private mutating func takeMark(_ wanted: Unicode.Scalar) -> Bool {
        guard mark() == wanted else { return false }
        index += 1
        return true
    }

    /// Goes past so many words, and what marks stand between them and after them as in "ca.".
    private mutating func skip(words: Int) {
        var left = words
        while left > 0, index < tokens.count {
            if word() != nil { left -= 1 }
            index += 1
        }
        while mark() == "." || mark() == "'" { index += 1 }
    }
}

// MARK: Grammar

extension CrowdReader {
    private mutating func takeSide() -> Side? {
        var bound: CrowdBound?
        while let next = takeBound() {
            // "At least up to 50" says nothing that can be relied on.
            if let bound, bound != .near, next != .near, bound != next { return nil }
            if next != .near || bound == nil { bound = next }
        }
        guard let amount = takeAmount() else { return nil }
        if let after = takeSuffix(), after != .near { bound = after }
        takePeople()
        if let after = takeSuffix(), after != .near { bound = after }
        return Side(amount: amount, bound: bound)
    }

    private mutating func takeBound() -> CrowdBound? {
        if let mark = mark(), let bound = CrowdBound.marks[mark] {
            index += 1
            _ = takeMark("=")
            return bound
        }
        guard let match = CrowdBound.match(wordsAhead()) else { return nil }
        skip(words: match.count)
        return match.bound
    }

    private mutating func takeSuffix() -> CrowdBound? {
        if takeMark("+") { return .atLeast }
        if mark() == "-", word(1) == "ish" { index += 1 }
        guard let match = CrowdBound.matchAfter(wordsAhead()) else { return nil }
        skip(words: match.count)
        return match.bound
    }

    /// Who was counted, and in how many vehicles they came.
    private mutating func takePeople() {
        while let word = word() {
            let next = self.word(1)
            if CrowdWords.people.contains(word) {
                index += 1
            } else if CrowdWords.linking.contains(word), let next, CrowdWords.people.contains(next) {
                index += 2
            } else if CrowdWords.with.contains(word), figure(1) != nil, let vehicle = self.word(2), CrowdWords.vehicles.contains(vehicle) {
                index += 3
            } else {
                return
            }
        }
    }

    /// What may stand between two numbers that are a range.
    private mutating func takeSeparator(after first: Side) -> Bool {
        let start = index
        if takeMark("-") || takeMark("/") { return true }
        // Read from a page or typed with a slip: "30 t0 50".
        if word() == "t", figure(1)?.mantissa == 0 {
            index += 2
            return true
        }
        if takeWord(in: CrowdWords.to) { return true }
        let isComma = takeMark(",")
        let isAnd = takeWord(in: CrowdWords.and)
        var isMaybe = false
        while takeWord(in: CrowdWords.maybe) { isMaybe = true }
        if isMaybe || (isAnd && !isComma && (isBetween || first.bound == .atLeast)) { return true }
        index = start
        return false
    }

    private mutating func isAtEnd() -> Bool {
        while takeMark(".") {}
        return index == tokens.count
    }
}
