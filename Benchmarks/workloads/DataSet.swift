import Foundation
import SyncCore

/// The records and edits that every peer is measured on: tab-separated, made by the generator from one seed.
struct DataSet {
    let folder: String

    /// One row of `records.tsv`: ten fields.
    struct Row {
        var id: RecordID
        var title: String
        var city: String
        var country: String
        var starts: String
        var low: Int64
        var high: Int64
        var organiser: String
        var notes: String
        var status: String
    }

    /// One row of an edit file: a field of a record becomes a value.
    struct Edit {
        var id: RecordID
        var field: String
        var value: String
    }

    func rows(_ name: String) throws -> [Row] {
        try lines(name).map { line in
            let cells = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
            guard cells.count == 10, let id = Self.id(cells[0]), let low = Int64(cells[5]), let high = Int64(cells[6]),
                let seconds = Double(cells[4])
            else { throw Unusable(what: name) }
            return Row(
                id: id, title: cells[1], city: cells[2], country: cells[3], starts: Self.date(seconds), low: low, high: high,
                organiser: cells[7], notes: cells[8], status: cells[9])
        }
    }

    func edits(_ name: String) throws -> [Edit] {
        try lines(name).map { line in
            let cells = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
            guard cells.count == 3, let id = Self.id(cells[0]) else { throw Unusable(what: name) }
            return Edit(id: id, field: cells[1], value: cells[2])
        }
    }

    private func lines(_ name: String) throws -> [Substring] {
        try String(contentsOfFile: "\(folder)/\(name)", encoding: .utf8).split(separator: "\n")
    }

    private static func id(_ hex: String) -> RecordID? {
        guard hex.count == 32, let high = UInt64(hex.prefix(16), radix: 16), let low = UInt64(hex.suffix(16), radix: 16) else { return nil }
        return RecordID(high: high, low: low)
    }

    private static func date(_ seconds: Double) -> String {
        let text = Date(timeIntervalSince1970: seconds).formatted(.iso8601.year().month().day().time(includingFractionalSeconds: false))
        // Hours and minutes, as people give them.
        return text.prefix(16) + "[UTC]"
    }
}

extension Draft {
    /// A row as an event: ten fields of the registry.
    mutating func add(_ row: DataSet.Row) throws {
        let record = create(.event, id: row.id)
        try assign(record, Field.title, .text(row.title))
        try assign(record, Field.place, .parts((Part.Place.locality, .text(row.city)), (Part.Place.country, .text(row.country))))
        try assign(record, Field.starts, .text(row.starts))
        try enter(
            record, Field.counts,
            .parts((Part.Count.what, .text("attendance")), (Part.Count.low, .integer(row.low)), (Part.Count.high, .integer(row.high))))
        try put(record, Field.organisers, [(Part.Organiser.name, .text(row.organiser))])
        try assign(record, Field.description, .text(row.notes))
        try assign(record, Field.status, .text(row.status))
    }

    /// An edit of one field. Numbers are entries: a new one stands beside the others.
    mutating func apply(_ edit: DataSet.Edit) throws {
        switch edit.field {
        case "title": try assign(edit.id, Field.title, .text(edit.value))
        case "notes": try assign(edit.id, Field.description, .text(edit.value))
        case "status": try assign(edit.id, Field.status, .text(edit.value))
        case "attendance_low", "attendance_high":
            let part = edit.field == "attendance_low" ? Part.Count.low : Part.Count.high
            try enter(edit.id, Field.counts, .parts((Part.Count.what, .text("attendance")), (part, Int64(edit.value).map(Value.integer))))
        default: throw Unusable(what: edit.field)
        }
    }
}
