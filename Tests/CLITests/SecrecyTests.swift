import Foundation
import Testing

/// What passes over the wire, and what a relay keeps, hold nothing that a person wrote.
@Suite struct SecrecyTests {
    private static let planted = [
        "Zanzibarquartier", "Przewodnicząca", "Popocatepetlplatz", "wheelchairmarshal", "Bartholomewson", "Rijksuniversiteitspoort",
    ]

    /// A word as it is, and as it would stand in Base64 or hexadecimal digits, wherever it begins.
    private static func forms(_ word: String) -> [[UInt8]] {
        let bytes = Array(word.utf8)
        let base64 = (0..<3).map { shift in
            // Only the groups that the word alone decides.
            let text = Data([UInt8](repeating: 0, count: shift) + bytes).base64EncodedString()
            return Array(text.utf8.dropFirst(shift == 0 ? 0 : 4).dropLast(4))
        }
        let utf16 = word.utf16.flatMap { [UInt8($0 & 0xff), UInt8($0 >> 8)] }
        let hex = bytes.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
        return [bytes, utf16, Array(hex.utf8)] + base64
    }

    @Test func `the wire and the relay's files hold no word of a record, a name or a code`() throws {
        let team = try WiredTeam()
        let words = Self.planted
        try team.must(
            "ana", "event", "add", "Rally at \(words[0])", "--city", words[2], "--description", "\(words[1]), \(words[3])", "--count",
            "around 4321987", "--organiser", words[4])
        try team.must("ana", "petition", "add", words[5])
        try team.must("ana", "now")
        try team.must("ben", "now")
        let id = try team.must("ben", "search", words[0], "--json").out
        #expect(id.contains(words[0]))
        let found = try team.must("ben", "event", "list", "--json").out
        #expect(found.contains(words[2]))

        var places = [("the way to the relay", team.wire.passed(.toRelay)), ("the way from it", team.wire.passed(.fromRelay))]
        for name in try FileManager.default.contentsOfDirectory(atPath: team.relayFolder) {
            places.append((name, Array(try Data(contentsOf: URL(fileURLWithPath: team.relayFolder + "/" + name)))))
        }
        let secrets = words + [WiredTeam.team] + WiredTeam.devices + ["4321987", team.code] + [team.code.replacing("-", with: "")]
        for (place, bytes) in places {
            let hay = Data(bytes)
            for secret in secrets {
                for form in Self.forms(secret) { #expect(hay.range(of: Data(form)) == nil, "\(secret) in \(place)") }
            }
        }
        // The search finds what is there: what the protocol says openly.
        let sent = Data(team.wire.passed(.toRelay))
        #expect(sent.range(of: Data("/v1/teams/".utf8)) != nil)
        #expect(sent.range(of: Data("POST".utf8)) != nil && places.contains { $0.0.hasSuffix(".db") })
    }
}
