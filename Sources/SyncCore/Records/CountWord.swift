/// The vague words that rules give numbers to.
enum CountWord: Hashable, Sendable {
    case couple, few, several, handful
    case tens, dozens, scores, hundreds, thousands, millions

    /// A few of something, which may be "a few hundred".
    var isSmall: Bool { self == .couple || self == .few || self == .several || self == .handful }

    /// "A couple" and "a handful" are about so many; "several" and the plurals are so many or more.
    var isOpenAbove: Bool { self != .couple && self != .handful }
}
