/// What makes this folder this device: its secret keys, the keys of the epochs it was given, and the mark of its incarnation.
///
/// Kept in one private file apart from the log, so that destroying it closes everything else: see `KeyFile`.
public struct DeviceKeys: Sendable {
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
