import Foundation
import Testing

@testable import SyncCore

@Suite struct ViewImageTests {
    private let folder = NSTemporaryDirectory() + "sync-image-" + UUID().uuidString
    private let surroundings = TestSurroundings(seed: 3).surroundings
    private let image: ViewImage
    /// Two pieces and a little.
    private let plain: [UInt8] = (0..<(2 << 20 + 1000)).map { UInt8(truncatingIfNeeded: $0 &* 167 >> 3) }

    init() throws {
        try FileSystem.createPrivateFolder(folder)
        image = ViewImage(path: folder + "/view.sealed", key: .random(surroundings), logID: [1, 2, 3], version: 5)
    }

    private func removeFolder() { try? FileManager.default.removeItem(atPath: folder) }

    private func write(position: Int64 = 9) throws {
        try plain.withUnsafeBytes { try image.write($0, position: position, salt: surroundings.random(32)) }
    }

    private func isUsable(_ change: (inout [UInt8]) -> Void) throws -> Bool {
        var bytes = try FileSystem.read(image.path)
        change(&bytes)
        let other = ViewImage(path: folder + "/other", key: image.key, logID: image.logID, version: image.version)
        try FileSystem.replace(bytes, at: other.path)
        return try other.isUsable()
    }

    @Test func `it opens as it was written, and says how far it goes`() throws {
        defer { removeFolder() }
        #expect(try image.load() == nil && image.storedPosition == nil)
        try write()
        let loaded = try #require(try image.load())
        #expect(loaded.withBytes { Array($0) } == plain)
        loaded.discard()
        #expect(image.storedPosition == 9)
        #expect(try FileSystem.read(image.path).count < plain.count + 200)
        #expect(Data(try FileSystem.read(image.path)).range(of: Data(plain[5000..<5032])) == nil)
    }

    @Test func `what is changed, cut, moved or of elsewhere does not open`() throws {
        defer { removeFolder() }
        try write()
        #expect(try isUsable { _ in })
        let count = try FileSystem.read(image.path).count
        for place in Array(0..<64) + [1 << 20, 2 << 20, count - 17, count - 1] {
            #expect(try !isUsable { $0[place] ^= 1 }, "byte \(place)")
        }
        #expect(try !isUsable { $0.removeLast() } && !isUsable { $0.append(0) } && !isUsable { $0 = Array($0.prefix(40)) } && !isUsable { $0 = [] })
        // Two pieces in each other's place.
        #expect(
            try !isUsable { bytes in
                let (piece, start) = (1 << 20 + 16, bytes.count - (2 << 20 + 1000 + 3 * 16))
                let first = Array(bytes[start..<(start + piece)])
                bytes.replaceSubrange(start..<(start + piece), with: bytes[(start + piece)..<(start + 2 * piece)])
                bytes.replaceSubrange((start + piece)..<(start + 2 * piece), with: first)
            })
        let others = [
            ViewImage(path: image.path, key: .random(surroundings), logID: image.logID, version: image.version),
            ViewImage(path: image.path, key: image.key, logID: [1, 2, 4], version: image.version),
            ViewImage(path: image.path, key: image.key, logID: image.logID, version: 6),
        ]
        for other in others { #expect(try !other.isUsable()) }
    }

    @Test func `the same view twice gives other bytes`() throws {
        defer { removeFolder() }
        try write()
        let first = try FileSystem.read(image.path)
        try write()
        let second = try FileSystem.read(image.path)
        #expect(zip(first, second).suffix(1 << 20).filter { $0 == $1 }.count < 8192)
    }
}
