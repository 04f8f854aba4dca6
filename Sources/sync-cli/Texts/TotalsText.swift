import SyncCore

/// What the readings and paper batches of a petition come to.
struct TotalsText {
    let totals: SignatureTotals
    let tally: Int64

    init(_ document: RecordDocument) {
        let readings = document.entries(Field.readings).compactMap { entry in
            entry.values.first.flatMap { ReadingText($0).reading(entry) }
        }
        let batches = document.items(Field.batches).map { BatchText($0).batch }
        totals = SignatureTotals(readings: readings, batches: batches)
        if case .counter(let sum) = document[Field.tally] { tally = sum } else { tally = 0 }
    }

    /// `2,000,000 signatures`, `at least 41 signatures`.
    var short: String? { totals.total.map { "\(Self.number($0, totals.exactness)) signatures" } }

    static func number(_ value: Int, _ exactness: SignatureExactness) -> String {
        switch exactness {
        case .exact: ValueText.grouped(value)
        case .atLeast: "at least \(ValueText.grouped(value))"
        case .rounded: "about \(ValueText.grouped(value))"
        }
    }

    /// One line a channel, then what a person must know beside the sum.
    var lines: [String] {
        var lines = totals.channels.map { channel in
            let asOf = channel.asOf.map { "  as of \(When(isoText: $0)?.displayText ?? $0)" } ?? (channel.reading == nil ? "  counted in batches" : "")
            return "\(channel.name)  \(Self.number(channel.value, channel.exactness))\(asOf)"
        }
        if let total = totals.total, totals.channels.count > 1 { lines.append("together  \(Self.number(total, totals.exactness))") }
        if totals.mayDoubleCount { lines.append("! may double-count online and paper: nobody stated that they are disjoint") }
        if let residue = totals.paperResidue, residue != 0 {
            lines.append("! a paper reading differs from the counted batches by \(ValueText.grouped(residue)); the batches count")
        }
        for overlap in totals.paper?.overlaps ?? [] {
            lines.append("! serials \(overlap.serials.first)–\(overlap.serials.last) are in two batches; counted once")
        }
        if let batches = totals.paper?.withoutSerials, !batches.isEmpty {
            lines.append("! \(batches.count) batch\(batches.count == 1 ? "" : "es") without serials: nobody can see a double count")
        }
        return lines
    }
}

/// One paper batch.
struct BatchText {
    private let item: RecordDocument.Item

    init(_ item: RecordDocument.Item) { self.item = item }

    private func integer(_ field: UInt32) -> Int? { item.value(field)?.integer.flatMap { Int(exactly: $0) } }

    var isVoid: Bool { item.value(Part.Batch.status)?.text == "void" }

    var batch: PaperBatch {
        let first = integer(Part.Batch.firstSerial)
        let range = first.flatMap { first in SerialRange(first: first, last: integer(Part.Batch.lastSerial) ?? first) }
        let collected = item.value(Part.Batch.collectedOn)?.text.flatMap { When(isoText: $0) }
        return PaperBatch(
            id: item.key?.description ?? "", serials: range.map { [$0] } ?? [], valid: valid ?? 0, isVoid: isVoid,
            order: collected?.sortKey ?? "unknown")
    }

    private var valid: Int? {
        if let valid = integer(Part.Batch.valid) { return valid }
        return integer(Part.Batch.lines).map { max(0, $0 - (integer(Part.Batch.void) ?? 0)) }
    }

    /// `serials 1–200, 187 valid of 200 lines, 13 void, Sat 22 Apr 2017, Leeds`.
    var line: String {
        var parts: [String] = []
        if let first = integer(Part.Batch.firstSerial) {
            let last = integer(Part.Batch.lastSerial) ?? first
            parts.append(last == first ? "serial \(first)" : "serials \(first)–\(last)")
        }
        if let valid { parts.append("\(ValueText.grouped(valid)) valid" + (integer(Part.Batch.lines).map { " of \(ValueText.grouped($0)) lines" } ?? "")) }
        if let void = integer(Part.Batch.void) { parts.append("\(ValueText.grouped(void)) void") }
        if let on = item.value(Part.Batch.collectedOn)?.text.flatMap({ When(isoText: $0) }) { parts.append(on.displayText) }
        parts += [item.value(Part.Batch.place)?.text, item.value(Part.Batch.status)?.text].compactMap(\.self)
        return parts.joined(separator: ", ")
    }
}
