/// What a number rests on. Raw values are stored and typed.
public enum CountBasis: String, Hashable, Sendable, CaseIterable {
    case police, organiser, press, official, eyewitness, photo, video, tally
}
