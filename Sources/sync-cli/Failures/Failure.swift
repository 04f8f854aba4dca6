import ArgumentParser
import SyncCore

/// Turns whatever a command threw into words and an exit code.
enum Failure {
    static let usage: Int32 = 2

    /// Prints what happened, what is safe and what to do next; returns the exit code.
    static func report(_ error: any Error, arguments: [String]) -> Int32 {
        let output = Output(globalOptions(in: arguments), Environment())
        defer { output.flush() }
        if let error = error as? SyncError { return report(error, output) }
        if let error = error as? WhenParseError { return report(SyncError(.usage, error.message, safe: unchanged), output) }
        let code = Sync.exitCode(for: error)
        if code.isSuccess {
            output.raw(Array((Sync.fullMessage(for: error) + "\n").utf8))
            return 0
        }
        if error is ExitCode { return code.rawValue }
        if code == .validationFailure { return report(usageError(error), output) }
        return report(SyncError(.failure, "Something unexpected happened: \(error)."), output)
    }

    static let unchanged = "Nothing was changed."

    private static func report(_ error: SyncError, _ output: Output) -> Int32 {
        if output.mode == .json {
            output.tellJSON(
                JSON.line(
                    "error",
                    [
                        ("kind", .string(error.kind.rawValue)), ("exit", .integer(Int64(error.kind.exitCode))),
                        ("message", .string(error.what)), ("safe", JSON(error.safe)), ("next", JSON(error.next)),
                    ]))
        } else {
            tell(error, output)
        }
        return error.kind.exitCode
    }

    private static func tell(_ error: SyncError, _ output: Output) {
        let what = error.what.split(separator: "\n", omittingEmptySubsequences: true)
        for (number, part) in what.enumerated() {
            output.tell(number == 0 ? "\("sync:", .strong) \(String(part))" : Line(String(part)))
        }
        for part in [error.safe, error.next].compactMap(\.self) { output.tell(Line(" " + part)) }
    }

    /// The parser's own messages, with its hint where the help is.
    private static func usageError(_ error: any Error) -> SyncError {
        let full = Sync.fullMessage(for: error)
        let usage = full.split(separator: "\n").first { $0.hasPrefix("Usage: ") }.map { String($0.dropFirst(7)) }
        let command = usage.map { text in
            text.split(separator: " ").prefix { $0.first?.isLetter ?? false }.joined(separator: " ")
        }
        return SyncError(
            .usage, Sync.message(for: error), safe: unchanged, next: "See  \(command ?? "sync") --help.")
    }

    /// How the failed command was to print, as far as its words say: they may be what failed.
    private static func globalOptions(in arguments: [String]) -> GlobalOptions {
        let known = ["--json", "--plain", "--color=never", "--color=always"]
        let words = arguments.prefix { $0 != "--" }.filter { known.contains($0) }
        return (try? GlobalOptions.parse(words)) ?? GlobalOptions.parseOrExit([])
    }
}
