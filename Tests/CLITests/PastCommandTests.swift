import Foundation
import Testing

@testable import sync_cli

@Suite struct PastCommandTests {
    private let day: Int64 = 86_400

    @Test func `a record as it was, and what became of it`() throws {
        let sync = try TestEnvironment.withTeam()
        let id = try sync.addEvent("Vigil", "--on", "13 April 2017", "--cause", "peace", "--organiser", "Amnesty")
        sync.pass(seconds: day)
        try sync.sync("event", "edit", id, "--on", "14 April 2017", "--remove-cause", "peace", "--add-cause", "bread", "--add-organiser", "Amnesty:host")
        sync.pass(seconds: day)

        for show in [["event", "show"], ["show"]] {
            let then = try sync.run(show + [id, "--at", "23 April 2017"])
            #expect(then.exit == 0 && then.out.contains("Thu 13 Apr 2017") && then.out.contains("peace") && !then.out.contains("bread"))
            #expect(then.err.contains("As it was at the end of Sun 23 Apr 2017, by what the writers' clocks said; changes since: 1."))
            #expect(try sync.run(show + [id, "--at", "yesterday"]).out.contains("Fri 14 Apr 2017"))
            #expect(try sync.run(show + [id, "--at", "23 April 2017 11:59"]).exit == 2)
            #expect(try sync.run(show + [id, "--at", "23 April 2017 12:00"]).exit == 0)
            for wrong in ["April 2017", "23 April 2017 12:00 Asia/Tokyo", "nonsense"] {
                let ran = try sync.run(show + [id, "--at", wrong])
                #expect(ran.exit == 2 && ran.err.contains("--at"), "\(wrong)")
            }
        }
        let whole = try sync.sync("event", "show", id).out
        #expect(try sync.sync("show", id).out == whole)
        #expect(try sync.sync("show", id, "--at", "23 April 2017", "--json").out.contains(#""starts":"2017-04-13""#))

        let diff = try sync.sync("diff", id, "--since", "23 April 2017")
        #expect(diff.lines[0] == "\(id)  Vigil, since Sun 23 Apr 2017")
        #expect(diff.out.contains("  starts  Thu 13 Apr 2017 → Fri 14 Apr 2017   laptop "))
        #expect(diff.out.contains("  causes  - peace\n  causes  + bread   laptop "))
        #expect(diff.out.contains(".role  (nothing) → host"))
        let plain = try sync.sync("diff", id, "--since", "23 April 2017", "--plain")
        #expect(plain.lines.count == 4 && plain.lines.allSatisfy { $0.split(separator: "\t").count == 3 })
        let objects = try sync.sync("diff", id, "--since", "23 April 2017", "--json").lines.map {
            try #require(try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any])
        }
        #expect(objects.count == 3 && objects.allSatisfy { $0["type"] as? String == "difference" })
        let nothing = try sync.sync("diff", id, "--since", "today")
        #expect(nothing.exit == 0 && nothing.err == "Nothing has become different since then.\n")
        #expect(try sync.sync("diff", id).exit == 2)
        #expect(try sync.sync("diff", id, "--since", "2017").exit == 2)
    }

    @Test func `a longer text is compared word by word`() throws {
        let sync = try TestEnvironment.withTeam()
        let id = try sync.addEvent("Vigil", "--description", "We stand together in the square, whoever comes.")
        sync.pass(seconds: day)
        try sync.sync("event", "edit", id, "--description", "We stood together in the square, whoever comes too.")
        let diff = try sync.sync("diff", id, "--since", "23 April 2017")
        #expect(diff.out.contains("We [-stand-]{+stood+} together in the square, whoever [-comes.-]{+comes too.+}"))
    }

    @Test func `what is put together again is both texts`() {
        for (before, after) in [("", ""), ("a", ""), ("", "a b"), ("a  b c", "a b  c"), ("x a y", "a"), ("e\u{301}", "é"), ("one two three", "three two one")] {
            let parts = WordDiff(before, after).parts
            let old = parts.compactMap { part -> String? in if case .came = part { nil } else { part.words } }.joined()
            let new = parts.compactMap { part -> String? in if case .gone = part { nil } else { part.words } }.joined()
            #expect(Array(old.utf8) == Array(before.utf8) && Array(new.utf8) == Array(after.utf8))
            #expect(parts.contains { if case .same = $0 { false } else { true } } == (Array(before.utf8) != Array(after.utf8)))
        }
    }
}

extension WordDiff.Part {
    fileprivate var words: String {
        switch self {
        case .same(let text), .gone(let text), .came(let text): text
        }
    }
}
