/// A column of the log that stands sealed in a store with a passphrase. What is in none of these tells nothing of what people wrote, or is
/// sealed already; a test asks of every column which of the two it is.
struct SealedColumn: Hashable, Sendable {
    let table: String
    let name: String
    /// Columns that tell the row: what is moved to another row does not open.
    let row: [String]
    /// Rows are found by it: equal values are equal bytes.
    let isLookup: Bool
    /// The shortest that its values seem to be, in bytes.
    let floor: Int

    private init(_ table: String, _ name: String, row: [String] = [], isLookup: Bool = false, floor: Int = 64) {
        self.table = table
        self.name = name
        self.row = row
        self.isLookup = isLookup
        self.floor = floor
    }

    static let setting = SealedColumn("meta", "value", row: ["key"])
    static let wall = SealedColumn("change", "wall", row: ["no"], floor: 16)
    static let journal = SealedColumn("journal", "bytes", row: ["change"])
    static let controlRecord = SealedColumn("control", "record", row: ["name"], floor: 256)
    static let controlAtRemote = SealedColumn("control_at", "remote", isLookup: true)
    static let registrationRemote = SealedColumn("registration", "remote", isLookup: true)
    static let registration = SealedColumn("registration", "bytes", row: ["remote", "counter"])
    static let remoteName = SealedColumn("remote", "name", isLookup: true)
    static let remoteURL = SealedColumn("remote", "url", row: ["name"])
    static let remoteToken = SealedColumn("remote", "token", row: ["name"])
    static let remoteControl = SealedColumn("remote", "control", row: ["name"], floor: 16)
    static let remoteExchanged = SealedColumn("remote", "exchanged", row: ["name"], floor: 16)
    static let importSource = SealedColumn("import", "source", isLookup: true)
    static let importRecord = SealedColumn("import", "record", isLookup: true)
    static let importDocument = SealedColumn("import", "document", row: ["source", "record"])

    static let substitute = SealedColumn("substitute", "bytes", row: ["segment"])

    static let all: [SealedColumn] = [
        setting, wall, journal, controlRecord, controlAtRemote, registrationRemote, registration, remoteName, remoteURL, remoteToken, remoteControl, remoteExchanged,
        importSource, importRecord, importDocument, substitute,
    ]
}
