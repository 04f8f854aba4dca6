/// How much of everything a run has: every probability is here. Weights are among steps, the rest are per mille.
struct Options: Hashable, Sendable {
    var machines = 3
    var relays = 1
    var steps = 50

    var edits = 600
    var mischief = 0
    var exchanges = 300
    var direct = 60
    var bundles = 0
    var rebuilds = 15
    var restarts = 15
    var clockJumps = 0
    var versions = 0
    var clones = 0
    var backups = 0
    var relayBackups = 0
    var removals = 0

    /// Of each exchange: that something happens to one of its messages.
    var lossy = 0
    /// Of each step on a machine: that its process dies in the middle of a write to a file, or that its disk is full from then on.
    var crashes = 0
    var fullDisks = 0

    static let calm = Options()

    /// Everything at once.
    static let wild: Options = {
        var options = Options()
        options.machines = 4
        options.relays = 2
        (options.mischief, options.bundles, options.clockJumps, options.versions) = (60, 60, 15, 15)
        (options.clones, options.backups, options.relayBackups, options.removals) = (8, 16, 16, 6)
        (options.lossy, options.crashes, options.fullDisks) = (250, 40, 15)
        return options
    }()

    /// A seed's own choice of them: a run in which everything happens at once hides what only some of it brings out.
    static func drawn(from dice: inout Dice, steps: Int? = nil) -> Options {
        var options = wild
        options.machines = 2 + dice.below(4)
        options.relays = 1 + dice.below(2)
        options.steps = steps ?? 30 + dice.below(50)
        let faults: [WritableKeyPath<Options, Int>] = [
            \.mischief, \.direct, \.bundles, \.clockJumps, \.versions, \.clones, \.backups, \.relayBackups, \.removals, \.lossy,
            \.crashes, \.fullDisks,
        ]
        for fault in faults where dice.chance(400) { options[keyPath: fault] = 0 }
        // What starts again from the whole log costs more the longer it is: a long run has many of these, and not one every few steps.
        if options.steps > 1000 {
            for fault in [\Options.rebuilds, \.crashes, \.fullDisks, \.backups, \.relayBackups] { options[keyPath: fault] /= 4 }
        }
        return options
    }
}
