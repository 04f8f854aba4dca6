/// How much happened: a simulator whose accidents never happen finds nothing.
struct Counts: Sendable, CustomStringConvertible {
    var runs = 0
    var steps = 0
    var saved = 0
    var messagesHurt = 0
    /// Of processes; so many of them in the middle of a write.
    var crashes = 0
    var crashesInside = 0
    var fullDisks = 0

    static func += (a: inout Counts, b: Counts) {
        a.runs += b.runs
        a.steps += b.steps
        a.saved += b.saved
        a.messagesHurt += b.messagesHurt
        a.crashes += b.crashes
        a.crashesInside += b.crashesInside
        a.fullDisks += b.fullDisks
    }

    var description: String {
        "\(runs) runs, \(steps) steps, \(saved) changes saved, \(messagesHurt) messages hurt, \(crashes) crashes (\(crashesInside) in a write), "
            + "\(fullDisks) full disks"
    }
}
