/// One count as the range takes it.
public struct CountEntry: Hashable, Sendable {
    public var reading: CrowdReading
    /// Nil if nobody said; it then counts as attendance.
    public var stage: CountStage?
    /// Shown beside the number and never weighed: rules look at what was stated, not at who stated it.
    public var basis: CountBasis?

    public init(reading: CrowdReading, stage: CountStage? = nil, basis: CountBasis? = nil) {
        self.reading = reading
        self.stage = stage
        self.basis = basis
    }
}
