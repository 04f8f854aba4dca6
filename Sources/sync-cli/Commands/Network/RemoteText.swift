import SyncCore

/// How a remote's address is shown.
enum RemoteText {
    /// With the beginning of the fingerprint: enough to see that there is one, and to tell two apart.
    static func line(_ address: String) -> String {
        guard let known = try? RelayAddress(address) else { return address }
        return known.pin.map { "\(known.url) (key \($0.short)…)" } ?? known.url
    }

    static func fields(_ address: String) -> [(String, JSON)] {
        let known = try? RelayAddress(address)
        return [("url", .string(known?.url ?? address)), ("fingerprint", JSON(known?.pin?.text))]
    }
}
