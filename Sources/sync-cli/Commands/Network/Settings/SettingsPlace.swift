import SyncCore

/// What is wrong with a file of settings, and where in it.
struct SettingsPlace {
    let path: String
    let bytes: [UInt8]

    func unknown(_ member: JSONMember) -> SyncError {
        let names = ServeSetting.allCases.map(\.rawValue)
        let nearest = Spelling.nearest(to: member.name, among: names).map { " The nearest one is '\($0)'." } ?? ""
        return FoundSetting.refused(
            "\(path), line \(line(member.column)): '\(Spelling.shortened(member.name))' is no setting of a relay.\(nearest)",
            next: "Settings are called as the options of  sync serve --help  are, without the dashes.")
    }

    func noText(_ member: JSONMember) -> SyncError {
        FoundSetting.refused("\(path), line \(line(member.column)): '\(member.name)' takes a text, a number, true or false.")
    }

    func noJSON(_ failure: JSONFailure) -> SyncError {
        FoundSetting.refused("\(path), line \(line(failure.column)), is no JSON: \(failure.message).", next: Self.example)
    }

    var noObject: SyncError { FoundSetting.refused("\(path) holds no settings.", next: Self.example) }

    private static let example = #"It looks like this:  { "listen": "0.0.0.0:7373", "self-signed": true }"#

    /// - Parameter column: A byte, the first being 1.
    private func line(_ column: Int) -> Int { bytes.prefix(max(0, column - 1)).count { $0 == UInt8(ascii: "\n") } + 1 }
}
