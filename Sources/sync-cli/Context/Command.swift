import ArgumentParser

/// A command with the options that all commands have. It gets its context, does its work, and returns; what it throws becomes a
/// message and an exit code in `Failure`.
protocol Command: AsyncParsableCommand {
    var global: GlobalOptions { get }
    func run(_ context: Context) async throws
}

extension Command {
    mutating func run() async throws {
        let context = try Context(global)
        defer {
            context.output.flush()
            context.settle()
        }
        try await run(context)
    }
}
