/// What every decoder refuses to exceed (`docs/format.md`, section 10).
public enum Limits {
    public static let changeBytes = 1 << 20
    public static let contentBytes = 4 << 20
    public static let operationsPerChange = 1 << 16
    public static let changesPerSegment = 1 << 16
    public static let controlRecordBytes = 256 << 10
    /// A control record as it travels: padding adds at most an eighth.
    public static let sealedControlBytes = controlRecordBytes + controlRecordBytes / 8 + 1024
    public static let parentsPerControlRecord = 64
    public static let envelopeBytes = 4096
    /// As many as fit into a control record with envelopes of X-Wing.
    public static let recipientsPerEpoch = 200
    public static let authorsPerCut = 512
    public static let changesPerAcceptance = 4096
    public static let dependenciesPerChange = 4096
    public static let pushBytes = 8 << 20
    public static let frameSegments = 256
    public static let frameBytes = 1 << 20
    public static let branchesPerLog = 8
    /// A segment's body: the content as it is, its padding (at most an eighth), and the tag.
    public static let bodyBytes = contentBytes + contentBytes / 8 + 1024
    /// A run must end signed after so many segments or bytes.
    public static let unsignedSegments = 256
    public static let unsignedBytes = 1 << 20
}
