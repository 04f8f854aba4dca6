import Foundation
import Testing

@testable import SyncCore

/// A store that was copied or set back, as people meet it.
@Suite(.serialized) struct CopyTests {
    private final class Phones {
        let environment: TestEnvironment
        var folder: String { environment.folder }
        private var bundles = 0

        init() throws { environment = try TwoDevices().environment }

        @discardableResult
        func on(_ store: String, _ arguments: String...) throws -> TestEnvironment.Ran {
            try environment.run(["--store", store == "laptop" ? environment.store : "\(folder)/\(store)"] + arguments)
        }

        func carry(from source: String, to target: String) throws -> TestEnvironment.Ran {
            bundles += 1
            let file = "\(folder)/\(bundles).bundle"
            let created = try on(source, "bundle", "create", file)
            guard created.exit == 0 else { return created }
            return try on(target, "bundle", "apply", file)
        }
    }

    @Test func `a copied folder says so once, and goes on`() throws {
        let phones = try Phones()
        try phones.on("phone", "event", "add", "York")
        try FileManager.default.copyItem(atPath: phones.folder + "/phone", toPath: phones.folder + "/copy")
        #expect(try phones.on("copy", "event", "list").err == "")
        #expect(try phones.on("copy", "doctor").out.contains("this store was copied, moved or restored here"))
        let first = try phones.on("copy", "event", "add", "Leeds", "-q")
        #expect(first.exit == 0 && first.err.contains("This store was copied, moved or restored from a backup"), "\(first)")
        #expect(first.err.contains("Nothing is lost. 1 unsent change is kept."))
        #expect(try phones.on("copy", "event", "add", "Rome", "-q").err == "")
        #expect(try phones.on("copy", "status").out.contains("identity   copied, moved or restored here (23 Apr 12:00)"))
        #expect(try phones.on("copy", "doctor").out.contains("ok  identity"))
        #expect(try phones.on("phone", "event", "add", "Paris").err.contains("copied") == false)

        _ = try phones.carry(from: "phone", to: "laptop")
        #expect(try phones.on("laptop", "status").out.contains("copied") == false)
        #expect(try phones.carry(from: "copy", to: "laptop").exit == 0)
        #expect(try phones.on("laptop", "event", "list").lines.count == 4)
        let status = try phones.on("laptop", "status")
        #expect(status.out.contains("copied     ! phone was restored, moved or copied (noticed 23 Apr 12:00). Ask its owner."), "\(status)")
        #expect(status.out.contains("sync devices remove "))
        #expect(try phones.on("laptop", "status", "--json").out.contains(#""sign":"renewed","noticed":1492948800000"#))
        #expect(try phones.on("laptop", "status", "--plain").out.contains("copied\t! phone was restored"))
        // Whoever cannot remove anybody is not alarmed.
        _ = try phones.carry(from: "laptop", to: "phone")
        #expect(try phones.on("phone", "status").out.contains("copied") == false)
    }

    /// The file's bytes of a week ago, put back in its place: no mark can tell.
    @Test func `a store that was set back under its own name makes a fork, which everybody hears of`() throws {
        let phones = try Phones()
        try phones.on("phone", "event", "add", "York")
        _ = try phones.carry(from: "phone", to: "laptop")
        let path = phones.folder + "/phone/log.db"
        do { try Replica(openingAt: phones.folder + "/phone").checkpoint() }
        let lastWeek = try Data(contentsOf: URL(fileURLWithPath: path))
        try phones.on("phone", "event", "add", "Leeds")
        _ = try phones.carry(from: "phone", to: "laptop")
        do { try Replica(openingAt: phones.folder + "/phone").checkpoint() }
        let handle = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
        try handle.truncate(atOffset: 0)
        try handle.write(contentsOf: lastWeek)
        try handle.close()
        let rome = try phones.on("phone", "event", "add", "Rome")
        #expect(rome.exit == 0 && rome.err.contains("copied") == false, "\(rome)")
        #expect(try phones.carry(from: "phone", to: "laptop").exit == 0)
        let status = try phones.on("laptop", "status")
        #expect(status.out.contains("copied     ! phone writes from two places (noticed "), "\(status)")
        #expect(try phones.on("laptop", "event", "list").lines.count == 3)
        #expect(try phones.carry(from: "laptop", to: "phone").exit == 0)
        let paris = try phones.on("phone", "event", "add", "Paris")
        #expect(paris.err.contains("Another copy of this store is in use.") && paris.err.contains("tell a coordinator"), "\(paris)")
        #expect(try phones.on("phone", "event", "list").lines.count == 4)
        #expect(try phones.on("phone", "status").out.contains("identity   ! another copy of this store is in use"))
        _ = try phones.carry(from: "phone", to: "laptop")
        #expect(try phones.on("laptop", "export").out == phones.on("phone", "export").out)
    }
}
