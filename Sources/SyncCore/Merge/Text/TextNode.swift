/// One edit in the history of a text, or the value that the history begins with.
struct TextNode {
    var stamp: Stamp
    /// The places of what it was made on, before its own; empty for the first alone.
    var parents: [Int]
    var edit: TextEdit
    /// It does not count: what it inserted is not shown and what it deleted is, but later edits may have been made on it.
    var isVoid: Bool
}
