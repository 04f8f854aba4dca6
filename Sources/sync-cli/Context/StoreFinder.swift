#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif
import SyncCore

/// Which store is meant: `--store`, `SYNC_STORE`, `--team`, or the only one there is.
struct StoreFinder {
    private let options: GlobalOptions
    private let environment: Environment

    init(_ options: GlobalOptions, _ environment: Environment) {
        self.options = options
        self.environment = environment
    }

    /// The folder that was named, whether anything is there or not.
    var named: String? { options.store ?? (options.team == nil ? environment["SYNC_STORE"] : nil) }

    /// - Throws: `noStore` where there is none, `usage` where several could be meant.
    func folder() throws -> String {
        if let named { return Self.absolute(named) }
        let teams = try teams()
        if let wanted = options.team { return try folder(of: wanted, teams) }
        if teams.count == 1 { return try dataFolder() + "/" + teams[0] }
        guard !teams.isEmpty else { throw Self.none }
        throw SyncError(
            .usage, "There are several teams here:\n\(Self.list(teams))", safe: "Nothing was changed.",
            next: "Say which with  --team NAME.")
    }

    private func folder(of wanted: String, _ teams: [String]) throws -> String {
        let slug = TeamFolder.slug(wanted)
        guard let found = teams.first(where: { $0 == wanted }) ?? teams.first(where: { $0 == slug }) else {
            let others = teams.isEmpty ? "" : " There are:\n\(Self.list(teams))"
            throw SyncError(
                .noStore, "There is no team “\(wanted)” on this device.\(others)",
                next: "Create one with  sync init --team NAME  or  sync join CODE.")
        }
        return try dataFolder() + "/" + found
    }

    /// Whether `--team` allows this folder.
    func isMeant(_ folder: String) -> Bool {
        guard let wanted = options.team else { return true }
        let name = folder.split(separator: "/").last.map(String.init) ?? ""
        return ByteOrder.same(name, wanted) || ByteOrder.same(name, TeamFolder.slug(wanted))
    }

    private static func list(_ teams: [String]) -> String { teams.map { "  \($0)" }.joined(separator: "\n") }

    static let none = SyncError(
        .noStore, "There is no team on this device yet.",
        next: "Create one with  sync init  or take up an invite with  sync join CODE.")

    /// Names of the folders that hold a store, sorted.
    func teams() throws -> [String] {
        let root = try dataFolder()
        return Self.names(in: root).filter { StorePaths(root + "/" + $0).isStore }.sorted { ByteOrder.precedes($0, $1) }
    }

    /// Where a new team's store goes: the folder that was named, or one of its own below the data folder.
    func newFolder(team: String) throws -> String {
        if let store = options.store ?? environment["SYNC_STORE"] { return Self.absolute(store) }
        let root = try dataFolder()
        let slug = TeamFolder.slug(team)
        return root + "/" + slug
    }

    func dataFolder() throws -> String {
        guard let folder = environment.dataFolder else {
            throw SyncError(
                .noStore, "Neither HOME nor XDG_DATA_HOME is set, so there is no place for stores.",
                next: "Name one with  --store DIR.")
        }
        return folder
    }

    static func absolute(_ path: String) -> String {
        if path.hasPrefix("/") { return path }
        guard let current = getcwd(nil, 0) else { return path }
        defer { free(current) }
        return String(cString: current) + "/" + path
    }

    /// What is in a folder, without hidden files; nothing where it cannot be read.
    static func names(in folder: String) -> [String] { FileSystem.names(in: folder) }
}

/// What the folder of a team is called.
enum TeamFolder {
    /// Small letters and digits, hyphens between words; at most 40 characters.
    static func slug(_ name: String) -> String {
        var out = ""
        for character in name.lowercased() {
            if character.isLetter || character.isNumber {
                out.append(character)
            } else if !out.isEmpty, out.last != "-" {
                out.append("-")
            }
        }
        let short = String(out.prefix(40))
        let trimmed = short.hasSuffix("-") ? String(short.dropLast()) : short
        return trimmed.isEmpty ? "team" : trimmed
    }
}
