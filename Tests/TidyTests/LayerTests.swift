import Testing

@Suite struct LayerTests {
    /// A rename must not leave the rules with nothing to read.
    @Test func sourcesAreFound() {
        #expect(SourceFile.all.count > 100)
        for layer in ["Base", "Codec", "Crypto", "Log", "Merge", "Storage", "Records", "Replica"] {
            #expect(SourceFile.all.contains { $0.path.hasPrefix("Sources/SyncCore/\(layer)/") })
        }
    }

    @Test func everyImportIsAllowed() {
        for breach in Layer.importBreaches(in: SourceFile.all) { Issue.record("\(breach)") }
    }

    @Test func noLayerNamesOneAboveIt() {
        for breach in Layer.nameBreaches(in: SourceFile.all) { Issue.record("\(breach)") }
    }

    @Test(arguments: [
        ("SyncCore/Log/A.swift", "import GRDB"), ("SyncCore/Replica/A.swift", "@preconcurrency import GRDB"),
        ("SyncCore/Merge/A.swift", "import Foundation"), ("SyncCore/Log/A.swift", "import Crypto"),
        ("SyncCore/Log/A.swift", "internal import struct Crypto.SHA256"), ("SyncCore/Crypto/A.swift", "import CZstd"),
        ("SyncCore/Replica/A.swift", "import AsyncHTTPClient"), ("SyncCore/Exchange/A.swift", "import GRDB"),
        ("SyncServer/HTTP/A.swift", "import GRDB"), ("SyncServer/A.swift", "import ArgumentParser"),
        ("sync-cli/A.swift", "import GRDB"), ("sync-cli/A.swift", "import Hummingbird"), ("SyncCore/New/A.swift", ""),
        ("SyncCore/Codec/A.swift", "/* why */ public import Glibc"),
    ])
    func aForeignImportIsFound(path: String, text: String) {
        #expect(Layer.importBreaches(in: [SourceFile("Sources/" + path, text)]).count == 1)
    }

    @Test(arguments: [
        ("SyncCore/Storage/A.swift", "import GRDB"), ("SyncCore/Codec/A.swift", "import CZstd"),
        ("SyncCore/Crypto/A.swift", "import CryptoExtras"), ("SyncServer/SQLiteStore/A.swift", "import GRDB"),
        ("sync-cli/Commands/A.swift", "import ArgumentParser"), ("SyncCore/Log/A.swift", "// import GRDB\nlet important = 1"),
        ("SyncCore/Log/A.swift", "let text = \"\"\"\nimport GRDB\n\"\"\""),
    ])
    func anAllowedImportIsNot(path: String, text: String) {
        #expect(Layer.importBreaches(in: [SourceFile("Sources/" + path, text)]).isEmpty)
    }

    private let declarations = [
        SourceFile("Sources/SyncCore/Merge/State.swift", "public struct MergedState {\n    struct Slot {}\n}\nprivate struct Hidden {}"),
        SourceFile("Sources/SyncCore/Storage/Store.swift", "final class LogStore {}\nstruct Row {}"),
        SourceFile("Sources/SyncCore/Replica/Replica.swift", "public actor Replica {}\ntypealias Pages = Int"),
        SourceFile("Sources/SyncServer/Push/Push.swift", "struct PushHandler {}"),
    ]

    @Test(arguments: [
        ("SyncCore/Storage/A.swift", "let slot: MergedState.Slot"), ("SyncCore/Merge/A.swift", "func read(_ store: LogStore)"),
        ("SyncCore/Base/A.swift", "var replica: Replica?"), ("SyncCore/Log/A.swift", "let pages: Pages = 1"),
        ("SyncCore/Records/A.swift", "let text = \"\\(LogStore.self)\""), ("SyncServer/Routes/A.swift", "let replica: Replica"),
        ("SyncCore/Exchange/A.swift", "let handler = PushHandler()"),
    ])
    func aNameFromAboveIsFound(path: String, text: String) {
        let breaches = Layer.nameBreaches(in: declarations + [SourceFile("Sources/" + path, text)])
        #expect(breaches.count == 1)
        #expect(breaches.first?.path == "Sources/" + path)
    }

    @Test(arguments: [
        ("SyncCore/Replica/A.swift", "let state: MergedState, store: LogStore"), ("SyncCore/Storage/A.swift", "// like MergedState"),
        ("SyncCore/Log/A.swift", "struct Row {}\nlet row: Row"), ("SyncCore/Log/A.swift", "let hidden: Hidden"),
        ("SyncCore/Log/A.swift", "let text = \"a Replica\""), ("SyncCore/Log/A.swift", "func first<Pages: Sequence>(of pages: Pages) {}"),
        ("SyncServer/Routes/A.swift", "let handler: PushHandler"), ("sync-cli/A.swift", "let (a, b): (PushHandler, Replica)"),
    ])
    func aNameFromBelowIsNot(path: String, text: String) {
        #expect(Layer.nameBreaches(in: declarations + [SourceFile("Sources/" + path, text)]).isEmpty)
    }
}
