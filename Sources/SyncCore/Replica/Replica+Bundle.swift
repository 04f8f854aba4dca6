/// What was put into a bundle.
public struct BundleWritten: Hashable, Sendable {
    public var segments = 0
    public var bytes = 0
    /// Changes of this device that nothing may be sealed of at present, and that are not in it.
    public var unsealed = 0
}

extension Replica {
    /// Writes a bundle: the control log, and the segments that `recipient` was not seen to have; for nobody named, all of them.
    ///
    /// Does first what a push does: a coordinator's client makes a new key where one is needed, and the journal is sealed. Memory does not grow with what is written.
    ///
    /// - Parameter put: Is given the bytes in order.
    /// - Throws: `notJoined` on a device that was removed.
    public func writeBundle(for recipient: DeviceID? = nil, to put: @escaping ([UInt8]) throws -> Void) throws -> BundleWritten {
        try requireMember()
        _ = try rotateIfNeeded()
        let unsealed = try log.read { try $0.journalCount() }
        let maySeal = try hindrance(team()) == nil
        if maySeal { _ = try seal() }
        return try log.read { log in
            var writer = try BundleWriter(handle: relayHandle(log), to: put)
            for registration in try log.registrations() { try writer.add(.registration(registration.bytes)) }
            for sealed in try log.sealedControl() { try writer.add(.control(sealed)) }
            if maySeal { try writer.add(.heads(try sealedHeads(for: recipient, log))) }
            let known = try recipient.map { try heads(seenAt: $0, log) } ?? []
            var frame = BundleFrames(writer)
            try OfferPlan(self, known).forEachRun(log) { try frame.add($0) }
            try frame.finish()
            return BundleWritten(
                segments: frame.segments, bytes: frame.writer.length, unsealed: maySeal ? 0 : unsealed)
        }
    }

    private func sealedHeads(for recipient: DeviceID?, _ log: LogTransaction) throws -> [UInt8] {
        let heads = try log.heads().map { LogHead(tag: $0.tag, index: $0.index, chain: $0.chain) }
        return try SenderHeads(
            device: device, authorSalt: keys.authorSalt, wall: surroundings.now(), recipient: recipient, heads: heads,
            team: keys.team, key: signing
        ).sealed(epochKey: sealingEpoch(team(log)).key, team: keys.team, nonce: surroundings.random(Sealing.nonceLength))
    }

    /// What relays call the team.
    func relayHandle(_ log: LogTransaction) throws -> String { try log.registrations().first?.handle ?? "" }

    /// Keeps what the sender of a bundle says of itself. Of a device that is not known here it says nothing.
    func note(_ sender: SenderHeads, _ team: TeamState, _ log: LogTransaction) throws {
        guard let enrolment = team.enrolment(of: sender.device) else { return }
        guard sender.isSigned(by: enrolment.signingKey, team: keys.team) else {
            throw SyncError.damaged("What came says of its sender what nobody signed.")
        }
        let author = LogOpen.author(team: keys.team, deviceKey: enrolment.signingKey, salt: sender.authorSalt)
        let number = try log.addAuthor(author, device: sender.device, salt: sender.authorSalt)
        for head in sender.heads {
            let told = SegmentContent.Head(tagPrefix: head.tag.high, index: head.index, chainPrefix: head.chain.first)
            try note(told, by: number, of: sender.device, log)
        }
    }
}

/// Ends a frame wherever what is in it should not wait any longer in somebody's memory.
private struct BundleFrames {
    private(set) var writer: BundleWriter
    private(set) var segments = 0
    private var open = (segments: 0, bytes: 0)

    init(_ writer: BundleWriter) { self.writer = writer }

    mutating func add(_ run: [[UInt8]]) throws {
        for segment in run {
            try writer.add(.segment(segment))
            open = (open.segments + 1, open.bytes + segment.count)
        }
        segments += run.count
        if open.segments >= Limits.frameSegments || open.bytes >= Limits.frameBytes { try end() }
    }

    mutating func finish() throws {
        try end()
        try writer.finish()
    }

    private mutating func end() throws {
        guard open.segments > 0 else { return }
        try writer.add(.frameEnd)
        open = (0, 0)
    }
}
