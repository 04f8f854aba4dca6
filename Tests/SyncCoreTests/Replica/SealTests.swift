import Testing

@testable import SyncCore

@Suite struct SealTests {
    private let team: TestTeam

    init() throws { team = try TestTeam(devices: 1) }

    @Test func `many small changes are sealed in segments that are quick to open`() throws {
        let replica = team.replicas[0]
        for number in 0..<600 { _ = try replica.commit { try $0.assign($0.create(.event), Field.title, .text("Rally \(number)")) } }
        #expect(try replica.seal() == 600)
        let sealed = try counts(replica)
        #expect(sealed == [256, 256, 88])
    }

    /// How many changes each segment that was sealed holds.
    private func counts(_ replica: Replica) throws -> [Int] {
        try replica.log.read { log in
            let changes = try log.changes(after: 0, limit: .max).compactMap { $0.carrier?.segment }
            return Dictionary(changes.map { ($0, 1) }, uniquingKeysWith: +).sorted { $0.key < $1.key }.map(\.value)
        }
    }
}
