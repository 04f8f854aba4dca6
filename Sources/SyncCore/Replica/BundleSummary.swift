/// What a bundle holds, as far as this device can tell. Reading it changes nothing.
public struct BundleSummary: Sendable {
    public var bytes = 0
    public var segments = 0
    public var logs: Set<LogTag> = []
    public var controlRecords = 0
    /// What relays call the team: all that the file says openly of whose it is.
    public var handle = ""
    /// What only a device of the team can tell.
    public var forMembers: ForMembers?

    public struct ForMembers: Sendable {
        public var teamName: String
        /// Nil where this device has no key for it.
        public var sender: SenderHeads?
        /// What it is called here; nil for one that is not known.
        public var senderName: String?
        public var recipientName: String?
        /// Segments that are not here.
        public var newSegments = 0
    }

    init() {}

    /// - Throws: `integrity` for a file that is damaged, or no bundle.
    public init(of bundle: ByteSource) throws {
        self.init()
        var summary = self
        summary.bytes = try BundleReader.read(bundle) { handle, item in try summary.count(item, handle) }
        self = summary
    }

    mutating func count(_ item: BundleItem, _ handle: String) throws {
        self.handle = handle
        switch item {
        case .segment(let bytes):
            segments += 1
            logs.insert(try Segment(bytes).tag)
        case .control: controlRecords += 1
        case .registration, .heads, .frameEnd: break
        }
    }
}

extension Replica {
    /// The same, with what this device knows; without that for a bundle of another team.
    public func summary(of bundle: ByteSource) throws -> BundleSummary {
        try log.read { log in
            let handle = try relayHandle(log)
            let team = try team(log)
            var inside = BundleSummary.ForMembers(teamName: team.genesis.teamName)
            var summary = BundleSummary()
            summary.bytes = try BundleReader.read(bundle) { found, item in
                try summary.count(item, found)
                guard found == handle else { return }
                try look(at: item, &inside, team, log)
            }
            if summary.handle == handle { summary.forMembers = inside }
            return summary
        }
    }

    private func look(
        at item: BundleItem, _ inside: inout BundleSummary.ForMembers, _ team: TeamState, _ log: LogTransaction
    ) throws {
        switch item {
        case .segment(let bytes): if try !isHere(Segment(bytes).header, log) { inside.newSegments += 1 }
        case .heads(let sealed):
            let sender = try SenderHeads(
                opening: sealed, epochKeys: keys.epochs.reversed().map(\.key), team: keys.team)
            guard let sender, let enrolment = team.enrolment(of: sender.device) else { return }
            guard sender.isSigned(by: enrolment.signingKey, team: keys.team) else { throw DecodingFailure.invalid("signature") }
            inside.sender = sender
            inside.senderName = enrolment.name
            inside.recipientName = sender.recipient.flatMap { team.enrolment(of: $0)?.name }
        case .control, .registration, .frameEnd: break
        }
    }

    private func isHere(_ header: SegmentHeader, _ log: LogTransaction) throws -> Bool {
        let salt = Chain.teamSalt(of: keys.team)
        guard header.index > 0 else { return try log.segmentNumber(chain: Chain.open(header, teamSalt: salt)) != nil }
        guard let owner = try log.log(header.tag) else { return false }
        return try log.chains(of: owner.number, at: header.index - 1).contains { previous in
            try log.segmentNumber(chain: Chain.next(after: previous.chain, header)) != nil
        }
    }
}
