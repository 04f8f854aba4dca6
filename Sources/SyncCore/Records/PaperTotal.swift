/// What the paper batches of a petition come to.
public struct PaperTotal: Sendable {
    /// Serials of one batch that another had before it.
    public struct Overlap: Sendable {
        /// The batch that keeps the serials.
        public let kept: String
        /// The batch whose serials are not counted again.
        public let repeated: String
        public let series: String
        public let serials: SerialRange
    }

    /// Valid lines of batches that are not void, repeated serials counted once.
    public let valid: Int
    /// Whether `valid` holds an estimate: a batch repeats some of its serials and not all, and nobody knows which of its
    /// valid lines are on them.
    public let isEstimate: Bool
    /// In the order in which the batches are counted, then by serial.
    public let overlaps: [Overlap]
    /// Batches whose sheets bear no numbers.
    public let withoutSerials: [String]

    /// Nil if every batch is void, or if there is none. The order of the batches makes no difference.
    ///
    /// A batch that repeats serials counts for the share of its serials that is new, rounded down: nothing where all are
    /// repeated, everything where none is.
    public init?(_ batches: [PaperBatch]) {
        let counted = batches.filter { !$0.isVoid }.sorted { $0.comesBefore($1) }
        guard !counted.isEmpty else { return nil }
        var sum = 0
        var isEstimate = false
        var overlaps = [Overlap]()
        // Keyed by bytes, so that no two series are one by canonical equivalence.
        var owners = [[UInt8]: SerialOwners]()
        for batch in counted {
            let mine = SerialRange.joined(batch.serials)
            let found = mine.flatMap { owners[Array(batch.series.utf8), default: SerialOwners()].claim($0, for: batch.id) }
            overlaps += found.map { Overlap(kept: $0.kept, repeated: batch.id, series: batch.series, serials: $0.serials) }
            let repeated = found.reduce(0) { $0 + $1.serials.count }
            let all = mine.reduce(0) { $0 + $1.count }
            isEstimate = isEstimate || (repeated > 0 && repeated < all)
            sum = SignatureTotals.sum(sum, Self.share(max(0, batch.valid), new: all - repeated, of: all))
        }
        valid = sum
        self.isEstimate = isEstimate
        self.overlaps = overlaps
        withoutSerials = counted.filter(\.serials.isEmpty).map(\.id)
    }

    /// `valid * new / all`, with the whole kept in full width.
    private static func share(_ valid: Int, new: Int, of all: Int) -> Int {
        guard all > 0, new < all else { return valid }
        guard new > 0 else { return 0 }
        // The quotient is below `valid`, so the division cannot overflow.
        return all.dividingFullWidth(valid.multipliedFullWidth(by: new)).quotient
    }
}
