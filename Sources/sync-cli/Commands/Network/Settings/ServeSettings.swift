import SyncCore
import SyncServer

/// All that a relay is started with, after its options, its environment and its file.
struct ServeSettings {
    let listen: HostPort
    let folder: String
    let storage: RelayStorage
    let security: ServeSecurity
    let isOpen: Bool
    let limits: RelayServer.Limits
    let operations: HostPort?
    /// What is not the default, or was said to be it, in the order in which a person reads it.
    let found: [FoundSetting]

    /// - Throws: `usage` for the first setting that cannot be understood, and for those that contradict each other.
    init(_ sources: SettingSources, _ context: Context) throws {
        let address = "HOST:PORT, such as 127.0.0.1:7373"
        listen = try sources.find(.listen)?.read(address, HostPort.init) ?? .standard
        operations = try sources.find(.operations)?.read(
            "an address that only this machine reaches, such as 127.0.0.1:7374",
            why: "Whoever reaches it is told how many teams there are, and how busy they are."
        ) { text in HostPort(text).flatMap { Loopback.isLoopback($0.host) ? $0 : nil } }
        folder = try sources.folder(context)
        storage = sources.storage
        let security = try ServeSecurity(sources)
        self.security = security
        isOpen = try sources.find(.open)?.flag() ?? false
        limits = try RelayServer.Limits(sources)
        found = ServeSetting.allCases.compactMap(sources.find).filter { found in
            !ServeSecurity.ways.contains(found.setting) || security.settings.contains { $0.setting == found.setting }
        }
    }

    /// The same with a folder's or a database's own name, without a password.
    var kept: String { get throws { try storage.place ?? folder } }
}
