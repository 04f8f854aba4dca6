/// Gives every change that is here a small local number, so that a state on disk spends two or three bytes on a name.
public protocol ChangeNumbering {
    func number(of name: ChangeName) throws -> Int64
    func change(_ number: Int64) throws -> (name: ChangeName, lamport: UInt64)
}

extension RecordState {
    enum ContentType {
        static let writes: UInt8 = 0
        static let entry: UInt8 = 1
        static let life: UInt8 = 2
        static let tally: UInt8 = 3
    }

    /// For the view, which is rebuilt when this changes: no other program reads it.
    public func bytes(numbering: some ChangeNumbering) throws -> [UInt8] {
        var writer = ByteWriter(capacity: 256)
        writer.zig(kind ?? -1)
        try write(life, to: &writer, numbering)
        try write(touches, to: &writer, numbering)
        // Almost always every touch is an edit: one bit says so.
        writer.u8(edits == touches ? 1 : 0)
        if edits != touches { try write(edits, to: &writer, numbering) }
        writer.count(slots.count)
        for (slot, content) in slots {
            writer.varint(UInt64(slot.field) << 1 | (slot.key == nil ? 0 : 1))
            if let key = slot.key { writer.word(key.word) }
            try write(content, to: &writer, numbering)
        }
        return writer.bytes
    }

    private func write(_ content: Content, to writer: inout ByteWriter, _ numbering: some ChangeNumbering) throws {
        switch content {
        case .writes(let writes):
            writer.u8(ContentType.writes)
            try write(writes.live, to: &writer, numbering)
            writer.count(writes.awaited.count << 1 | (writes.replacedFirsts.isEmpty ? 0 : 1))
            for name in writes.awaited {
                name.change.append(to: &writer)
                writer.varint(UInt64(name.operation))
            }
            if !writes.replacedFirsts.isEmpty {
                writer.count(writes.replacedFirsts.count)
                for hash in writes.replacedFirsts { writer.raw(hash) }
            }
        case .entry(let entry):
            writer.u8(ContentType.entry)
            try write(entry.writes, to: &writer, numbering)
            try write(entry.retractions, to: &writer, numbering)
        case .life(let life):
            writer.u8(ContentType.life)
            try write(life, to: &writer, numbering)
        case .tally(let tally):
            writer.u8(ContentType.tally)
            writer.count(tally.sums.count)
            for (generation, sum) in tally.sums.sorted(by: { $0.key < $1.key }) {
                writer.varint(generation)
                writer.zig(sum)
            }
        }
    }

    private func write(_ life: Life, to writer: inout ByteWriter, _ numbering: some ChangeNumbering) throws {
        writer.varint(life.length)
        writer.count(life.deletions.count)
        for deletion in life.deletions {
            try write(deletion.stamp, to: &writer, numbering)
            writer.count(deletion.seen.count)
            // Full names: a deletion may have seen what has not arrived here.
            for name in deletion.seen { name.append(to: &writer) }
        }
    }

    private func write(_ stamp: Stamp, to writer: inout ByteWriter, _ numbering: some ChangeNumbering) throws {
        writer.zig(try numbering.number(of: stamp.write.change))
        writer.varint(UInt64(stamp.write.operation))
    }

    private func write(_ writes: [Write], to writer: inout ByteWriter, _ numbering: some ChangeNumbering) throws {
        writer.count(writes.count)
        for write in writes {
            writer.zig(try numbering.number(of: write.stamp.write.change))
            writer.varint(UInt64(write.stamp.write.operation) << 2 | (write.text == nil ? 0 : 2) | (write.isFirst ? 1 : 0))
            write.value.append(to: &writer)
            if let text = write.text {
                writer.raw(text.root)
                writer.u8((text.isContested ? 1 : 0) | (text.isAbridged ? 2 : 0) | (text.hasTwins ? 4 : 0))
            }
        }
    }

    private func write(_ names: [ChangeName], to writer: inout ByteWriter, _ numbering: some ChangeNumbering) throws {
        writer.count(names.count)
        for name in names { writer.zig(try numbering.number(of: name)) }
    }

    public init(_ bytes: [UInt8], numbering: some ChangeNumbering) throws {
        var reader = ByteReader(bytes)
        let kind = try reader.zig()
        self.kind = kind < 0 ? nil : kind
        life = try Self.life(&reader, numbering)
        touches = try Self.names(&reader, numbering)
        edits = try reader.u8() == 1 ? touches : try Self.names(&reader, numbering)
        let count = try reader.count(limit: reader.remaining)
        slots.reserveCapacity(count)
        for _ in 0..<count {
            let head = try reader.varint()
            let key = head & 1 == 1 ? ItemKey(try reader.word()) : nil
            slots.append((Slot(UInt32(truncatingIfNeeded: head >> 1), key), try Self.content(&reader, numbering)))
        }
        try reader.end()
    }

    private static func content(_ reader: inout ByteReader, _ numbering: some ChangeNumbering) throws -> Content {
        switch try reader.u8() {
        case ContentType.writes:
            var writes = LiveWrites()
            writes.live = try self.writes(&reader, numbering)
            let head = try reader.varint()
            guard head >> 1 <= reader.remaining else { throw DecodingFailure.tooLarge }
            for _ in 0..<(head >> 1) {
                writes.awaited.append(
                    WriteName(change: try ChangeName(from: &reader), operation: try reader.number32()))
            }
            if head & 1 == 1 {
                for _ in 0..<(try reader.count(limit: reader.remaining)) {
                    writes.replacedFirsts.append(try reader.hash32())
                }
            }
            return .writes(writes)
        case ContentType.entry:
            var entry = LogEntry()
            entry.writes = try writes(&reader, numbering)
            entry.retractions = try writes(&reader, numbering)
            return .entry(entry)
        case ContentType.life: return .life(try life(&reader, numbering))
        case ContentType.tally:
            var tally = Tally()
            for _ in 0..<(try reader.count(limit: reader.remaining)) {
                tally.sums[try reader.varint()] = try reader.zig()
            }
            return .tally(tally)
        default: throw DecodingFailure.invalid("state")
        }
    }

    private static func life(_ reader: inout ByteReader, _ numbering: some ChangeNumbering) throws -> Life {
        var life = Life()
        life.length = try reader.varint()
        for _ in 0..<(try reader.count(limit: reader.remaining)) {
            let stamp = try stamp(&reader, numbering)
            var seen: [ChangeName] = []
            for _ in 0..<(try reader.count(limit: reader.remaining)) { seen.append(try ChangeName(from: &reader)) }
            life.deletions.append(Life.Deletion(stamp: stamp, seen: seen))
        }
        return life
    }

    private static func stamp(_ reader: inout ByteReader, _ numbering: some ChangeNumbering) throws -> Stamp {
        let change = try numbering.change(try reader.zig())
        return Stamp(
            lamport: change.lamport, write: WriteName(change: change.name, operation: try reader.number32()))
    }

    private static func writes(_ reader: inout ByteReader, _ numbering: some ChangeNumbering) throws -> [Write] {
        var writes: [Write] = []
        for _ in 0..<(try reader.count(limit: reader.remaining)) {
            let change = try numbering.change(try reader.zig())
            let head = try reader.varint()
            let name = WriteName(change: change.name, operation: UInt32(truncatingIfNeeded: head >> 2))
            var write = Write(
                stamp: Stamp(lamport: change.lamport, write: name), value: try Value(from: &reader), isFirst: head & 1 == 1)
            if head & 2 == 2 { write.text = try text(&reader) }
            writes.append(write)
        }
        return writes
    }

    private static func text(_ reader: inout ByteReader) throws -> TextMark {
        let root = try reader.hash32()
        let flags = try reader.u8()
        return TextMark(root: root, isContested: flags & 1 != 0, isAbridged: flags & 2 != 0, hasTwins: flags & 4 != 0)
    }

    private static func names(_ reader: inout ByteReader, _ numbering: some ChangeNumbering) throws -> [ChangeName] {
        var names: [ChangeName] = []
        for _ in 0..<(try reader.count(limit: reader.remaining)) {
            names.append(try numbering.change(try reader.zig()).name)
        }
        return names
    }
}
