import ArgumentParser
import SyncCore
import SyncServer

/// Which relay's things are meant.
struct ServePlace: ParsableArguments {
    @Option(help: ArgumentHelp("Where it keeps what it is given.", valueName: "dir"))
    var data: String?

    @Option(
        help: ArgumentHelp(
            "Keep it in PostgreSQL instead, together with other relays.",
            discussion: "Set SYNC_POSTGRES instead where others of this machine could read a password in its list of processes.",
            valueName: "url"))
    var postgres: String?

    @Option(help: ArgumentHelp("A file of JSON with settings of the relay; SYNC_SERVE_CONFIG names it too.", valueName: "file"))
    var config: String?

    var given: GivenSettings { [.data: data, .postgres: postgres] }

    /// Where each setting is looked for.
    ///
    /// - Parameter more: What options say beside these.
    func sources(_ context: Context, with more: GivenSettings = [:]) async throws -> SettingSources {
        for (variable, nearest) in ServeSetting.unknownVariables(in: context.environment) {
            let hint = nearest.map { " The nearest one is \($0)." } ?? ""
            context.output.note("\(variable) is no setting of a relay, and was not looked at.\(hint)")
        }
        let file = config ?? context.environment[ServeSetting.fileVariable]
        return try await SettingSources(
            options: given.merging(more) { here, _ in here }, environment: context.environment,
            file: file.map(StoreFinder.absolute))
    }

    /// For what is done beside a relay.
    func relayOperator(_ context: Context) async throws -> RelayOperator {
        let sources = try await sources(context)
        return RelayOperator(storage: sources.storage, dataFolder: try sources.folder(context))
    }
}

extension SettingSources {
    func folder(_ context: Context) throws -> String {
        guard let folder = find(.data)?.path ?? context.environment.dataFolder.map({ $0 + "-relay" }) else {
            throw SyncError(
                .usage, "Neither HOME nor XDG_DATA_HOME is set.", safe: Failure.unchanged, next: "Name a folder with --data.")
        }
        return folder
    }

    var storage: RelayStorage { find(.postgres).map { .postgreSQL(url: $0.text) } ?? .dataFolder }
}
