import Testing

/// Who is in the team, as the command line shows and changes it.
@Suite struct DevicesTests {
    @Test func `F5 a coordinator removes a device: one command, and everybody learns at the next exchange`() throws {
        let team = try WiredTeam()
        try team.must("ana", "event", "add", "Leeds", "--on", "22 April 2017", "--city", "Leeds")
        try team.must("ben", "event", "add", "York", "--on", "22 April 2017", "--city", "York")
        try team.must("ben", "push")
        let list = try team.must("ana", "devices")
        #expect(list.lines.count == 2)
        #expect(list.out.contains("Benvolio's Handset"))
        #expect(list.out.contains("this device"))
        let asked = try team.on("ana", ["devices", "remove", "benvolio's handset"])
        #expect(asked.exit == 2)
        #expect(asked.err.contains("--yes"))
        let removed = try team.must("ana", "devices", "remove", "benvolio's handset", "--yes")
        #expect(removed.out.contains("Removed Benvolio's Handset. 1 change of it goes on counting"))
        #expect(removed.out.contains("new key, sealed to 1 device"))
        #expect(removed.err.contains("What Benvolio's Handset held until now stays on it"))
        #expect(try team.must("ana", "event", "list").lines.count == 2)
        #expect(try team.must("ana", "devices", "list").out.contains("removed"))

        // What Ben writes now reaches nobody, and he is told why.
        let pull = try team.on("ben", ["pull"])
        #expect(pull.exit == 4)
        #expect(pull.err.contains("This device was removed from the team"))
        let add = try team.on("ben", ["event", "add", "Rome", "--on", "22 April 2017"])
        #expect(add.exit == 4)
        #expect(add.err.contains("Nothing was saved"))
        #expect(try team.must("ben", "event", "list").out.contains("York"))
        #expect(try team.must("ben", "status").out.contains("put out of the team"))
        #expect(try team.must("ana", "devices", "--json").lines.count == 2)
    }

    @Test func `review lists what does not count with what it would do, and accepts it one by one`() throws {
        let team = try WiredTeam()
        try team.must("ana", "event", "add", "Leeds", "--on", "22 April 2017", "--city", "Leeds")
        try team.must("ana", "now")
        try team.must("ben", "now")
        let id = try team.must("ben", "event", "list", "--json").out.split(separator: "\"").first { $0.count == 26 }
        let record = String(try #require(id))
        try team.must("ben", "event", "edit", record, "--title", "Not Leeds")
        try team.must("ben", "event", "add", "York", "--on", "22 April 2017")
        #expect(try team.must("ana", "review").err.contains("Every change that is here counts"))
        // The relay does not answer: what Ben sent later is not known to Ana.
        try team.must("ana", "remote", "rm", "relay")
        try team.must("ana", "devices", "remove", "Benvolio's Handset", "--yes")
        try team.must("ben", "push")
        try team.must("ana", "remote", "add", "relay", team.wire.url)
        try team.must("ana", "pull")
        #expect(try team.must("ana", "event", "list").lines.count == 1)
        #expect(try team.must("ana", "status").out.contains("2 changes: by a device that was removed:  sync review"))
        let review = try team.must("ana", "review")
        #expect(review.out.contains("title Not Leeds"))
        #expect(review.out.contains("new event · title York"))
        let names = review.lines.filter { !$0.hasPrefix(" ") }.compactMap { $0.split(separator: " ").first.map(String.init) }
        #expect(names.count == 2)
        #expect(try team.on("ana", ["review", "accept", "nobody/1"]).exit == 2)
        try team.must("ana", "review", "accept", names[1])
        #expect(try team.must("ana", "event", "list").out.contains("York"))
        #expect(try !team.must("ana", "event", "list").out.contains("Not Leeds"))
        #expect(try team.must("ana", "review", "--json").lines.count == 1)
    }

    @Test func `since: a time today, and no other zone`() throws {
        let team = try WiredTeam()
        try team.must("ben", "event", "add", "York", "--on", "22 April 2017")
        try team.must("ben", "push")
        #expect(try team.on("ana", ["devices", "remove", "Benvolio's Handset", "--since", "nonsense", "--yes"]).exit == 2)
        #expect(try team.on("ana", ["devices", "remove", "Benvolio's Handset", "--since", "11:00 Asia/Tokyo", "--yes"]).exit == 2)
        // It is noon: Ben wrote at noon.
        let removed = try team.must("ana", "devices", "remove", "Benvolio's Handset", "--since", "11:59", "--yes")
        #expect(removed.out.contains("0 changes of it go on counting"))
        #expect(removed.out.contains("1 change does not count any more"))
    }

    @Test func `names and roles, and what is refused`() throws {
        let team = try WiredTeam()
        try team.must("ana", "devices", "rename", "Benvolio's Handset", "Ben")
        try team.must("ana", "devices", "role", "ben", "reader")
        try team.must("ben", "now")
        #expect(try team.must("ben", "devices").out.contains("reader"))
        #expect(try team.must("ben", "status").out.contains("Ben, reader"))
        #expect(try team.on("ben", ["event", "add", "York", "--on", "22 April 2017"]).exit == 4)
        for refused in [
            ["devices", "remove", "nobody", "--yes"], ["devices", "remove", "Anastasia's Thinkpad", "--yes"], ["devices", "role", "Ben", "king"],
            ["devices", "role", "Ben", "reader"], ["devices", "role", "Anastasia's Thinkpad", "reader"], ["devices", "rename", "Ben", "\u{1b}[2J"],
        ] { #expect(try team.on("ana", refused).exit == 2, "\(refused)") }
        #expect(try team.on("ben", ["devices", "remove", "Anastasia's Thinkpad", "--yes"]).exit == 4)
        #expect(try team.on("ben", ["devices", "role", "Ben", "coordinator"]).exit == 4)
        try team.must("ana", "devices", "role", "Ben", "coordinator")
        try team.must("ben", "now")
        #expect(try team.must("ben", "devices", "remove", "Anastasia's Thinkpad", "--yes").exit == 0)
        #expect(try team.on("ana", ["now"]).exit == 4)
    }
}
