import Foundation

/// Scripts that failed once. Each file says in its first lines what was wrong.
enum Regressions {
    static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Regressions")

    static func names() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { $0.hasSuffix(".txt") }.sorted()
    }

    static func script(_ name: String) throws -> Script {
        try Script(String(contentsOf: folder.appendingPathComponent(name), encoding: .utf8))
    }
}
