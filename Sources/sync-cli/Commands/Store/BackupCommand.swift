import ArgumentParser
import SyncCore

struct BackupCommand: Command {
    static let configuration = CommandConfiguration(
        commandName: "backup", abstract: "Write a backup. The store may be in use meanwhile.",
        discussion: """
            Without more, a backup is a bundle of everything that is here: sealed, and of no use to whoever finds it. It leaves out this
            device's identity (its keys); so a restore needs the key file of this device, or a device of the team.

            With --with-identity it is this device whole, with what was never sent. Whoever has it is this device: keep it like a key.

              sync backup /media/disk/april.backup
              sync backup - --with-identity | gpg -c > april.gpg
            """)

    @Argument(help: "The file; - is standard output. A file that is there is not replaced.")
    var file: String

    @Flag(help: "With this device's keys: everything that is needed to go on elsewhere.")
    var withIdentity = false

    @OptionGroup(title: "Global options") var global: GlobalOptions

    func run(_ context: Context) throws {
        let replica = try context.open()
        let target = try OutputTarget(file, context.output)
        if withIdentity {
            let written = try target.writing { try replica.writeBackup(to: $0) }
            report(written, context.output)
        } else {
            let written = try target.writing { try replica.writeBundle(to: $0) }
            report(written, context.output)
        }
    }

    private var name: String { file == "-" ? "a backup" : file }

    private func report(_ written: BackupWritten, _ output: Output) {
        let unsent = written.unsent == 0 ? "" : ", \(StatusCommand.count(written.unsent, "change")) of them never sent"
        guard output.mode != .json else {
            return json([("bytes", JSON(written.bytes)), ("changes", JSON(written.changes)), ("unsent", JSON(written.unsent))], output)
        }
        output.say("Wrote \(name), \(ExchangeRunner.size(written.bytes)): this device whole, its keys and \(StatusCommand.count(written.changes, "change"))\(unsent).")
        output.say("Whoever has this file and what opens the store's key file is this device. Restore it with  sync restore \(file) --store DIR")
    }

    private func report(_ written: BundleWritten, _ output: Output) {
        guard output.mode != .json else {
            return json(
                [("bytes", JSON(written.bytes)), ("segments", JSON(written.segments)), ("unsealed", JSON(written.unsealed))], output)
        }
        output.say("Wrote \(name), \(ExchangeRunner.size(written.bytes)): every record and who is in the team, sealed.")
        output.say(
            "Not in it: this device's keys. It can be restored beside the key file of this device, or on a device that joined the team (sync invite, sync join).")
        if written.unsealed > 0 {
            output.tell(
                "\("!", .attention) \(StatusCommand.count(written.unsealed, "change")) of this device cannot be sealed at present, and are not in it:  --with-identity  takes them in.")
        }
    }

    private func json(_ members: [(String, JSON)], _ output: Output) {
        let all: [(String, JSON)] = [("file", .string(file)), ("with_identity", JSON(withIdentity))] + members
        if file == "-" { output.tellJSON(JSON.line("backup", all)) } else { output.json("backup", all) }
    }
}
