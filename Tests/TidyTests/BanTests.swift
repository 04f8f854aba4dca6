import Foundation
import Testing

@Suite struct BanTests {
    @Test(arguments: Ban.all)
    func holds(_ ban: Ban) {
        for breach in SourceFile.all.flatMap(ban.breaches) { Issue.record("\(breach)") }
    }

    @Test(arguments: Ban.all)
    func fires(_ ban: Ban) throws {
        _ = try NSRegularExpression(pattern: ban.pattern)
        #expect(!ban.fires.isEmpty)
        for sample in ban.fires {
            #expect(ban.breaches(in: SourceFile("Sources/SyncCore/Log/Planted.swift", sample)).count == 1, "\(sample)")
        }
        for sample in ban.passes {
            #expect(ban.breaches(in: SourceFile("Sources/SyncCore/Log/Planted.swift", sample)).isEmpty, "\(sample)")
        }
    }

    @Test func exceptionsAreWhereTheyShouldBe() {
        func count(_ path: String, _ text: String) -> Int {
            Ban.all.flatMap { $0.breaches(in: SourceFile("Sources/" + path, text)) }.count
        }
        #expect(count("sync-cli/Output/Terminal.swift", "print(line)") == 0)
        #expect(count("sync-cli/Commands/Push.swift", "print(line)") == 1)
        #expect(count("SyncCore/Base/Surroundings.swift", "Date()") == 0)
        #expect(count("SyncServer/HTTP/Routes.swift", "Date()") == 1)
        #expect(count("sync-cli/Main.swift", "ProcessInfo.processInfo") == 0)
    }

    @Test func everyFileIsShort() {
        for breach in SourceFile.all.flatMap(FileLength.breaches) { Issue.record("\(breach)") }
    }

    @Test func aLongFileIsFound() {
        let line = "let x = 1\n"
        #expect(FileLength.breaches(in: SourceFile("Sources/A.swift", String(repeating: line, count: 401))).count == 1)
        #expect(FileLength.breaches(in: SourceFile("Sources/A.swift", String(repeating: line, count: 400))).isEmpty)
    }

    @Test func commentsAndLiteralsAreBlankedOut() {
        let text = """
            let a = "x \\(call("y", b)) z" // c
            /* d /* e */ f
            g */ let h = #"i \\(j) \\#(k)"#
            let l = \"""
              m \\(n)
              \""" + o
            """
        let code = SourceFile("Sources/A.swift", text).code
        let words = code.joined(separator: "\n").split { !$0.isLetter }.map(String.init)
        #expect(words == ["let", "a", "call", "b", "let", "h", "k", "let", "l", "n", "o"])
        #expect(code.count == 6)
    }
}
