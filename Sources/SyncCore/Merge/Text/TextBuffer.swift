/// A text that is edited in place: bytes with a gap where the last edit was, so that an edit costs what lies between it and the one before.
struct TextBuffer {
    private var storage: [UInt8]
    private var gap: Range<Int>

    init(_ bytes: some Collection<UInt8>) {
        storage = Array(bytes)
        gap = storage.endIndex..<storage.endIndex
    }

    var count: Int { storage.count - gap.count }

    var bytes: [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(count)
        bytes.append(contentsOf: storage[..<gap.lowerBound])
        bytes.append(contentsOf: storage[gap.upperBound...])
        return bytes
    }

    /// Applies splices up to the first one that does not fit: beyond the end, inside a character, or into a text that is too long.
    mutating func apply(_ edit: TextEdit) {
        edit.forEachSplice { splice, inserted in
            guard fits(splice) else { return false }
            replace(splice, with: inserted)
            return true
        }
    }

    private func fits(_ splice: TextEdit.Splice) -> Bool {
        splice.deleted <= count - splice.position && count - splice.deleted + splice.inserted <= TextEdit.textLimit
            && isBoundary(splice.position) && isBoundary(splice.position + splice.deleted)
    }

    private func isBoundary(_ position: Int) -> Bool {
        if position >= count { return position == count }
        return !UTF8.isContinuation(storage[position < gap.lowerBound ? position : position + gap.count])
    }

    private mutating func replace(_ splice: TextEdit.Splice, with inserted: ArraySlice<UInt8>) {
        moveGap(to: splice.position)
        gap = gap.lowerBound..<(gap.upperBound + splice.deleted)
        if gap.count < inserted.count { widenGap(by: inserted.count + storage.count / 4) }
        for (place, byte) in zip(gap.lowerBound..., inserted) { storage[place] = byte }
        gap = (gap.lowerBound + inserted.count)..<gap.upperBound
    }

    private mutating func moveGap(to position: Int) {
        let width = gap.count
        if width > 0 {
            storage.withUnsafeMutableBufferPointer { bytes in
                guard let start = bytes.baseAddress else { return }
                if position < gap.lowerBound {
                    (start + position + width).update(from: start + position, count: gap.lowerBound - position)
                } else {
                    (start + gap.lowerBound).update(from: start + gap.upperBound, count: position - gap.lowerBound)
                }
            }
        }
        gap = position..<(position + width)
    }

    private mutating func widenGap(by count: Int) {
        storage.insert(contentsOf: repeatElement(0, count: count), at: gap.upperBound)
        gap = gap.lowerBound..<(gap.upperBound + count)
    }
}
