import Foundation
import Testing

@testable import SyncCore

/// How wrong passphrases slow down whoever guesses. The clock is the test's own.
@Suite struct PassphraseTriesTests {
    private final class Clock: @unchecked Sendable {
        // Used by one test, from one thread.
        var now: Int64 = 1_000_000
    }

    private let clock = Clock()
    private let folder = NSTemporaryDirectory() + "sync-tries-" + UUID().uuidString
    private var surroundings: Surroundings {
        Surroundings(now: { [clock] in clock.now }, random: TestSurroundings(seed: 1).surroundings.random)
    }

    init() throws {
        _ = try Replica.found(
            at: folder, team: "T", device: "d", protection: TestPassphrase.protection(),
            surroundings: Surroundings(now: { 0 }, random: TestSurroundings(seed: 1).surroundings.random))
    }

    private func removeFolder() { try? FileManager.default.removeItem(atPath: folder) }

    /// A try in a process of its own, as far as the store can tell.
    private func tryPassphrase(_ text: String) throws -> String {
        do {
            let store = try #require(try LockedStore(folder, surroundings: surroundings))
            _ = try store.key(for: TestPassphrase.of(text))
            return "opened"
        } catch let error as SyncError {
            #expect(error.kind == .locked)
            return error.what.hasPrefix("A wrong passphrase was given just now") ? "too early" : error.what
        }
    }

    private let wrong = "The passphrase does not open this store."

    @Test func `each wrong one doubles the wait, from 1 to 30 seconds, and nothing is tried before`() throws {
        defer { removeFolder() }
        for seconds in [1, 2, 4, 8, 16, 30, 30, 30] as [Int64] {
            #expect(try tryPassphrase("guess") == wrong)
            for early in [0, seconds * 1000 - 1] {
                clock.now += early
                // Not even the right one.
                #expect(try tryPassphrase("correct horse") == "too early")
                #expect(try tryPassphrase("guess") == "too early")
                clock.now -= early
            }
            clock.now += seconds * 1000
        }
        #expect(try tryPassphrase("correct horse") == "opened")
        #expect(try tryPassphrase("guess") == wrong)
        clock.now += 1000
        #expect(try tryPassphrase("correct horse") == "opened")
        #expect(!FileSystem.exists(folder + "/tries"))
    }

    @Test func `a try counts before it is made, so that ending the process does not undo it`() throws {
        defer { removeFolder() }
        try PassphraseTries(StorePaths(folder), surroundings).begin()
        #expect(try tryPassphrase("correct horse") == "too early")
        clock.now += 1000
        #expect(try tryPassphrase("correct horse") == "opened")
    }

    @Test func `a clock that was set back makes nobody wait for it`() throws {
        defer { removeFolder() }
        #expect(try tryPassphrase("guess") == wrong)
        clock.now -= 86_400_000
        #expect(try tryPassphrase("correct horse") == "opened")
    }

    @Test func `a file of tries that is damaged locks nobody out`() throws {
        defer { removeFolder() }
        for bytes in [[], [0xff], [UInt8](repeating: 0xff, count: 64), [1, 2, 3, 4]] as [[UInt8]] {
            try FileSystem.writeDurably(bytes, to: folder + "/tries")
            #expect(try tryPassphrase("correct horse") == "opened")
        }
    }
}
