/// How exactly a number of signatures was given. Raw values are stored.
public enum SignatureExactness: String, Hashable, Sendable, CaseIterable {
    case exact
    case atLeast = "at-least"
    case rounded

    /// A sum is as exact as its least exact part.
    func weaker(_ other: SignatureExactness) -> SignatureExactness {
        if self == .rounded || other == .rounded { return .rounded }
        return self == .atLeast || other == .atLeast ? .atLeast : .exact
    }
}
