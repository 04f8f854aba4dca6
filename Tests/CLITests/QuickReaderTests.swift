import ArgumentParser
import Foundation
import Testing

@testable import sync_cli

/// What is read without the parser is what the parser reads.
@Suite struct QuickReaderTests {
    /// Every command that is read quickly, with arguments that make it whole.
    private static let commands: [(type: any QuickCommand.Type, words: [String], arguments: [String])] = [
        (EventAdd.self, ["event", "add"], ["Vigil"]),
        (EventList.self, ["event", "list"], []),
        (RecordShow<Events>.self, ["event", "show"], ["7f3k2q"]),
        (PetitionList.self, ["petition", "list"], []),
        (RecordShow<Petitions>.self, ["petition", "show"], ["7f3k2q"]),
        (StatusCommand.self, ["status"], []),
        (SearchCommand.self, ["search"], ["two", "words"]),
        (NowCommand.self, ["now"], ["relay"]),
        (PullCommand.self, ["pull"], []),
        (PushCommand.self, ["push"], []),
    ]

    private static let numbers: Set = ["limit", "timeout"]

    /// An option as the parser's own description of a command has it.
    private struct Description: Decodable {
        struct Command: Decodable { var arguments: [Option]? }
        struct Option: Decodable {
            struct Name: Decodable {
                var kind: String
                var name: String
                var word: String { (kind == "long" ? "--" : "-") + name }
            }
            var kind: String
            var names: [Name]?
            var allValues: [String]?
            var valueName: String?
        }
        var command: Command
    }

    private static func options(of type: any QuickCommand.Type) throws -> [Description.Option] {
        let json = type._dumpHelp()
        let all = try JSONDecoder().decode(Description.self, from: Data(json.utf8)).command.arguments ?? []
        return all.filter { $0.kind != "positional" && $0.names?.contains { $0.name == "help" || $0.name == "version" } == false }
    }

    /// What a command was told, property by property; what was not filled says so.
    private static func told(_ value: Any, _ path: String = "") -> [String] {
        Mirror(reflecting: value).children.flatMap { child -> [String] in
            guard let label = child.label, label.hasPrefix("_") else { return [] }
            let parsed = Mirror(reflecting: child.value).children.first { $0.label == "_parsedValue" }?.value
            guard let parsed, let content = Mirror(reflecting: parsed).children.first else { return ["\(path)\(label) is nothing"] }
            guard content.label == "value" else { return ["\(path)\(label) is not filled"] }
            let below = told(content.value, path + label + ".")
            return below.isEmpty ? ["\(path)\(label) = \(content.value)"] : below
        }
    }

    private static func expectSame(_ arguments: [String], sourceLocation: SourceLocation = #_sourceLocation) {
        let slow = try? Sync.parseAsRoot(arguments)
        guard let quick = QuickReader.read(arguments) else {
            Issue.record("\(arguments) is left to the parser", sourceLocation: sourceLocation)
            return
        }
        let (expected, found) = (slow.map { told($0) } ?? [], told(quick))
        #expect(!expected.isEmpty && slow.map { type(of: $0) == type(of: quick) } ?? false, "\(arguments)", sourceLocation: sourceLocation)
        #expect(found == expected, "\(arguments)", sourceLocation: sourceLocation)
    }

    @Test func `every option of every command is read as the parser reads it`() throws {
        var count = 0
        for command in Self.commands {
            Self.expectSame(command.words + command.arguments)
            for option in try Self.options(of: command.type) {
                for name in option.names ?? [] {
                    count += 1
                    let line = command.words + command.arguments + [name.word]
                    if option.kind == "flag" {
                        Self.expectSame(line)
                    } else {
                        let value = option.allValues?.last ?? (Self.numbers.contains(name.name) ? "7" : "some value")
                        Self.expectSame(line + [value])
                        Self.expectSame(command.words + [name.word, value] + command.arguments)
                        if name.kind == "long" { Self.expectSame(command.words + command.arguments + ["\(name.word)=\(value)"]) }
                        Self.expectSame(line + [value, name.word, option.allValues?.first ?? "9"])
                    }
                }
            }
        }
        #expect(count > 80)
        print("\(count) names of options were read both ways")
    }

    @Test func `options before the command count`() {
        Self.expectSame(["--store", "/tmp/x", "-q", "event", "list", "--limit", "3"])
        Self.expectSame(["--color=never", "status", "--store", "b"])
        Self.expectSame(["--store=a", "status", "--store=b"])
    }

    @Test(
        arguments: [
            [], ["event"], ["event", "edit", "x"], ["event", "list", "extra"], ["event", "list", "--help"], ["event", "list", "--limit"],
            ["event", "list", "--limit", "x"], ["now", "--timeout", "0"], ["now", "--timeout", "x"], ["push", "one", "two"],
            ["event", "list", "--colour", "never"], ["event", "show"], ["search"],
            ["event", "add", "a", "b"], ["event", "add", "--city", "-x"], ["event", "add", "--", "-x"], ["status", "--json", "--plain"],
            ["status", "--json=1"], ["-qv", "status"], ["--help"], ["help", "status"], ["event", "add", "--color", "sometimes"],
            ["--version"], ["status", "list"],
        ])
    func `what is not plain is left to the parser`(arguments: [String]) {
        #expect(QuickReader.read(arguments) == nil)
    }
}
