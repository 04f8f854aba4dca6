/// A device that asked to be let in: its keys, until the answer is here. They are new, and nobody's yet.
///
/// Kept in a private file, so that the same keys go on asking whatever happened in between.
public struct PendingJoin: Sendable {
    static let version: UInt8 = 1

    /// Nil where the request travels as a file.
    public let code: InviteCode?
    public let offer: JoinOffer?
    public let request: JoinRequest
    /// The request as it is posted: the same bytes each time.
    let box: [UInt8]
    let signing: SigningKey
    let kem: KEMKey

    /// Makes keys for a device that asks by a code.
    public init(_ code: InviteCode, _ offer: JoinOffer, device name: String, _ surroundings: Surroundings) throws {
        try self.init(code, offer, name, surroundings) { request in
            try request.sealed(for: code, to: offer.inviter, nonce: surroundings.random(Sealing.nonceLength))
        }
    }

    /// Makes keys for a device that asks by a file.
    public init(device name: String, _ surroundings: Surroundings) throws {
        try self.init(nil, nil, name, surroundings) { _ in [] }
    }

    private init(
        _ code: InviteCode?, _ offer: JoinOffer?, _ name: String, _ surroundings: Surroundings,
        box: (JoinRequest) throws -> [UInt8]
    ) throws {
        signing = try SigningKey(seed: .random(surroundings))
        kem = try KEMKey(seed: .random(surroundings))
        request = try JoinRequest(name: name, signing: signing, kem: kem, answerSecret: surroundings.random(16))
        (self.code, self.offer, self.box) = (code, offer, try box(request))
    }

    /// What the two people compare.
    public func words() throws -> [String] {
        guard let code, let offer else { return try JoinWords.request(joiner: request.keys) }
        return try JoinWords.asked(code, inviter: offer.inviter, joiner: request.keys)
    }

    // MARK: The answer

    /// Throws `integrity` unless the box answers this request, by the device that was asked.
    public func open(_ box: [UInt8]) throws -> JoinAnswer {
        guard let offer, let answer = try? JoinAnswer(opening: box, to: request, key: kem, signedBy: offer.inviter.signing) else {
            throw SyncError(
                .integrity, "What the relay has for this device is no answer of the person who was asked.", safe: "Nothing was changed.",
                next: "Tell them, and ask for another code.")
        }
        return answer
    }

    /// Nil when the file is not for this request.
    public func open(file: [UInt8]) -> AnswerFile? { try? AnswerFile(opening: file, to: request, key: kem) }

    // MARK: On the disk

    /// Where those of a folder are kept: the one that holds stores, or that of the store to be.
    public static func folder(in folder: String) -> String { folder + "/.joining" }

    private var name: String { code.map { "code-" + $0.mailbox } ?? "file-" + request.device.hex }

    /// - Throws: `failure` when it cannot be written: then nobody was asked.
    public func write(in folder: String) throws {
        var writer = ByteWriter(capacity: 8192)
        writer.u8(Self.version)
        writer.text(code?.text ?? "")
        writer.counted(offer?.bytes ?? [])
        writer.counted(request.bytes)
        writer.counted(box)
        writer.raw(signing.seed.bytes)
        writer.raw(kem.seed.bytes)
        writer.raw(Digest.plain(writer.bytes))
        let folder = Self.folder(in: folder)
        try FileSystem.createPrivateFolder(folder)
        try FileSystem.writeDurably(writer.bytes, to: folder + "/" + name)
    }

    private init(path: String) throws {
        let bytes = try FileSystem.read(path)
        guard bytes.count > 32, Digest.plain(bytes.dropLast(32)) == Hash32(bytes.suffix(32)) else { throw DecodingFailure.invalid("checksum") }
        var reader = ByteReader(bytes.dropLast(32))
        guard try reader.u8() == Self.version else { throw DecodingFailure.invalid("version") }
        let code = try reader.text(limit: 4096)
        self.code = code.isEmpty ? nil : try InviteCode(text: code)
        let offer = Array(try reader.counted(limit: 4096))
        self.offer = offer.isEmpty ? nil : try JoinOffer(offer)
        request = try JoinRequest(Array(try reader.counted(limit: 4096)))
        box = Array(try reader.counted(limit: 8192))
        signing = try SigningKey(seed: try reader.secret())
        kem = try KEMKey(seed: try reader.secret())
        try reader.end()
        guard signing.publicKey == request.keys.signing, kem.publicKey == request.keys.kem else { throw DecodingFailure.invalid("keys") }
    }

    /// Those that wait; what cannot be read is passed over.
    public static func all(in folder: String) -> [PendingJoin] {
        names(in: folder).compactMap { try? PendingJoin(path: Self.folder(in: folder) + "/" + $0) }
    }

    public static func find(_ code: InviteCode, in folder: String) -> PendingJoin? { all(in: folder).first { $0.code == code } }

    /// Overwrites its keys and takes its name away: when it is in a store, or was declined.
    public func destroy(in folder: String) throws {
        try FileSystem.destroy(Self.folder(in: folder) + "/" + name)
        FileSystem.syncFolder(of: Self.folder(in: folder) + "/" + name)
        _ = FileSystem.removeEmptyFolder(Self.folder(in: folder))
    }

    /// Destroys whatever waits in a folder, also what cannot be read. For a wipe.
    ///
    /// - Returns: How many there were.
    public static func destroyAll(in folder: String) throws -> Int {
        let own = Self.folder(in: folder)
        let names = names(in: folder)
        for name in names { try FileSystem.destroy(own + "/" + name) }
        FileSystem.syncFolder(of: own + "/.")
        _ = FileSystem.removeEmptyFolder(own)
        return names.count
    }

    private static func names(in folder: String) -> [String] { FileSystem.names(in: Self.folder(in: folder)).sorted(by: ByteOrder.precedes) }
}
