/// Draws the steps of a script. It knows nothing of what comes of them, so that any of them can be left out.
struct Workload {
    private let options: Options
    private let edits: [(element: Step.Verb, weight: Int)]
    private let records: Int
    private var dice: Dice
    private var steps: [Step] = []

    static func script(seed: UInt64, options: Options? = nil, steps: Int? = nil) -> Script {
        var dice = Dice(seed)
        let options = options ?? .drawn(from: &dice, steps: steps)
        var workload = Workload(options: options, dice: dice)
        while workload.steps.count < options.steps { workload.draw() }
        return Script(
            seed: seed, machines: options.machines, relays: options.relays, records: max(workload.records, 3), steps: workload.steps)
    }

    private init(options: Options, dice: Dice) {
        var dice = dice
        self.options = options
        edits = (0..<(2 + dice.below(3))).flatMap { _ in dice.pick(Self.kinds) }
        records = 1 + dice.below(max(3, options.steps / Self.stepsPerRecord))
        self.dice = dice
    }

    /// A long run is one of many records: thousands of edits of one are no team's, and show nothing that hundreds do not.
    private static let stepsPerRecord = 40

    /// A run has few kinds of edits, so that they meet: many that do not show nothing (A. Groce and others, "Swarm testing", 2012).
    private static let kinds: [[(element: Step.Verb, weight: Int)]] = [
        [(.title, 3)], [(.starts, 3)], [(.platform, 3)], [(.visibility, 3)], [(.description, 3)],
        [(.cause, 3), (.uncause, 3)], [(.note, 3), (.retract, 1)], [(.organiser, 3), (.role, 1), (.unorganiser, 2)],
        [(.tally, 4), (.closetally, 1)], [(.delete, 2), (.restore, 1), (.title, 2)], [(.several, 3)], [(.create, 1), (.several, 1)],
        [(.same, 3), (.different, 2), (.title, 1)],
    ]

    private enum Draw {
        case edit, mischief, exchange, direct, bundle, rebuild, restart, clock, version, clone, backup, relayBackup, removal
    }

    private mutating func draw() {
        let draw = dice.pick(weighted: [
            (Draw.edit, options.edits), (.mischief, options.mischief), (.exchange, options.exchanges), (.direct, options.direct),
            (.bundle, options.bundles), (.rebuild, options.rebuilds), (.restart, options.restarts), (.clock, options.clockJumps),
            (.version, options.versions), (.clone, options.clones), (.backup, options.backups),
            (.relayBackup, options.relayBackups), (.removal, options.removals),
        ])
        let machine = dice.below(16)
        if dice.chance(options.crashes) { steps.append(Step(.crash, machine, dice.below(dice.pick([4, 12, 60])), dice.below(3))) }
        if dice.chance(options.fullDisks) { steps.append(Step(.full, machine, dice.below(dice.pick([4, 12, 60])))) }
        switch draw {
        case .edit: steps.append(edit(machine))
        case .mischief: steps.append(Step(dice.chance(800) ? .forge : .unknown, machine, dice.below(1 << 20)))
        case .exchange: exchange(machine)
        case .direct: steps.append(Step(.carry, machine, dice.below(16), dice.below(64)))
        case .bundle: steps.append(Step(dice.chance(500) ? .bundle : .apply, machine, dice.below(8), dice.below(1000)))
        case .rebuild: steps.append(Step(.rebuild, machine))
        case .restart: steps.append(Step(.reopen, machine))
        case .clock: steps.append(Step(.clock, machine, dice.below(8000) - 4000))
        case .version: steps.append(Step(.version, machine, dice.below(2)))
        case .clone: steps.append(Step(dice.chance(500) ? .clone : .copy, machine))
        case .backup: steps.append(Step(dice.chance(600) ? .backup : .recover, machine))
        case .relayBackup:
            let verb: Step.Verb = dice.pick([.relaybackup, .relaybackup, .relayrestore, .relaywipe])
            steps.append(Step(verb, dice.below(16)))
        case .removal: steps.append(Step(dice.chance(300) ? .remove : .rogue, machine, dice.below(16)))
        }
    }

    private mutating func exchange(_ machine: Int) {
        if dice.chance(options.lossy) { steps.append(Step(.fault, dice.below(8), dice.below(5), dice.below(1000))) }
        let relay = dice.below(16)
        switch dice.below(4) {
        case 0: steps.append(Step(.push, machine, relay))
        case 1: steps.append(Step(.pull, machine, relay))
        default: steps += [Step(.pull, machine, relay), Step(.push, machine, relay)]
        }
    }

    /// Few records, values and keys, so that edits meet.
    private mutating func edit(_ machine: Int) -> Step {
        let (record, value, key) = (dice.below(records), dice.below(3), dice.below(2))
        let verb = dice.pick(weighted: edits)
        switch verb {
        case .create: return Step(verb, machine, dice.below(2), value)
        case .delete, .restore, .closetally: return Step(verb, machine, record)
        case .same, .different: return Step(verb, machine, dice.below(max(records, 4)), 1 + dice.below(3))
        case .tally: return Step(verb, machine, record, 1 + dice.below(9))
        case .several: return Step(verb, machine, record, dice.below(1 << 20))
        case .note, .organiser, .role: return Step(verb, machine, record, value, key)
        case .cause, .uncause: return Step(verb, machine, record, value % 2)
        case .retract, .unorganiser: return Step(verb, machine, record, key)
        default: return Step(verb, machine, record, value)
        }
    }
}
