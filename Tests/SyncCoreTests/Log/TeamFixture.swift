@testable import SyncCore

/// A founder and what people do to a team, each act signed as it should be unless a test asks for something else.
struct TeamFixture {
    struct Person {
        var signing: SigningKey
        var enrolment: Enrolment
        var id: DeviceID { enrolment.device }
    }

    private(set) var random: Seeded
    let founder: Person
    let genesis: ControlRecord
    var team: Hash32 { genesis.team }

    init(seed: UInt64 = 20) throws {
        var random = Seeded(seed)
        founder = try Self.person("Ana", .coordinator, &random)
        let payload = Genesis(
            salt: random.bytes(16), teamName: "Rally Watch", controlToken: random.secret(), founder: founder.enrolment,
            envelope: random.bytes(1168))
        genesis = try ControlRecord(
            .genesis, parents: [], signer: founder.id, key: founder.signing, team: nil, wall: 1, payload: payload.payload)
        self.random = random
    }

    private static func person(_ name: String, _ role: Role, _ random: inout Seeded) throws -> Person {
        let signing = try SigningKey(seed: random.secret())
        return Person(
            signing: signing,
            enrolment: try Enrolment(name: name, role: role, signing: signing, kem: try KEMKey(seed: random.secret())))
    }

    mutating func person(_ name: String, _ role: Role = .volunteer) throws -> Person {
        try Self.person(name, role, &random)
    }

    mutating func inviteKey() throws -> SigningKey { try SigningKey(seed: random.secret()) }

    func record(
        _ kind: ControlRecord.Kind, by person: Person, after parents: [ControlRecord], key: SigningKey? = nil, _ payload: [UInt8]
    ) throws -> ControlRecord {
        try ControlRecord(
            kind, parents: parents.map(\.name), signer: person.id, key: key ?? person.signing, team: team, wall: 2,
            payload: payload)
    }

    func invite(
        _ key: SigningKey, role: Role = .volunteer, by person: Person? = nil, after parents: [ControlRecord]? = nil
    ) throws -> ControlRecord {
        let invite = Invite(
            key: key.publicKey, role: role, uses: 1, expires: 0, epoch: EpochID(prefixOf: team))
        return try record(.invite, by: person ?? founder, after: parents ?? [genesis], invite.payload)
    }

    func join(
        _ person: Person, _ invite: ControlRecord, _ key: SigningKey, after parents: [ControlRecord]? = nil,
        signedBy other: SigningKey? = nil
    ) throws -> ControlRecord {
        let join = try Join(invite: invite.name, device: person.enrolment, inviteKey: key, team: team)
        return try record(.join, by: person, after: parents ?? [invite], key: other, join.payload)
    }

    func close(
        _ invite: ControlRecord, accepting join: ControlRecord?, by person: Person? = nil, after parents: [ControlRecord]
    ) throws -> ControlRecord {
        try record(
            .close, by: person ?? founder, after: parents, Close(invite: invite.name, accepted: join?.name).payload)
    }

    func state(_ records: [ControlRecord]) -> TeamState? { TeamState(team: team, records: records) }
}

/// Every order of a list.
func permutations<T>(_ list: [T]) -> [[T]] {
    guard list.count > 1 else { return [list] }
    return list.indices.flatMap { index in
        var rest = list
        let first = rest.remove(at: index)
        return permutations(rest).map { [first] + $0 }
    }
}
