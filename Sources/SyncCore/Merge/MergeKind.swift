/// How concurrent edits of one field come together.
public enum MergeKind: String, Hashable, Sendable, CaseIterable {
    /// All live values are kept; readers see the greatest in winner order, and differing ones are a conflict.
    case register
    /// The same, but a lost value is history only, never a conflict.
    case quiet
    /// The same, but readers see the strictest live value.
    case strictest
    /// A sequence that several people edit at once. Beginnings are named by their content: equal ones are one text, different ones are alternatives.
    case text
    /// Add wins over a concurrent remove.
    case set
    /// Entries by key; retracted by another operation, never edited.
    case log
    /// Items that have a life and registers of their own.
    case map
    /// Increments, summed within a generation.
    case counter
}
