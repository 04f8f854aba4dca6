/// Which batch each serial of one series belongs to: the first that claimed it.
struct SerialOwners {
    private struct Piece {
        let range: SerialRange
        let owner: String
    }

    /// Sorted, without overlaps.
    private var pieces = [Piece]()

    /// Gives the free serials of a range to a batch, and returns those that another batch has, with its id.
    mutating func claim(_ range: SerialRange, for batch: String) -> [(kept: String, serials: SerialRange)] {
        let start = firstPiece(endingAtOrAfter: range.first)
        var end = start
        var taken = [(kept: String, serials: SerialRange)]()
        var merged = [Piece]()
        var next = range.first
        while end < pieces.count, let overlap = pieces[end].range.overlap(with: range) {
            appendFree(from: next, to: overlap.first - 1, batch, &merged)
            taken.append((pieces[end].owner, overlap))
            merged.append(pieces[end])
            next = overlap.last + 1
            end += 1
        }
        appendFree(from: next, to: range.last, batch, &merged)
        pieces.replaceSubrange(start..<end, with: merged)
        return taken
    }

    private func appendFree(from first: Int, to last: Int, _ batch: String, _ merged: inout [Piece]) {
        if let free = SerialRange(first: first, last: last) { merged.append(Piece(range: free, owner: batch)) }
    }

    private func firstPiece(endingAtOrAfter serial: Int) -> Int {
        var low = 0, high = pieces.count
        while low < high {
            let middle = (low + high) / 2
            if pieces[middle].range.last < serial { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
