/// Paper sheets that were handed in and counted together. No names.
public struct PaperBatch: Sendable {
    public var id: String
    /// What tells numberings apart that both begin at 1, such as the printer's mark before the number; compared by bytes.
    public var series: String
    /// Empty if the sheets bear no numbers: nobody can then see whether they were counted twice.
    public var serials: [SerialRange]
    /// Valid lines; a negative number counts as 0.
    public var valid: Int
    public var isVoid: Bool
    /// Which of two batches with one serial keeps it: the lesser in byte order, then the lesser id.
    public var order: String

    public init(id: String, series: String = "", serials: [SerialRange], valid: Int, isVoid: Bool = false, order: String = "") {
        self.id = id
        self.series = series
        self.serials = serials
        self.valid = valid
        self.isVoid = isVoid
        self.order = order
    }

    func comesBefore(_ other: PaperBatch) -> Bool {
        if !order.utf8.elementsEqual(other.order.utf8) { return order.utf8.lexicographicallyPrecedes(other.order.utf8) }
        if !id.utf8.elementsEqual(other.id.utf8) { return id.utf8.lexicographicallyPrecedes(other.id.utf8) }
        // Ids are unique; where a forged one is not, the outcome must still not depend on arrival.
        return valid < other.valid
    }
}
