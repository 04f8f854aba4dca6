import SyncCore

/// One crowd count as it was stated.
struct CountText {
    let what: String
    /// The phrase, or the numbers where there is no phrase.
    let phrase: String
    let stage: CountStage?
    let basis: String?
    let source: String?
    let by: String?
    private let stated: CrowdReading?

    init(_ value: Value) {
        what = value[part: Part.Count.what]?.text ?? CountSubject.attendance.rawValue
        let stageName = value[part: Part.Count.stage]?.text
        stage = stageName.flatMap(CountStage.init(rawValue:))
        basis = value[part: Part.Count.basis]?.text
        source = value[part: Part.Count.source]?.text
        by = value[part: Part.Count.by]?.text
        let low = value[part: Part.Count.low]?.integer.flatMap { Int(exactly: $0) }
        let high = value[part: Part.Count.high]?.integer.flatMap { Int(exactly: $0) }
        let isStated = low != nil || high != nil
        stated = isStated
            ? CrowdReading(
                low: low, high: high, lowOpen: value[part: Part.Count.lowOpen]?.integer == 1,
                highOpen: value[part: Part.Count.highOpen]?.integer == 1) : nil
        phrase = value[part: Part.Count.text]?.text ?? Self.numbers(low, high)
    }

    private static func numbers(_ low: Int?, _ high: Int?) -> String {
        switch (low, high) {
        case (let low?, let high?): low == high ? ValueText.grouped(low) : "\(ValueText.grouped(low))–\(ValueText.grouped(high))"
        case (let low?, nil): "\(ValueText.grouped(low)) or more"
        case (nil, let high?): "\(ValueText.grouped(high)) or fewer"
        case (nil, nil): "(no figure)"
        }
    }

    /// Nil for a phrase that says no number that anybody could read.
    func reading(_ rule: CountRule) -> CrowdReading? { stated ?? CrowdPhrase.read(phrase, rule: rule) }

    var isAttendance: Bool { what == CountSubject.attendance.rawValue }

    /// `around 400 (eyewitness, Ana)`.
    var short: String { phrase + Self.details([stageText, basis, by]) }

    /// `around 400 (eyewitness)`.
    var brief: String { phrase + Self.details([stage == .expected ? stage?.rawValue : nil, basis]) }

    /// The same with its source, and with what was counted.
    var line: String {
        (isAttendance ? "" : what.replacing("-", with: " ") + ": ") + phrase + Self.details([stageText, basis, by, source])
    }

    /// A final or unstated stage is what readers take for granted.
    private var stageText: String? { stage.flatMap { $0 == .final ? nil : $0.rawValue } }

    private static func details(_ parts: [String?]) -> String {
        let known = parts.compactMap(\.self).filter { !$0.isEmpty }
        return known.isEmpty ? "" : " (\(known.joined(separator: ", ")))"
    }
}

/// The counts of one event and what they come to.
struct CountsText {
    let attendance: [CountText]
    let others: [CountText]

    init(_ document: RecordDocument) {
        let counts = document.entries(Field.counts).compactMap { $0.values.first.map(CountText.init) }
        attendance = counts.filter(\.isAttendance)
        others = counts.filter { !$0.isAttendance }
    }

    /// Nil where no count of attendance can be read.
    func range(_ rule: CountRule = .ccc3) -> CountRange? {
        let entries = attendance.compactMap { count in
            count.reading(rule).map { CountEntry(reading: $0, stage: count.stage) }
        }
        return CountRange(entries, rule: rule)
    }

    /// What a list shows: the phrase where there is one count, the range where there are several.
    var short: String? {
        if attendance.count == 1 { return attendance[0].brief }
        guard !attendance.isEmpty else { return nil }
        return range().map { "\($0.text) (\(attendance.count) counts)" } ?? "\(attendance.count) counts"
    }
}
