import SyncCore

/// One reading of a petition's signatures.
struct ReadingText {
    let channel: String
    let value: Int64?
    let phrase: String?
    let exactness: SignatureExactness?
    let asOf: When?
    let scope: String?
    let source: String?
    let by: String?

    init(_ reading: Value) {
        channel = reading[part: Part.Reading.channel]?.text ?? "other"
        value = reading[part: Part.Reading.value]?.integer
        phrase = reading[part: Part.Reading.text]?.text
        exactness = reading[part: Part.Reading.exactness]?.text.flatMap(SignatureExactness.init(label:))
        asOf = reading[part: Part.Reading.asOf]?.text.flatMap { When(isoText: $0) }
        scope = reading[part: Part.Reading.scope]?.text
        source = reading[part: Part.Reading.source]?.text
        by = reading[part: Part.Reading.by]?.text
    }

    /// `online:allout  2,000,000 “2 million” (rounded, as of Sat 7 Apr 2018, …)`.
    var line: String {
        let details = [
            exactness.flatMap { $0 == .exact ? nil : $0.label }, asOf.map { "as of \($0.displayText)" },
            scope.map { "only \($0)" }, by, source,
        ].compactMap(\.self)
        let numbers = [value.map { ValueText.grouped($0) }, phrase.map { "“\($0)”" }].compactMap(\.self)
        return "\(channel)  \(numbers.joined(separator: " "))" + (details.isEmpty ? "" : " (\(details.joined(separator: ", ")))")
    }

    /// Nil where nobody could read a number.
    func reading(_ entry: RecordDocument.Entry) -> SignatureReading? {
        guard let value, let number = Int(exactly: value) else { return nil }
        // Of two readings of one time, the one that was written later counts: it is a correction.
        let digits = String(entry.order)
        let order = String(repeating: "0", count: max(0, 12 - digits.count)) + digits
        return SignatureReading(
            id: entry.key?.description ?? "", channel: channel, value: number, exactness: exactness ?? .exact, asOf: asOf?.sortKey,
            scope: scope, order: order)
    }
}

extension SignatureExactness {
    /// As the registry writes it.
    var label: String { self == .atLeast ? "at least" : rawValue }

    init?(label: String) { self.init(rawValue: label == "at least" ? "at-least" : label) }
}
