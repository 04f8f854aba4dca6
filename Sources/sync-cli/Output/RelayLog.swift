#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif
import ArgumentParser
import Logging
import SyncCore

/// What a relay says while it runs: one line an event on standard error, without contents and without names.
struct RelayLog: LogHandler {
    var metadata: Logger.Metadata = [:]
    var logLevel: Logger.Level

    init(isVerbose: Bool) { logLevel = isVerbose ? .debug : .notice }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        let all = metadata.merging(event.metadata ?? [:]) { _, new in new }
        let details = all.sorted { $0.key < $1.key }.map { " \($0.key)=\($0.value)" }.joined()
        let line = "\(Surroundings.system.now()) \(event.level) \(Printable.escaped("\(event.message)\(details)"))\n"
        let bytes = Array(line.utf8)
        _ = bytes.withUnsafeBytes { write(STDERR_FILENO, $0.baseAddress, $0.count) }
    }

    /// For the one line that says where it listens.
    static func output(isJSON: Bool) -> Output {
        let options = (try? GlobalOptions.parse(isJSON ? ["--json"] : [])) ?? GlobalOptions.parseOrExit([])
        return Output(options, Environment())
    }
}
