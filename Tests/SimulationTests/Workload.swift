/// Draws the steps of a script. It knows nothing of what comes of them, so that any of them can be left out.
struct Workload {
    private let options: Options
    private var dice: Dice
    private var steps: [Step] = []

    static func script(seed: UInt64, options: Options? = nil, steps: Int? = nil) -> Script {
        var dice = Dice(seed)
        let options = options ?? .drawn(from: &dice, steps: steps)
        var workload = Workload(options: options, dice: dice)
        for _ in 0..<options.steps { workload.draw() }
        return Script(seed: seed, machines: options.machines, relays: options.relays, steps: workload.steps)
    }

    private init(options: Options, dice: Dice) {
        self.options = options
        self.dice = dice
    }

    private enum Draw {
        case edit, mischief, exchange, direct, bundle, rebuild, restart, clock, clone, backup, relayBackup, removal
    }

    private mutating func draw() {
        let draw = dice.pick(weighted: [
            (Draw.edit, options.edits), (.mischief, options.mischief), (.exchange, options.exchanges), (.direct, options.direct),
            (.bundle, options.bundles), (.rebuild, options.rebuilds), (.restart, options.restarts), (.clock, options.clockJumps),
            (.clone, options.clones), (.backup, options.backups), (.relayBackup, options.relayBackups), (.removal, options.removals),
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
        case .clone: steps.append(Step(dice.chance(500) ? .clone : .copy, machine))
        case .backup: steps.append(Step(dice.chance(600) ? .backup : .recover, machine))
        case .relayBackup:
            let verb: Step.Verb = dice.pick([.relaybackup, .relaybackup, .relayrestore, .relaywipe])
            steps.append(Step(verb, dice.below(16)))
        case .removal: steps.append(Step(dice.chance(300) ? .remove : .rogue, machine, dice.below(16)))
        }
    }

    private mutating func exchange(_ machine: Int) {
        if dice.chance(options.lossy) { steps.append(Step(.fault, dice.below(8), dice.below(16), dice.below(1000))) }
        let relay = dice.below(16)
        switch dice.below(4) {
        case 0: steps.append(Step(.push, machine, relay))
        case 1: steps.append(Step(.pull, machine, relay))
        default: steps += [Step(.pull, machine, relay), Step(.push, machine, relay)]
        }
    }

    /// Few records, values and keys, so that edits meet.
    private mutating func edit(_ machine: Int) -> Step {
        let (record, value, key) = (dice.below(4), dice.below(4), dice.below(2))
        let verb: Step.Verb = dice.pick(weighted: [
            (.create, 4), (.title, 14), (.starts, 4), (.platform, 5), (.visibility, 6), (.description, 8), (.cause, 10), (.uncause, 6),
            (.note, 6), (.retract, 4), (.organiser, 9), (.role, 4), (.unorganiser, 7), (.tally, 8), (.closetally, 2), (.delete, 8),
            (.restore, 6), (.several, 10),
        ])
        switch verb {
        case .create: return Step(verb, machine, dice.below(2), value)
        case .delete, .restore, .closetally: return Step(verb, machine, record)
        case .tally: return Step(verb, machine, record, 1 + dice.below(9))
        case .several: return Step(verb, machine, record, dice.below(1 << 20))
        case .note, .organiser, .role: return Step(verb, machine, record, value, key)
        case .retract, .unorganiser: return Step(verb, machine, record, key)
        default: return Step(verb, machine, record, value)
        }
    }
}
