extension TeamState {
    /// Whether a change counts, for who wrote it.
    public enum Standing: Hashable, Sendable {
        case counts
        /// Its device is none of the team, and was not removed either.
        case outsideRoster
        /// Past the cut of a removal.
        case pastCut
        /// Its device may read and not write, or not any more.
        case reader
    }

    /// How a change of a device stands: by the roster, the cuts, and what was accepted.
    public func standing(of change: ChangeName, by device: DeviceID) -> Standing {
        if accepted.contains(change) { return .counts }
        if let cuts = removed[device] { return cuts.covers(change) ? .counts : .pastCut }
        guard let member = roster[device] else { return .outsideRoster }
        guard member.enrolment.role == .reader else { return .counts }
        return readers[device]?.covers(change) ?? false ? .counts : .reader
    }

    /// Up to where the changes of one of a device's authors count; nil where no cut was made.
    public func cut(of author: AuthorID, by device: DeviceID) -> ChangeCut? {
        if let cuts = removed[device] { return cuts[author] }
        guard roster[device]?.enrolment.role == .reader else { return nil }
        return readers[device]?[author] ?? .nothing
    }

    /// Whether a device was put out of the team: it learns so, stops exchanging, and keeps what it has.
    public func isOut(_ device: DeviceID) -> Bool { removed[device] != nil }
}
