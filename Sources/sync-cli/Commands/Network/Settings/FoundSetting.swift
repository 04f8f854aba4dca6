import SyncCore

/// A setting and where it was found.
struct FoundSetting: Sendable {
    /// The nearest first: what it says goes before what the others say.
    enum Origin: Hashable, Sendable {
        case option
        case environment(variable: String)
        case file(path: String)

        var distance: Int {
            switch self {
            case .option: 0
            case .environment: 1
            case .file: 2
            }
        }
    }

    let setting: ServeSetting
    let text: String
    let origin: Origin

    /// As whoever wrote it finds it again.
    var written: String {
        switch origin {
        case .option: setting.option
        case .environment(let variable): variable
        case .file(let path): "\(setting.rawValue) in \(path)"
        }
    }

    /// What it says. The text itself is not repeated to anybody: it may be a secret in the wrong place.
    ///
    /// - Parameter takes: What it may be.
    /// - Throws: `usage` where `reading` makes nothing of it.
    func read<Value>(_ takes: String, why: String? = nil, _ reading: (String) -> Value?) throws -> Value {
        guard let value = reading(text) else { throw Self.refused("\(written) takes \(takes).", next: why) }
        return value
    }

    func flag() throws -> Bool {
        try read("true or false") { text in
            switch text.lowercased() {
            case "true", "yes", "1": true
            case "false", "no", "0": false
            default: nil
            }
        }
    }

    func number(from least: Int64) throws -> Int64 {
        try read("a whole number from \(least) on") { text in Int64(text).flatMap { $0 >= least ? $0 : nil } }
    }

    /// Of a file or a folder. In a file it is relative to where that file is.
    var path: String {
        guard case .file(let path) = origin, !text.hasPrefix("/"), let end = path.lastIndex(of: "/") else {
            return StoreFinder.absolute(text)
        }
        return path[...end] + text
    }

    /// What a person may see of it; nil for a secret.
    var shown: String? {
        switch setting {
        case _ where setting.isSecret: nil
        case .data, .certificate, .key: path
        default: text
        }
    }

    /// A setting that cannot be.
    static func refused(_ what: String, next: String? = nil) -> SyncError {
        SyncError(.usage, what, safe: "Nothing was started, and nothing was changed.", next: next)
    }
}
