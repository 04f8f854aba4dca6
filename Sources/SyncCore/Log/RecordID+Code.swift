extension RecordID {
    /// The id of a record that the outside world already has a code for: the same on every device that meets the code.
    public init(code: String, ofKind kind: String) {
        self.init(prefixOf: Digest.hash("sync/v1/code", Array(kind.utf8), [0], Array(code.utf8)))
    }
}
