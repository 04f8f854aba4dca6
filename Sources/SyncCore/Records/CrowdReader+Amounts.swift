extension CrowdReader {
    /// A number in digits or in words; nil if none stands here, or if it is too great.
    mutating func takeAmount() -> CrowdAmount? {
        // "Over a 100".
        if figure(1) != nil, word().map(CrowdWords.articles.contains) ?? false { index += 1 }
        let amount = figure() == nil ? takeWords() : takeFigure()
        if let value = amount?.value, value > CrowdPhrase.greatest { return nil }
        return amount
    }

    /// `400`, `1.5k`, `2 million`, `3 dozen`, `100s`.
    private mutating func takeFigure() -> CrowdAmount? {
        guard let figure = figure() else { return nil }
        index += 1
        if word() == "s", let plural = Self.plural(of: figure) {
            index += 1
            return takeVague(plural, times: 1)
        }
        guard let unit = takeUnits(orPlural: true) else { return figure.times(1).map { CrowdAmount(value: $0) } }
        return figure.times(unit).map { CrowdAmount(value: $0, unit: unit, count: figure.times(1) ?? 1) }
    }

    private static func plural(of figure: CrowdFigure) -> CountWord? {
        switch figure.times(1) {
        case 10: .tens
        case 100: .hundreds
        case 1_000: .thousands
        case 1_000_000: .millions
        default: nil
        }
    }

    /// "Hundred thousand": the product of the units that stand here; nil if there is none or the product is too great.
    private mutating func takeUnits(orPlural: Bool = false) -> Int? {
        var product: Int?
        while let unit = unit(0) ?? (orPlural ? pluralSize() : nil) {
            let (next, overflow) = (product ?? 1).multipliedReportingOverflow(by: unit)
            guard !overflow, next <= CrowdPhrase.greatest else { return nil }
            product = next
            index += 1
        }
        return product
    }

    private func unit(_ ahead: Int) -> Int? {
        switch word(ahead).flatMap(CrowdWords.meaning) {
        case .unit(let unit): unit
        case .dozen: rule.dozen
        default: nil
        }
    }

    /// After a number a plural is a unit: "two thousands", "2 millions".
    private func pluralSize() -> Int? {
        if case .vague(let plural) = word().flatMap(CrowdWords.meaning) { return size(of: plural) }
        return nil
    }

    private mutating func takeWords() -> CrowdAmount? {
        while let word = word(), word == "des" { index += 1 }
        if word() == "no", let next = word(1), next == "one" || CrowdWords.people.contains(next) {
            index += 2
            return CrowdAmount(value: 0)
        }
        if word() == "half" { return takeHalf() }
        let isArticle = word().map(CrowdWords.articles.contains) ?? false
        let atNumber = isArticle || startsVaguePair ? 1 : 0
        switch word(atNumber).flatMap(CrowdWords.meaning) {
        case .vague(let vague):
            index += atNumber + 1
            return takeVague(vague, times: 1)
        case .vagueTimes(let vague, let unit):
            index += atNumber + 1
            return takeVague(vague, times: unit)
        case .nobody where !isArticle:
            index += 1
            return CrowdAmount(value: 0)
        default: return takeCardinal(isArticle: isArticle)
        }
    }

    /// "Ein paar", "une poignée": an article that is also the number one.
    private var startsVaguePair: Bool {
        guard word().flatMap(CrowdWords.meaning) == .cardinal(1), case .vague = word(1).flatMap(CrowdWords.meaning) else { return false }
        return true
    }

    /// "Half a dozen", "half a million".
    private mutating func takeHalf() -> CrowdAmount? {
        index += 1
        _ = takeWord(in: CrowdWords.articles)
        return takeUnits().map { CrowdAmount(value: $0 / 2) }
    }

    /// After "several" or "hundreds": "several hundred", "tens of thousands", "a couple of dozen".
    private mutating func takeVague(_ vague: CountWord, times factor: Int) -> CrowdAmount? {
        let start = index
        var unit = factor
        var isOpenAbove = vague.isOpenAbove
        while let word = word(), CrowdWords.linking.contains(word) { index += 1 }
        if mark() == "'" { index += 1 }
        // "Tens of thousands", but not "tens thousands".
        let mayMultiply = vague.isSmall || index > start
        if mayMultiply, let units = takeUnits() {
            unit = units
        } else if mayMultiply, let size = pluralSize() {
            unit = size
            isOpenAbove = true
            index += 1
        } else {
            index = start
        }
        guard let number = rule.number(vague) else { return CrowdAmount(value: nil, isOpenAbove: true) }
        let (value, overflow) = number.multipliedReportingOverflow(by: unit)
        return overflow ? nil : CrowdAmount(value: value, isOpenAbove: isOpenAbove)
    }

    /// What a plural multiplies by: the "thousands" of "tens of thousands" are a thousand each.
    private func size(of plural: CountWord) -> Int? {
        switch plural {
        case .tens: 10
        case .dozens: rule.dozen
        case .scores: 20
        case .hundreds: 100
        case .thousands: 1_000
        case .millions: 1_000_000
        case .couple, .few, .several, .handful: nil
        }
    }
}

// MARK: Number words

extension CrowdReader {
    /// "Two hundred and fifty thousand", "a hundred", "a" for one.
    private mutating func takeCardinal(isArticle: Bool) -> CrowdAmount? {
        var number = CrowdCardinal()
        if isArticle {
            guard unit(1) != nil || word(1).map(CrowdWords.people.contains) ?? (index + 1 == tokens.count) else { return nil }
            index += 1
            number.add(1)
        }
        while takePart(of: &number) {}
        guard number.isStarted, let value = number.value else { return nil }
        return CrowdAmount(value: value, unit: number.lastUnit, count: number.countOfUnit)
    }

    private mutating func takePart(of number: inout CrowdCardinal) -> Bool {
        switch word().flatMap(CrowdWords.meaning) {
        case .cardinal(let value) where number.takes(value): number.add(value)
        // "Hundred" alone is 100, but "k" alone is nothing.
        case .unit(let unit) where number.takes(unit: unit) && (number.isStarted || (word()?.utf8.count ?? 0) >= 4):
            number.multiply(by: unit)
        case .dozen where number.takes(unit: rule.dozen): number.multiply(by: rule.dozen)
        case .vague(let plural) where number.isStarted:
            guard let unit = size(of: plural), number.takes(unit: unit) else { return false }
            number.multiply(by: unit)
        default: return takeJoined(&number)
        }
        index += 1
        return true
    }

    /// "Twenty-five", "hundred and fifty".
    private mutating func takeJoined(_ number: inout CrowdCardinal) -> Bool {
        guard case .cardinal(let value) = word(1).flatMap(CrowdWords.meaning), number.takes(value) else { return false }
        let isHyphen = mark() == "-" && number.endsInTens
        let isAnd = word().map(CrowdWords.and.contains) ?? false && !isBetween && number.endsInUnit
        guard isHyphen || isAnd else { return false }
        number.add(value)
        index += 2
        return true
    }
}
