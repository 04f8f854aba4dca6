#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif
import SyncCore

/// What `doctor` asks of the machine.
enum MachineChecks {
    /// Which program the shell runs: one of coreutils has the same name.
    static func shell(_ environment: Environment) -> Check {
        let folders = (environment["PATH"] ?? "").split(separator: ":")
        let candidates = folders.map { folder -> String in "\(folder)/sync" }
        guard let found = candidates.first(where: { access($0, X_OK) == 0 }) else {
            return Check("shell", .attention, "no sync in PATH; this one is \(ownPath)")
        }
        if let own = FileSystem.identity(of: ownPath), let other = FileSystem.identity(of: found), own == other {
            return Check("shell", .good, "finds this one: \(found)")
        }
        return Check("shell", .attention, "finds \(found) first, which is another program; this one is \(ownPath)")
    }

    private static var ownPath: String {
        var buffer = [CChar](repeating: 0, count: 4096)
        let count = readlink("/proc/self/exe", &buffer, buffer.count - 1)
        guard count > 0 else { return CommandLine.arguments.first ?? "sync" }
        return String(decoding: buffer.prefix(count).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    static func database() -> Check {
        let version = LogStore.sqliteVersion
        let parts = version.split(separator: ".").compactMap { Int($0) }
        let hasBug = parts.lexicographicallyPrecedes([3, 51, 3])
        let note = hasBug ? "; it has the WAL-reset bug, which the store's lock works around" : ""
        return Check("SQLite", .good, version + note)
    }

    /// What is in memory may be written to the disk.
    static func swap() -> Check? {
        guard let swaps = try? FileSystem.read("/proc/swaps") else { return nil }
        let isOn = swaps.count { $0 == UInt8(ascii: "\n") } > 1
        return isOn ? Check("swap", .attention, "on: what is in memory, keys among it, may reach the disk; encrypt it, or turn it off") : Check("swap", .good, "off")
    }

    static func disk(_ folder: String) -> Check {
        var status = statvfs()
        guard statvfs(folder, &status) == 0 else { return Check("disk", .attention, "nobody says how much space is free") }
        let free = (UInt64(status.f_bavail) * UInt64(status.f_frsize)) >> 20
        return Check("disk", free < 100 ? .attention : .good, "\(ValueText.grouped(free)) MiB free")
    }
}
