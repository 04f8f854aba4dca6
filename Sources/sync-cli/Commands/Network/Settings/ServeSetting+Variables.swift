extension ServeSetting {
    /// Names the file with the other settings.
    static let fileVariable = variables + "CONFIG"

    /// Variables that look like settings and are none, with the nearest that is one. They are said, not refused: what starts containers
    /// may set some of its own, such as SYNC_SERVE_PORT beside a service of the name sync-serve.
    static func unknownVariables(in environment: Environment) -> [(name: String, nearest: String?)] {
        let known = allCases.map(\.variable) + [fileVariable]
        return environment.names(beginningWith: variables).filter { !known.contains($0) }
            .map { name in (name, Spelling.nearest(to: name, among: known)) }
    }
}
