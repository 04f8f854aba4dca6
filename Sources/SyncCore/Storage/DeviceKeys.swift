/// What makes this folder this device: its secret keys, the keys of the epochs it was given, and the mark of its incarnation.
///
/// Kept in one private file apart from the log, so that destroying it closes everything else.
public struct DeviceKeys: Sendable {
    static let version: UInt8 = 2
    /// Not sealed under a passphrase.
    static let plainSlot: UInt8 = 0

    public var team: Hash32
    public var signingSeed: Secret
    public var kemSeed: Secret
    public var authorSalt: [UInt8]
    public var epochs: [(id: EpochID, key: Secret)]
    public var controlToken: Secret
    /// Of the relay keys that were granted to this device, each with its epoch: coordinators only.
    public var relaySeeds: [RelaySeed]
    public var incarnation: Incarnation

    public init(
        team: Hash32, signingSeed: Secret, kemSeed: Secret, authorSalt: [UInt8],
        epochs: [(id: EpochID, key: Secret)], controlToken: Secret, relaySeeds: [RelaySeed],
        incarnation: Incarnation
    ) {
        self.team = team
        self.signingSeed = signingSeed
        self.kemSeed = kemSeed
        self.authorSalt = authorSalt
        self.epochs = epochs
        self.controlToken = controlToken
        self.relaySeeds = relaySeeds
        self.incarnation = incarnation
    }

    public func epochKey(_ id: EpochID) -> Secret? { epochs.first { $0.id == id }?.key }

    /// The relay key with this public half, where its seed was granted to this device.
    func relayKey(_ publicKey: Hash32) -> SigningKey? {
        relaySeeds.lazy.compactMap { try? SigningKey(seed: $0.seed) }.first { $0.publicKey == publicKey }
    }

    public func write(to path: String) throws {
        var writer = ByteWriter(capacity: 512)
        writer.u8(Self.version)
        writer.u8(Self.plainSlot)
        writer.raw(team)
        for secret in [signingSeed, kemSeed, controlToken] { writer.raw(secret.bytes) }
        writer.raw(authorSalt)
        writer.count(epochs.count)
        for epoch in epochs {
            writer.raw(epoch.id)
            writer.raw(epoch.key.bytes)
        }
        writer.relaySeeds(relaySeeds)
        writer.counted(incarnation.bytes)
        writer.raw(Digest.plain(writer.bytes))
        try FileSystem.writeDurably(writer.bytes, to: path)
    }

    /// Throws `integrity` when one bit of the file differs from what was written.
    public init(path: String) throws {
        let bytes = try FileSystem.read(path)
        guard bytes.count > 32, Digest.plain(bytes.dropLast(32)) == Hash32(bytes.suffix(32)),
            let keys = try? DeviceKeys(Array(bytes.dropLast(32)))
        else {
            throw SyncError(
                .integrity, "The key file \(path) is damaged.", safe: "It was not changed.",
                next: "Put back a copy of it, or join the team again with a new invite.")
        }
        self = keys
    }

    private init(_ bytes: [UInt8]) throws(DecodingFailure) {
        var reader = ByteReader(bytes)
        guard try reader.u8() == Self.version, try reader.u8() == Self.plainSlot else { throw .invalid("version") }
        team = try reader.hash32()
        signingSeed = try reader.secret()
        kemSeed = try reader.secret()
        controlToken = try reader.secret()
        authorSalt = Array(try reader.raw(16))
        epochs = []
        for _ in 0..<(try reader.count(limit: reader.remaining / 48)) {
            epochs.append((try reader.identifier(), try reader.secret()))
        }
        relaySeeds = try reader.relaySeeds()
        incarnation = try Incarnation(try reader.counted(limit: 1024))
        try reader.end()
    }
}

/// Tells a store from its copy: written at init into the log, into the key file, and into a file that backups leave out.
public struct Incarnation: Hashable, Sendable {
    public var mark: [UInt8]
    public var machine: [UInt8]
    public var device: UInt64
    public var inode: UInt64
    /// 0 where the system does not name file systems.
    public var fileSystem: UInt64

    public init(mark: [UInt8], machine: [UInt8], device: UInt64, inode: UInt64, fileSystem: UInt64 = 0) {
        self.mark = mark
        self.machine = machine
        self.device = device
        self.inode = inode
        self.fileSystem = fileSystem
    }

    /// Of the log that lies at `path`, on this machine.
    init(mark: [UInt8], ofLogAt path: String) {
        let identity = FileSystem.identity(of: path) ?? (0, 0)
        self.init(
            mark: mark, machine: FileSystem.machineID, device: identity.device, inode: identity.inode,
            fileSystem: FileSystem.fileSystem(of: path))
    }

    /// Whether the log at `path` is the one that was marked, and no copy of it. A device's number may be another one after a restart, and
    /// the name of a file system is not known everywhere: either will do.
    func isOfLog(at path: String) -> Bool {
        let here = Incarnation(mark: mark, ofLogAt: path)
        let isSamePlace = here.device == device || (here.fileSystem == fileSystem && fileSystem != 0)
        return here.machine == machine && here.inode == inode && isSamePlace
    }

    public var bytes: [UInt8] {
        var writer = ByteWriter(capacity: 80)
        writer.raw(mark)
        writer.counted(machine)
        writer.varint(device)
        writer.varint(inode)
        writer.varint(fileSystem)
        return writer.bytes
    }

    public init(_ bytes: some Collection<UInt8>) throws(DecodingFailure) {
        var reader = ByteReader(Array(bytes))
        mark = Array(try reader.raw(16))
        machine = Array(try reader.counted(limit: 256))
        device = try reader.varint()
        inode = try reader.varint()
        fileSystem = try reader.varint()
        try reader.end()
    }
}
