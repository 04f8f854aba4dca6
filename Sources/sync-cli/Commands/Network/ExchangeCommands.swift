import ArgumentParser
import SyncCore

struct PushCommand: Command {
    static let configuration = CommandConfiguration(
        commandName: "push", abstract: "Send what the relay does not have. Needs the network.")

    @OptionGroup var exchange: ExchangeOptions
    @OptionGroup(title: "Global options") var global: GlobalOptions

    func run(_ context: Context) async throws {
        try await ExchangeRunner(context, exchange).run(pull: false, push: true)
    }
}

struct PullCommand: Command {
    static let configuration = CommandConfiguration(
        commandName: "pull", abstract: "Take in what others sent. Needs the network.")

    @OptionGroup var exchange: ExchangeOptions
    @OptionGroup(title: "Global options") var global: GlobalOptions

    func run(_ context: Context) async throws {
        try await ExchangeRunner(context, exchange).run(pull: true, push: false)
    }
}

struct NowCommand: Command {
    static let configuration = CommandConfiguration(
        commandName: "now", abstract: "Pull, then push. Needs the network.")

    @OptionGroup var exchange: ExchangeOptions
    @OptionGroup(title: "Global options") var global: GlobalOptions

    func run(_ context: Context) async throws {
        try await ExchangeRunner(context, exchange).run(pull: true, push: true)
    }
}
