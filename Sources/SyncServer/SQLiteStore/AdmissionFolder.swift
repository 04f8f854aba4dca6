import Foundation
import SyncCore

/// Where an operator's command leaves admission tokens for a relay that may be running, whose file is its alone: a file for each, named by
/// the token's hash, with how many teams may begin with it, and until when.
struct AdmissionFolder: Sendable {
    let path: String

    init(dataFolder: String) { path = dataFolder + "/admissions" }

    func leave(_ token: AdmissionToken) throws {
        if !FileSystem.isFolder(path) { try FileSystem.createPrivateFolder(path) }
        try FileSystem.writeDurably(Array("\(token.uses) \(token.expires)\n".utf8), to: file(token.hash))
    }

    /// The token of this hash, if it was left here.
    func find(_ hash: Hash32) -> AdmissionToken? {
        guard let text = try? String(decoding: FileSystem.read(file(hash)), as: UTF8.self) else { return nil }
        let words = text.split(whereSeparator: \.isWhitespace).compactMap { Int64($0) }
        return words.count == 2 ? AdmissionToken(hash: hash, uses: words[0], expires: words[1]) : nil
    }

    func remove(_ hash: Hash32) { try? FileManager.default.removeItem(atPath: file(hash)) }

    private func file(_ hash: Hash32) -> String { path + "/" + hash.hex }
}
