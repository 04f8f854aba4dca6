/// The hash chain of one log: each value commits to every header before it, so that one signature proves the whole run.
public enum Chain {
    /// What stands before the open.
    public static let beginning = Hash32.zero

    /// `c_0`. `teamSalt` is all that a relay knows of the team.
    public static func open(_ header: SegmentHeader, teamSalt: Hash32) -> Hash32 {
        Digest.hash("sync/v1/log", teamSalt.bytes, header.bytes)
    }

    /// `c_k` from `c_(k−1)`.
    public static func next(after previous: Hash32, _ header: SegmentHeader) -> Hash32 {
        Digest.hash("sync/v1/chain", previous.bytes, header.bytes)
    }

    /// The value at `header`, whichever form it has.
    public static func value(at header: SegmentHeader, after previous: Hash32, teamSalt: Hash32) -> Hash32 {
        header.index == 0 ? open(header, teamSalt: teamSalt) : next(after: previous, header)
    }

    public static func sign(_ value: Hash32, with key: SigningKey) throws -> [UInt8] {
        try key.sign("sync/v1/sign", value.bytes)
    }

    /// Whether the log's own key signed the run that ends in `value`.
    public static func isSigned(_ value: Hash32, _ signature: [UInt8], by publicKey: Hash32) -> Bool {
        Signature.isValid(signature, by: publicKey, "sync/v1/sign", value.bytes)
    }

    /// What a relay is told in place of the TeamID.
    public static func teamSalt(of team: Hash32) -> Hash32 { Digest.hash("sync/v1/salt", team.bytes) }
}
