import Foundation
import SyncServer
import Testing

@testable import SyncCore

/// Devices in temporary folders, and a relay on this machine that can be stopped, wiped and started again.
final class RelayTeam {
    let folder = NSTemporaryDirectory() + "sync-exchange-" + UUID().uuidString
    private(set) var replicas: [Replica] = []

    var relayFolder: String { folder + "/relay" }

    init() throws {
        try FileSystem.createPrivateFolder(folder)
        replicas.append(try Replica.found(at: folder + "/0", team: "Solidarity", device: "device 0"))
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    /// Runs a relay on this team's data while `body` does something with it. One with a certificate of its own is called by its pin.
    func withRelay(_ security: RelaySecurity = .plainOnLoopback, _ body: (_ url: String) async throws -> Void) async throws {
        let relay = RelayServer(.init(port: 0, security: security, dataFolder: relayFolder))
        let (ports, listening) = AsyncStream.makeStream(of: Int.self)
        let task = Task {
            defer { listening.finish() }
            try await relay.run(handlingSignals: false) { listening.yield($0) }
        }
        let port = try #require(await ports.first { _ in true })
        do {
            let pin = try relay.certificatePin()
            try await body(pin.map { "https://127.0.0.1:\(port)#\($0.text)" } ?? "http://127.0.0.1:\(port)")
        } catch {
            task.cancel()
            _ = try? await task.value
            throw error
        }
        task.cancel()
        try await task.value
    }

    func wipeRelay() throws { try FileManager.default.removeItem(atPath: relayFolder) }

    /// One more device, through a pre-approved invite.
    func join(_ url: String) async throws {
        let founder = replicas[0]
        try point(founder, at: url)
        let invite = try await exchange(founder).invite(role: .volunteer, expires: 0, hours: 24)
        let code = try InviteCode(text: invite.code.text)
        let plan = try await Exchange.planJoin(code)
        let number = replicas.count
        let joined = try Replica.join(at: folder + "/\(number)", plan, device: "device \(number)")
        replicas.append(joined)
        try point(joined, at: url)
        _ = try await exchange(joined).pull()
        _ = try await exchange(founder).pull()
    }

    /// The relay has another port each time it starts.
    func point(_ replica: Replica, at url: String) throws {
        guard var remote = try replica.remote("relay") else { return try replica.addRemote(name: "relay", url: url) }
        remote.url = url
        let moved = remote
        try replica.locked { try replica.log.write { try $0.set(moved) } }
    }

    func exchange(_ replica: Replica) throws -> Exchange {
        try Exchange(replica, remote: try #require(try replica.remote("relay")))
    }

    func pointAll(at url: String) throws { for replica in replicas { try point(replica, at: url) } }

    func everybodyExchanges() async throws {
        for _ in 0..<2 {
            for replica in replicas {
                _ = try await exchange(replica).pull()
                _ = try await exchange(replica).push()
            }
        }
    }
}

extension Replica {
    func export() throws -> [UInt8] {
        try read { session in
            var writer = NDJSONWriter()
            var out: [UInt8] = []
            for kind in RecordKind.allCases { try session.forEach(kind) { out += writer.append($0) } }
            return out + writer.finish()
        }
    }

    func addEvent(_ title: String) throws -> RecordID {
        try commit { draft in
            let id = draft.create(.event)
            try draft.assign(id, Field.title, .text(title))
            return id
        }.result
    }
}
