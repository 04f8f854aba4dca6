import Foundation
import Testing

@testable import SyncCore

extension Interchange {
    @Suite struct Seeds {
        private static let root = URL(filePath: #filePath).appending(path: "../../../..").standardizedFileURL

        private func read(_ path: String) throws -> [UInt8] { Array(try Data(contentsOf: Self.root.appending(path: path))) }

        private func seeds(_ name: String) throws -> [RecordDocument] {
            let format = try #require(InterchangeFormat.detect(fileName: name))
            return Interchange.documents(try read("seeds/\(name)"), format)
        }

        @Test func areReadWithoutAProblem() throws {
            let events = try seeds("1-events.ndjson")
            let petitions = try seeds("2-petitions.ndjson")
            let counts = try seeds("3-counts.csv")
            #expect(events.count == 16 && events.allSatisfy { $0.kind == .event })
            #expect(petitions.count == 3 && petitions.allSatisfy { $0.kind == .petition })
            #expect(counts.flatMap { $0.entries(Field.counts) }.count == 8)
            #expect(Set(counts.flatMap { $0.entries(Field.counts).map(\.key) }).count == 8)
            #expect(petitions.flatMap { $0.entries(Field.readings) }.count == 1)
            #expect(petitions.flatMap { $0.entries(Field.milestones) }.count == 1)
            #expect(petitions.compactMap { $0.value(Field.goal)?[part: Part.Goal.value] } == [.integer(1_000_000)])
            #expect(Set((events + petitions).map(\.id)).count == 19)
            #expect(Set(counts.map(\.id)).isSubset(of: Set(events.map(\.id))))
            #expect((events + petitions).allSatisfy { !$0.items(Field.sources).isEmpty })
        }

        @Test func linksNameSeeds() throws {
            let documents = try seeds("1-events.ndjson") + seeds("2-petitions.ndjson")
            let codes = Set(documents.flatMap { $0.set(Field.codes) })
            let targets = documents.flatMap { $0.set(Field.links) }.compactMap { $0[part: Part.Link.target] }
            for target in targets where target.text?.hasPrefix("seed:") == true { #expect(codes.contains(target)) }
        }

        @Test func paris() throws {
            let paris = try #require(
                try seeds("1-events.ndjson").first { $0.set(Field.codes) == [.text("seed:paris-2017-04-13")] })
            #expect(paris.value(Field.starts) == .text("2017-04-13T19:00[Europe/Paris]"))
            #expect(paris.value(Field.status) == .text("called"))
            #expect(
                paris.items(Field.organisers).map { $0.value(Part.Organiser.role) } == Array(repeating: .text("caller"), count: 4)
            )
        }

        /// The reports themselves, which are not part of this repository.
        private static let reports: [String] = {
            var folders = ["\(root.path)/../shared/seeds"]
            if let data = ProcessInfo.processInfo.environment["SYNC_TEST_DATA"] {
                folders = ["\(data)/../seeds", "\(data)/../shared/seeds"] + folders
            }
            return folders.lazy.map { folder in
                let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
                return names.filter { $0.hasSuffix(".txt") }.map { "\(folder)/\($0)" }
            }.first { !$0.isEmpty } ?? []
        }()

        @Test(.enabled(if: !Seeds.reports.isEmpty, "The reports that the seeds come from are not on this machine."))
        func noSentenceIsCopied() throws {
            let reports = try Self.reports.reduce(into: Set<[String]>()) { runs, file in
                runs.formUnion(Self.runs(try String(contentsOfFile: file, encoding: .utf8)))
            }
            #expect(reports.count > 1000)
            for name in ["1-events.ndjson", "2-petitions.ndjson", "3-counts.csv", "README.md"] {
                for line in String(decoding: try read("seeds/\(name)"), as: UTF8.self).split(separator: "\n") {
                    for run in Self.runs(String(line)) {
                        #expect(!reports.contains(run), "\(name): \(run.joined(separator: " "))")
                    }
                }
            }
        }

        /// All runs of eight words.
        private static func runs(_ text: String) -> [[String]] {
            let words = text.lowercased().split { !$0.isLetter && !$0.isNumber }.map(String.init)
            return words.indices.dropLast(7).map { Array(words[$0..<($0 + 8)]) }
        }

        @Test func theManualsExampleIsOne() throws {
            let text = String(decoding: try read("docs/formats.md"), as: UTF8.self)
            let block = try #require(
                text.split(separator: "```json\n", maxSplits: 1).last?.split(separator: "\n```", maxSplits: 1).first)
            let line = block.split(separator: "\n").map { $0.drop { $0 == " " } }.joined()
            let documents = Interchange.documents(line, .ndjson)
            #expect(documents.count == 1)
            #expect(String(decoding: Interchange.export(documents, NDJSONWriter()).bytes, as: UTF8.self) == line + "\n")
        }
    }
}
