/// What bundles brought.
public struct BundleReceived: Sendable {
    public var received = ReceiveReport()
    /// Control records that were new.
    public var controlRecords = 0
}

extension Replica {
    /// Takes in bundles: all of all of them, or nothing. Bundles are only read.
    ///
    /// A file is read twice: first its hash is checked, so that one that was damaged on the way costs nothing, then everything in it is
    /// checked and stored in one transaction, which checks the hash again. A pipe is read once, in that transaction alone.
    ///
    /// - Throws: `integrity` for a bundle that is damaged or forged, `notJoined` for one of another team, and where this device learns that it was
    ///   removed, `failure` for one that goes
    ///   on after what is here, `refused` for one of a newer version.
    public func apply(_ bundles: [ByteSource]) throws -> BundleReceived {
        let handle = try log.read { try relayHandle($0) }
        return try apply(bundles, of: handle)
    }

    /// Fills a log that has nothing yet, not even the team: whose bundle it is shows by the founding record in it.
    func rebuildLog(from bundle: ByteSource) throws -> BundleReceived { try apply([bundle], of: nil) }

    private func apply(_ bundles: [ByteSource], of handle: String?) throws -> BundleReceived {
        for bundle in bundles where bundle.isRepeatable {
            try BundleReader.read(bundle) { found, _ in try Self.requireTeam(handle, found, bundle) }
        }
        let last = try handle == nil ? 0 : lastRecord()
        let first = try lastChange()
        var result = try locked {
            // See `receive`. The bundles cannot be read again once they were begun.
            do { if try isViewForeign() { dropView() } } catch is ViewStore.Damaged { dropView() }
            return try takingIn { log in
                var intake = BundleIntake(self, log, handle)
                for bundle in bundles { try intake.take(bundle) }
                return try intake.report()
            }
        }
        forgetTeam()
        try forgetRemovedRecoveryKeys()
        try requireMember()
        result.received.firstChange = first
        try applyReceived()
        try summarise(&result.received, newAfter: last)
        _ = try closeUsedInvites()
        _ = try rotateIfNeeded()
        return result
    }

    static func requireTeam(_ own: String?, _ found: String, _ bundle: ByteSource) throws {
        guard let own, own != found else { return }
        throw otherTeam(bundle)
    }

    static func otherTeam(_ bundle: ByteSource) -> SyncError {
        SyncError(
            .notJoined, "\(bundle.name) is of another team.", safe: "Nothing of it was applied.",
            next: "Name that team with --team or --store, or ask it for an invite.")
    }
}

/// Takes in what is in bundles, item by item, inside one transaction.
private struct BundleIntake {
    private let replica: Replica
    private let log: LogTransaction
    /// Nil where the log does not know its team yet.
    private let handle: String?
    private var found = ""
    private var segments: SegmentIntake?
    private var result = BundleReceived()
    private var registrations: [Registration] = []
    private var newControl = 0
    private var sender: [UInt8]?
    private var frame: (segments: [[UInt8]], bytes: Int) = ([], 0)
    private var isGap = false
    private var isOtherTeam = false

    init(_ replica: Replica, _ log: LogTransaction, _ handle: String?) {
        self.replica = replica
        self.log = log
        self.handle = handle
    }

    func report() throws -> BundleReceived {
        var result = result
        if let segments { result.received.add(try segments.report()) }
        return result
    }

    mutating func take(_ bundle: ByteSource) throws {
        do {
            try BundleReader.read(bundle) { found, item in
                try Replica.requireTeam(handle, found, bundle)
                self.found = found
                try take(item)
            }
            try endControl()
        } catch var error as SyncError where error.kind == .integrity {
            if isGap { throw Self.gap(bundle) }
            if isOtherTeam { throw Replica.otherTeam(bundle) }
            if !error.what.hasPrefix(bundle.name) { error.what = "\(bundle.name): " + error.what }
            throw error
        }
    }

    private static func gap(_ bundle: ByteSource) -> SyncError {
        SyncError(
            .failure, "\(bundle.name) goes on after what this device has: it was made for a device that has more.",
            safe: "Nothing of it was applied.", next: "Ask for one that was made for everybody, without --for.")
    }

    private mutating func take(_ item: BundleItem) throws {
        switch item {
        case .registration(let bytes): registrations.append(try Registration(bytes))
        case .control(let sealed): if try replica.add(received: sealed, log)?.isNew == true { newControl += 1 }
        case .heads(let sealed): sender = sealed
        case .segment(let bytes):
            try endControl()
            frame.segments.append(bytes)
            frame.bytes += bytes.count
            guard frame.bytes <= BundleWriter.frameBytes else { throw DecodingFailure.tooLarge }
        case .frameEnd:
            try endControl()
            let taken = frame.segments
            frame = ([], 0)
            var intake = try segments ?? SegmentIntake(replica, replica.team(log), log)
            segments = nil
            do {
                try intake.take(taken)
            } catch let error as SyncError where error == SegmentIntake.noPlace || error == SegmentIntake.noBeginning {
                isGap = try beginsPast(taken)
                throw error
            }
            segments = intake
        }
    }

    /// Whether what a frame holds of some log begins after what is here of it.
    private func beginsPast(_ frame: [[UInt8]]) throws -> Bool {
        var met: Set<LogTag> = []
        return try frame.contains { bytes in
            let segment = try Segment(bytes)
            guard met.insert(segment.tag).inserted, segment.index > 0 else { return false }
            guard let owner = try log.log(segment.tag) else { return true }
            return try log.chains(of: owner.number, at: segment.index - 1).isEmpty
        }
    }

    /// Everything before the first segment is here: who is in the team, and what the sender says of itself.
    private mutating func endControl() throws {
        if newControl > 0 {
            isOtherTeam = try handle == nil && TeamState(team: replica.keys.team, records: log.controlRecords()) == nil
            try replica.takeUpEpochs(log)
            try replica.judge(log)
            result.controlRecords += newControl
            newControl = 0
            // What earlier bundles brought is counted; the rest comes to the team as it is now.
            result = try report()
            segments = nil
        }
        if let first = registrations.first {
            guard Registration.isChain(registrations), first.handle == found else { throw DecodingFailure.invalid("registrations") }
            try replica.learn(registrations, log)
            registrations = []
        }
        if let sealed = sender {
            sender = nil
            let team = try replica.team(log)
            let opened = try SenderHeads(opening: sealed, epochKeys: replica.keys.epochs.reversed().map(\.key), team: replica.keys.team)
            if let opened { try replica.note(opened, team, log) }
        }
    }
}
