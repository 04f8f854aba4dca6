/// What a phrase about a crowd states, in people.
///
/// "Over 150" is low 150 with an open top and no high; "nearly 100" is high 100 with an open bottom and no low; "around 400" is 400
/// to 400. A number beside an open flag is a bound that the phrase itself calls uncertain ("50-60+").
public struct CrowdReading: Hashable, Sendable {
    /// The least number stated, if any.
    public var low: Int?
    /// The greatest number stated, if any.
    public var high: Int?
    /// There may have been fewer.
    public var lowOpen: Bool
    /// There may have been more.
    public var highOpen: Bool

    public init(low: Int?, high: Int?, lowOpen: Bool = false, highOpen: Bool = false) {
        self.low = low
        self.high = high
        self.lowOpen = lowOpen
        self.highOpen = highOpen
    }
}
