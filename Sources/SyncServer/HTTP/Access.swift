import HTTPTypes
import Hummingbird
import SyncCore

/// Lets a request in: which team it names, and whether its token is one of that team's newest registration.
struct Access: Sendable {
    enum Token: Sendable {
        case read, write, control

        func hash(in registration: Registration) -> Hash32 {
            switch self {
            case .read: registration.readTokenHash
            case .write: registration.writeTokenHash
            case .control: registration.controlTokenHash
            }
        }
    }

    let store: any RelayStore

    /// An unknown team and a wrong token throw the same, after the same work: one look-up, one hash, as many comparisons.
    func team(_ request: Request, _ context: RelayContext, any tokens: Token...) async throws -> RelayTeam {
        let team = try await store.team(handle(context))
        let presented = Digest.plain(Self.bearer(request).flatMap(Hex.decode) ?? [])
        var isRight = false
        for token in tokens where Self.areSame(presented, team.map { token.hash(in: $0.registration) } ?? .zero) { isRight = true }
        guard let team, isRight else { throw Problem.unknownTeam }
        return team
    }

    func handle(_ context: RelayContext) throws -> TeamHandle {
        guard let text = context.parameters.get("team"), let handle = TeamHandle(hex: text) else {
            throw Problem.unknownTeam
        }
        return handle
    }

    static func bearer(_ request: Request) -> String? {
        guard let header = request.headers[.authorization] else { return nil }
        let parts = header.split(separator: " ", maxSplits: 1)
        guard parts.count == 2, parts[0].lowercased() == "bearer" else { return nil }
        return String(parts[1])
    }

    /// In a time that does not depend on where they differ.
    static func areSame(_ a: Hash32, _ b: Hash32) -> Bool {
        (a.first ^ b.first) | (a.second ^ b.second) | (a.third ^ b.third) | (a.fourth ^ b.fourth) == 0
    }
}

/// Which teams may begin on a relay.
public enum Admission: Hashable, Sendable {
    /// Any.
    case open
    /// Those that show this token of the operator's, as a bearer token.
    case token(String)
    /// Any, when the relay listens on loopback; none otherwise.
    case loopbackOnly

    /// A token that is not the operator's own may be one that the store knows.
    func admittance(_ request: Request, listeningOn host: String) -> Admittance {
        let shown = Access.bearer(request).map { Digest.plain($0.utf8) }
        switch self {
        case .open: return .anybody
        case .token(let token) where !token.isEmpty && shown.map { Access.areSame($0, Digest.plain(token.utf8)) } ?? false: return .anybody
        case .loopbackOnly where Loopback.isLoopback(host): return .anybody
        case .token, .loopbackOnly: return shown.map { .token($0) } ?? .nobody
        }
    }
}
