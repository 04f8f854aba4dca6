import Foundation
import Testing

/// `--strict` ends with 3 while anything needs a person, after everything was done.
@Suite struct StrictTests {
    @Test func `an exchange that leaves conflicts ends with 3, and has exchanged all the same`() throws {
        let team = try WiredTeam()
        let id = try team.must("ana", "event", "add", "Vigil", "-q").id
        try team.must("ana", "now", "--strict")
        try team.must("ben", "now", "--strict")
        try team.must("ana", "event", "edit", id, "--city", "Leeds")
        try team.must("ben", "event", "edit", id, "--city", "York")
        try team.must("ana", "push")
        let now = try team.on("ben", ["now", "--strict"])
        #expect(now.exit == 3 && now.out.contains("1 thing needs a person:  \(id)  place"))
        #expect(["1 conflict remains.", "Every value is kept.", "See  sync conflicts list."].allSatisfy(now.err.contains), "\(now)")
        // What was to be sent was sent.
        for arguments in [["pull", "--strict"], ["push", "--strict"], ["pull", "--strict", "--json"], ["conflicts", "list", "--check"]] {
            #expect(try team.on("ana", arguments).exit == 3, "\(arguments)")
        }
        #expect(try team.must("ana", "pull", "--json").out.contains(#""conflicts":1"#))
        #expect(try team.must("ana", "pull").exit == 0)
        let bundle = team.environment.folder + "/out.bundle"
        try team.must("ana", "bundle", "create", bundle)
        #expect(try team.on("ben", ["bundle", "apply", "--strict", bundle]).exit == 3)
        try team.must("ben", "conflicts", "resolve", id, "place", "--take", "1")
        try team.must("ben", "now", "--strict")
        try team.must("ana", "now", "--strict")
        #expect(try team.export("ana") == team.export("ben"))
    }
}
