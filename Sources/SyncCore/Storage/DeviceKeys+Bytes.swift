extension DeviceKeys {
    /// Of these bytes; the file around them has a version of its own.
    private static let version: UInt8 = 1

    var bytes: [UInt8] {
        var writer = ByteWriter(capacity: 512)
        writer.u8(Self.version)
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
        return writer.bytes
    }

    init(_ bytes: [UInt8]) throws(DecodingFailure) {
        var reader = ByteReader(bytes)
        guard try reader.u8() == Self.version else { throw .invalid("version") }
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
