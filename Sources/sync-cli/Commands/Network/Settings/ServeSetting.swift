/// What can be said of a relay, under one name everywhere: `--team-size`, `SYNC_SERVE_TEAM_SIZE`, and `team-size` in a file.
enum ServeSetting: String, CaseIterable, Sendable {
    case listen, data, postgres, open, operations
    case certificate, key
    case selfSigned = "self-signed"
    case plainHTTP = "plain-http"
    case teamSize = "team-size"
    case teams
    case requestsPerMinute = "requests-per-minute"
    case watchers, connections

    var option: String { "--" + rawValue }

    static let variables = "SYNC_SERVE_"
    var variable: String { Self.variables + rawValue.uppercased().replacing("-", with: "_") }

    /// Asked where `variable` is not set.
    var olderVariable: String? { self == .postgres ? "SYNC_POSTGRES" : nil }

    /// Whether its value is shown to nobody.
    var isSecret: Bool { self == .postgres }
}

/// What the options of a command say; nil where they say nothing.
typealias GivenSettings = [ServeSetting: String?]
