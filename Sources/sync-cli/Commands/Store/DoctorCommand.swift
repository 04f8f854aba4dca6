import ArgumentParser
import SyncCore

struct DoctorCommand: Command {
    static let configuration = CommandConfiguration(
        commandName: "doctor", abstract: "Look for what could go wrong: files, database, clock, disk.",
        discussion: "Changes nothing. Exits with 7 where the store is damaged.")

    @OptionGroup(title: "Global options") var global: GlobalOptions

    func run(_ context: Context) throws {
        var checks = [MachineChecks.shell(context.environment), MachineChecks.database()]
        var failure: SyncError?
        do {
            let folder = try StoreFinder(global, context.environment).folder()
            checks += StoreChecks.files(folder)
            let replica = try context.open()
            checks += try StoreChecks.store(replica, now: context.clock.now)
            if replica.isSealed, let swap = MachineChecks.swap() { checks.append(swap) }
            checks.append(MachineChecks.disk(folder))
        } catch let error as SyncError {
            failure = error
            checks.append(Check("store", error.kind == .locked ? .attention : .bad, error.what))
        }
        report(checks, context.output)
        if let failure { throw failure }
        if checks.contains(where: { $0.verdict == .bad }) {
            throw SyncError(
                .integrity, "The store is damaged.", safe: "Nothing was changed.",
                next: "Keep a copy of its folder. What was sent can be fetched again: join the team anew in another folder.")
        }
    }

    private func report(_ checks: [Check], _ output: Output) {
        if output.mode == .json {
            for check in checks {
                output.json(
                    "check",
                    [("name", .string(check.name)), ("verdict", .string(check.verdict.rawValue)), ("text", .string(check.text))])
            }
            return
        }
        for check in checks {
            if output.mode == .plain {
                output.line("\(check.verdict.rawValue)\(Line("\t", .separator))\(check.name)\(Line("\t", .separator))\(check.text)")
                continue
            }
            let isGood = check.verdict == .good
            let fill = String(repeating: " ", count: max(1, 13 - check.name.count))
            output.line("\(isGood ? "ok" : "! ", isGood ? .faint : .attention)  \(check.name)\(fill)\(check.text)", indent: 17)
        }
    }
}

/// One thing that was looked at.
struct Check {
    enum Verdict: String {
        case good = "ok"
        case attention, bad
    }

    let name: String
    let verdict: Verdict
    let text: String

    init(_ name: String, _ verdict: Verdict, _ text: String) {
        self.name = name
        self.verdict = verdict
        self.text = text
    }
}
