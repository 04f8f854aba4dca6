/// The words that two people compare before a device is let in. Names are left out: they may change, and prove nothing.
public enum JoinWords {
    static let askedCount = 4
    /// Of a file that travels by hand: nothing of the moment is in a request that was made before anybody was asked, so keys could be
    /// looked for beforehand, for years.
    static let fileCount = 6

    /// Four, 44 bits: of the code, and of the keys at both ends.
    public static func asked(_ code: InviteCode, inviter: PublicKeys, joiner: PublicKeys) throws -> [String] {
        try SpokenWords.of(
            Digest.hash("sync/v1/asked-words", code.secret, code.teamPrefix, inviter.bytes, joiner.bytes), count: askedCount)
    }

    /// Six, 66 bits: of a request in a file, which knows nobody else's keys.
    public static func request(joiner: PublicKeys) throws -> [String] {
        try SpokenWords.of(Digest.hash("sync/v1/request-words", joiner.bytes), count: fileCount)
    }

    /// Six: of the answer in a file, for whoever asked: that it is this team and this person who answers.
    public static func answer(team: Hash32, inviter: PublicKeys, joiner: PublicKeys) throws -> [String] {
        try SpokenWords.of(Digest.hash("sync/v1/answer-words", team.bytes, inviter.bytes, joiner.bytes), count: fileCount)
    }
}
