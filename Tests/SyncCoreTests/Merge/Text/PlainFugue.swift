@testable import SyncCore

/// FugueMax byte by byte, without runs, blocks or short cuts: what an edit sees is told from the set of everything in its past.
struct PlainFugue {
    struct Edit {
        var stamp: Stamp
        var parents: [WriteName]
        var edit: TextEdit
        var isVoid = false

        var name: WriteName { stamp.write }
    }

    private struct ID: Hashable {
        var by: WriteName?
        var offset: Int
    }

    private struct Byte {
        var id: ID
        var left: ID?
        var right: ID?
        var value: UInt8
        var deleters: Set<WriteName> = []
    }

    private var bytes: [Byte] = []
    private var past: [WriteName: Set<WriteName>] = [:]
    private var stamps: [WriteName: Stamp] = [:]
    private var voids: Set<WriteName> = []
    private let isBeginningVoid: Bool

    /// `edits` in any order in which each comes after its parents.
    init(_ beginning: [UInt8], _ edits: [Edit], isBeginningVoid: Bool = false) {
        self.isBeginningVoid = isBeginningVoid
        for (offset, value) in beginning.enumerated() {
            bytes.append(Byte(id: ID(by: nil, offset: offset), left: offset == 0 ? nil : ID(by: nil, offset: offset - 1), value: value))
        }
        for edit in edits { apply(edit) }
    }

    var text: [UInt8] {
        bytes.filter { byte in !(byte.id.by.map(voids.contains) ?? isBeginningVoid) && byte.deleters.isSubset(of: voids) }.map(\.value)
    }

    private mutating func apply(_ edit: Edit) {
        var seen: Set<WriteName> = [edit.name]
        for parent in edit.parents { seen.formUnion((past[parent] ?? []).union([parent])) }
        past[edit.name] = seen
        stamps[edit.name] = edit.stamp
        if edit.isVoid { voids.insert(edit.name) }
        var offset = 0
        for splice in edit.edit.splices {
            let visible = bytes.filter { hasMet($0, seen) && $0.deleters.isDisjoint(with: seen) }
            let end = splice.position + splice.deleted
            guard end <= visible.count, isBoundary(splice.position, visible), isBoundary(end, visible) else { return }
            var left = splice.position == 0 ? nil : visible[splice.position - 1].id
            for value in edit.edit.text[offset..<(offset + splice.inserted)] {
                let id = ID(by: edit.name, offset: offset)
                insert(value, id, left, seen)
                left = id
                offset += 1
            }
            let deleted = Set(visible[splice.position..<end].map(\.id))
            for place in bytes.indices where deleted.contains(bytes[place].id) { bytes[place].deleters.insert(edit.name) }
        }
    }

    private func hasMet(_ byte: Byte, _ seen: Set<WriteName>) -> Bool { byte.id.by.map(seen.contains) ?? true }

    private func isBoundary(_ position: Int, _ visible: [Byte]) -> Bool {
        position == visible.count || !UTF8.isContinuation(visible[position].value)
    }

    private func place(_ id: ID?) -> Int? { id.flatMap { id in bytes.firstIndex { $0.id == id } } }

    private mutating func insert(_ value: UInt8, _ id: ID, _ left: ID?, _ seen: Set<WriteName>) {
        let leftPlace = place(left) ?? -1
        let right = bytes[(leftPlace + 1)...].first { hasMet($0, seen) }.flatMap { $0.left == left ? $0.id : nil }
        let rightPlace = place(right) ?? bytes.count
        var target = leftPlace + 1
        var next = target
        var isScanning = false
        while next < bytes.count, !hasMet(bytes[next], seen) {
            let otherLeft = place(bytes[next].left) ?? -1
            if otherLeft < leftPlace { break }
            if otherLeft == leftPlace {
                let otherRight = place(bytes[next].right) ?? bytes.count
                if otherRight == rightPlace, precedes(id, bytes[next].id) { break }
                isScanning = otherRight < rightPlace
            }
            next += 1
            if !isScanning { target = next }
        }
        bytes.insert(Byte(id: id, left: left, right: right, value: value), at: target)
    }

    private func precedes(_ a: ID, _ b: ID) -> Bool {
        guard let a = a.by.flatMap({ stamps[$0] }), let b = b.by.flatMap({ stamps[$0] }) else { return false }
        return a < b
    }
}
