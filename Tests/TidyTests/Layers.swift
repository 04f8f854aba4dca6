import Foundation

/// The layer table of `DESIGN.md`, section 7: which folder may import what, and whose names it may use.
struct Layer: Sendable {
    var folder: String
    /// The folders whose types it may name, beside its own.
    var uses: Set<String>
    var imports: Set<String>

    static let foundation: Set = ["Foundation", "FoundationEssentials"]
    private static let platform: Set = ["Glibc", "Darwin", "Musl"]
    private static let nio: Set = ["NIOCore", "NIOPosix", "NIOHTTP1", "NIOFoundationCompat", "NIOSSL", "NIOTLS"]
    private static let server: Set = [
        "SyncCore", "Logging", "Synchronization", "Hummingbird", "HummingbirdCore", "HummingbirdTLS", "HTTPTypes", "ServiceLifecycle",
        "UnixSignals",
    ]
    private static let format = ["Base", "Codec", "Crypto", "Log"]
    private static let records = format + ["Merge", "Records", "Interchange"]

    private init(_ folder: String, uses: [String] = [], imports: Set<String> = []) {
        self.folder = "Sources/" + folder
        self.uses = Set(uses.map { "Sources/SyncCore/" + $0 })
        self.imports = imports
    }

    /// From the lowest up. A file belongs to the last one whose folder it is in.
    static let all = [
        Layer("SyncCore/Base", imports: foundation.union(platform)),
        Layer("SyncCore/Codec", uses: ["Base"], imports: foundation.union(["CZstd"])),
        Layer("SyncCore/Crypto", uses: ["Base", "Codec"], imports: foundation.union(["Crypto", "CryptoExtras"])),
        Layer("SyncCore/Log", uses: ["Base", "Codec", "Crypto"], imports: foundation),
        Layer("SyncCore/Merge", uses: format),
        Layer("SyncCore/SQL", uses: ["Base"], imports: ["GRDB", "GRDBSQLite"]),
        Layer("SyncCore/Storage", uses: format + ["SQL"], imports: foundation.union(["GRDB", "GRDBSQLite", "Synchronization"])),
        Layer("SyncCore/Records", uses: format + ["Merge"], imports: foundation),
        Layer("SyncCore/Interchange", uses: format + ["Merge", "Records"], imports: foundation),
        Layer("SyncCore/Replica", uses: records + ["Storage"], imports: foundation.union(["Logging"])),
        Layer(
            "SyncCore/Exchange", uses: records + ["Storage", "Replica"],
            imports: foundation.union(nio).union(["AsyncHTTPClient", "Logging", "Synchronization"])),
        Layer("SyncServer", uses: format, imports: foundation.union(nio).union(server)),
        Layer(
            "SyncServer/TLS", uses: format,
            imports: foundation.union(nio).union(server).union(["HummingbirdHTTP2", "NIOHTTPTypes", "Crypto", "X509", "SwiftASN1"])),
        Layer("SyncServer/SQLiteStore", uses: format + ["SQL"], imports: foundation.union(server).union(["GRDB", "GRDBSQLite"])),
        Layer("SyncServer/PostgreSQLStore", uses: format, imports: foundation.union(platform).union(server).union(["CPQ", "Dispatch"])),
        Layer(
            "sync-cli", uses: records + ["Storage", "Replica", "Exchange"],
            imports: foundation.union(platform).union([
                "SyncCore", "SyncServer", "ArgumentParser", "Configuration", "Dispatch", "Logging", "Synchronization", "ServiceLifecycle",
                "UnixSignals",
            ])),
    ]

    static func of(_ path: String) -> Layer? { all.last { path.hasPrefix($0.folder + "/") } }

    /// Whether types declared in `other` may be named here: the server's own folders are one layer, and the command line sees it whole.
    private func mayName(_ other: Layer) -> Bool {
        if uses.contains(other.folder) || folder == other.folder { return true }
        let isServer = other.folder.hasPrefix("Sources/SyncServer")
        return isServer && (folder.hasPrefix("Sources/SyncServer") || folder == "Sources/sync-cli")
    }

    // MARK: Rules

    /// Imports that the table does not allow, and files in a folder that it does not know.
    static func importBreaches(in files: [SourceFile]) -> [Breach] {
        files.flatMap { file -> [Breach] in
            guard let layer = of(file.path) else {
                return [Breach(path: file.path, line: 1, what: "this folder is not in the table of Tests/TidyTests/Layers.swift")]
            }
            return file.code.enumerated().compactMap { number, line in
                guard let module = module(importedBy: line), !layer.imports.contains(module) else { return nil }
                return Breach(
                    path: file.path, line: number + 1,
                    what: "\(layer.folder) may not import \(module): use what the layers below it give")
            }
        }
    }

    static func module(importedBy line: String) -> String? {
        var words = line.split(separator: " ").map(String.init)
        while let first = words.first, first.hasPrefix("@") || ["public", "package", "internal", "private", "fileprivate"].contains(first) {
            words.removeFirst()
        }
        guard words.first == "import", words.count > 1 else { return nil }
        let kinds: Set = ["struct", "class", "enum", "protocol", "func", "var", "let", "typealias", "actor"]
        let path = kinds.contains(words[1]) && words.count > 2 ? words[2] : words[1]
        return path.split(separator: ".").first.map { $0.trimmingCharacters(in: ["\r", ";"]) }
    }

    /// Names of types that are declared only where this file may not look.
    static func nameBreaches(in files: [SourceFile]) -> [Breach] {
        let scans = files.map { (file: $0, layer: of($0.path), scan: NameScan($0)) }
        var foreign: [String: Set<String>] = [:]
        for layer in all {
            let allowed = scans.filter { $0.layer.map(layer.mayName) ?? true }.reduce(into: Set<String>()) {
                $0.formUnion($1.scan.declared)
            }
            let others = scans.filter { !($0.layer.map(layer.mayName) ?? true) }.reduce(into: Set<String>()) {
                $0.formUnion($1.scan.declaredOutermost)
            }
            foreign[layer.folder] = others.subtracting(allowed)
        }
        return scans.flatMap { file, layer, scan -> [Breach] in
            guard let layer, let names = foreign[layer.folder] else { return [] }
            return scan.used.filter { names.contains($0.name) }.map {
                Breach(path: file.path, line: $0.line, what: "\(layer.folder) may not know \($0.name)")
            }
        }
    }
}

/// The type names that a file declares and uses.
struct NameScan {
    /// At any depth, with generic parameters and associated types.
    private(set) var declared: Set<String> = []
    /// Visible to other files: outermost, and neither `private` nor `fileprivate`.
    private(set) var declaredOutermost: Set<String> = []
    private(set) var used: [(name: String, line: Int)] = []

    private static let keywords: Set = ["struct", "class", "enum", "actor", "protocol", "typealias", "associatedtype"]

    init(_ file: SourceFile) {
        var depth = 0
        for (number, line) in file.code.enumerated() {
            var isHidden = false
            var before = ""
            for token in Self.tokens(line) {
                if token == "{" { depth += 1 }
                if token == "}" { depth -= 1 }
                if token == "private" || token == "fileprivate" { isHidden = true }
                guard token.first?.isUppercase == true else {
                    before = String(token)
                    continue
                }
                let name = String(token)
                if Self.keywords.contains(before) {
                    declared.insert(name)
                    if depth == 0, !isHidden { declaredOutermost.insert(name) }
                } else {
                    if before == "<" || before == ",", line.contains("<\(name)") || line.contains("\(name):") {
                        declareGeneric(name, in: line)
                    }
                    used.append((name, number + 1))
                }
                before = name
            }
        }
    }

    /// `func take<ID: Identifier16>`, `struct Table<Key, Entry>`.
    private mutating func declareGeneric(_ name: String, in line: String) {
        let declares = ["func ", "init<", "struct ", "class ", "enum ", "actor ", "subscript<", "typealias "]
        if declares.contains(where: line.contains) { declared.insert(name) }
    }

    private static func tokens(_ line: String) -> [Substring] {
        var tokens: [Substring] = []
        var rest = line[...]
        while let first = rest.first {
            let word = rest.prefix { $0.isLetter || $0.isNumber || $0 == "_" }
            if !word.isEmpty {
                tokens.append(word)
                rest = rest[word.endIndex...]
            } else {
                if !first.isWhitespace { tokens.append(rest.prefix(1)) }
                rest = rest.dropFirst()
            }
        }
        return tokens
    }
}
