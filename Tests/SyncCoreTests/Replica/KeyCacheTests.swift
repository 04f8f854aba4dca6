import Foundation
import GRDB
import Testing

#if canImport(Glibc)
import Glibc
#endif

@testable import SyncCore

/// Keys of stores that are unlocked for a while.
@Suite struct KeyCacheTests {
    private final class Clock: @unchecked Sendable {
        // Used by one test, from one thread.
        var now: Int64 = 5_000_000
    }

    private let clock = Clock()
    private let folder = NSTemporaryDirectory() + "sync-cache-" + UUID().uuidString
    private let team: TestTeam
    private let store: LockedStore
    private var place: String { folder + "/sync" }

    init() throws {
        try FileSystem.createPrivateFolder(folder)
        team = try TestTeam(devices: 1, protection: TestPassphrase.protection())
        store = try #require(try LockedStore(team.path(0)))
    }

    private func removeFolder() { try? FileManager.default.removeItem(atPath: folder) }

    private func cache(isChosen: Bool = true) -> KeyCache {
        KeyCache(
            [KeyCache.Place(place, isChosen: isChosen)],
            surroundings: Surroundings(now: { [clock] in clock.now }, random: team.clock.surroundings.random))
    }

    private var key: StoreKey { team.replicas[0].storeKey }

    private func file() throws -> String {
        place + "/" + (try #require(try FileManager.default.contentsOfDirectory(atPath: place).first))
    }

    @Test func `it is kept for its time, for its user alone`() throws {
        defer { removeFolder() }
        #expect(cache().find(store) == nil)
        let kept = try cache().keep(key, of: store, milliseconds: 60_000)
        #expect(kept.place == place && kept.until == clock.now + 60_000)
        #expect(try FileSystem.mode(of: place) == 0o040700 && FileSystem.mode(of: file()) == 0o100600)
        clock.now += 59_999
        #expect(cache().find(store)?.key == key)
        clock.now += 1
        #expect(cache().find(store) == nil)
        // What is over is destroyed, and does not come back with the clock.
        clock.now -= 1000
        #expect(cache().find(store) == nil)
        #expect(try FileManager.default.contentsOfDirectory(atPath: place).isEmpty)
    }

    @Test func `a clock that was set back before it ends it`() throws {
        defer { removeFolder() }
        _ = try cache().keep(key, of: store, milliseconds: 60_000)
        clock.now -= 1
        #expect(cache().find(store) == nil)
    }

    @Test func `forgetting leaves nothing`() throws {
        defer { removeFolder() }
        _ = try cache().keep(key, of: store, milliseconds: 60_000)
        let held = open(try file(), O_RDONLY)
        defer { close(held) }
        #expect(cache().forget(store.paths.folder))
        #expect(try FileManager.default.contentsOfDirectory(atPath: place).isEmpty)
        // Neither under the name nor in what is left of the file.
        var bytes = [UInt8](repeating: 1, count: 512)
        let count = read(held, &bytes, bytes.count)
        #expect(count > 0 && bytes.prefix(count).allSatisfy { $0 == 0 })
        #expect(!cache().forget(store.paths.folder) && cache().find(store) == nil)
    }

    @Test func `a file that others may read, that has two names, or is a link, is no key`() throws {
        defer { removeFolder() }
        _ = try cache().keep(key, of: store, milliseconds: 60_000)
        let path = try file()
        chmod(path, 0o640)
        #expect(cache().find(store) == nil)
        chmod(path, 0o600)
        #expect(cache().find(store) != nil)
        link(path, folder + "/second")
        #expect(cache().find(store) == nil)
        unlink(path)
        symlink(folder + "/second", path)
        #expect(cache().find(store) == nil)
    }

    @Test func `a folder that others may enter, or that is a link, holds no key`() throws {
        defer { removeFolder() }
        mkdir(place, 0o755)
        chmod(place, 0o755)
        var error = #expect(throws: SyncError.self) { try cache().keep(key, of: store, milliseconds: 1000) }
        #expect(error?.what.contains("no folder in memory") == true)
        rmdir(place)
        mkdir(folder + "/elsewhere", 0o700)
        symlink(folder + "/elsewhere", place)
        error = #expect(throws: SyncError.self) { try cache().keep(key, of: store, milliseconds: 1000) }
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder + "/elsewhere").isEmpty)
    }

    @Test func `a key that nobody sent to a disk is not written to one`() throws {
        defer { removeFolder() }
        let onDisk = PrivateFolder(folder, isMade: false)?.isInMemory == false
        let memory = "/dev/shm/sync-test-" + UUID().uuidString
        mkdir(memory, 0o700)
        defer { rmdir(memory) }
        guard onDisk, PrivateFolder(memory, isMade: false)?.isInMemory == true else { return }
        #expect(throws: SyncError.self) { try cache(isChosen: false).keep(key, of: store, milliseconds: 1000) }
        let both = KeyCache(
            [.init(place, isChosen: false), .init(memory, isChosen: false)], surroundings: team.clock.surroundings)
        let kept = try both.keep(key, of: store, milliseconds: 1000)
        #expect(kept.place == memory && kept.isInMemory)
        #expect(both.forget(store.paths.folder))
        #expect(try !cache(isChosen: true).keep(key, of: store, milliseconds: 1000).isInMemory)
    }

    @Test func `a store that got another key is not opened with the old one`() throws {
        defer { removeFolder() }
        _ = try cache().keep(key, of: store, milliseconds: 60_000)
        try team.replicas[0].log.queue.close()
        try Reseal(team.path(0)).remove(key)
        _ = try Reseal(team.path(0)).set(TestPassphrase.of("another"), cost: TestPassphrase.cheap)
        let after = try #require(try LockedStore(team.path(0)))
        #expect(cache().find(after) == nil)
    }

    @Test func `what is no key in its place is none`() throws {
        defer { removeFolder() }
        _ = try cache().keep(key, of: store, milliseconds: 60_000)
        let bytes = try FileSystem.read(try file())
        let path = try file()
        for wrong in [Array(bytes.dropLast()), bytes + [0], [], [UInt8](repeating: 0, count: bytes.count)] {
            try Data(wrong).write(to: URL(fileURLWithPath: path))
            chmod(path, 0o600)
            #expect(cache().find(store) == nil)
        }
    }
}
