import ArgumentParser
import SyncCore

struct KeyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "key", abstract: "This device's public key, and a recovery key for its person.",
        subcommands: [KeyShow.self, KeyRecovery.self])
}

struct KeyShow: Command {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Show what tells this device and this team from others: nothing secret.",
        discussion: "The id of a device is a hash of its public keys: who sees the same id on two screens has the same keys.")

    @OptionGroup(title: "Global options") var global: GlobalOptions

    func run(_ context: Context) throws {
        let replica = try context.open()
        let team = try replica.team()
        let own = try replica.ownRecoveryKeys()
        let recovery = try replica.recoveryKeys()
        let name = team.name(of: replica.device) ?? "this device"
        guard context.output.mode != .json else {
            return context.output.json(
                "key",
                [
                    ("team", .string(Base32.encode(team.team.bytes))), ("device", .string(Base32.encode(replica.device.bytes))),
                    ("name", .string(name)), ("recovery_slots", JSON(own.count)),
                    ("recovery_keys", .array(recovery.map { .string(Base32.encode($0.id.bytes)) })),
                ])
        }
        let rows: [(String, Line)] = [
            ("team", "\(team.genesis.teamName, .strong)  \(Self.grouped(team.team.bytes))"),
            ("device", "\(name, .strong)  \(Self.grouped(replica.device.bytes))"),
            ("recovery", Self.recovery(replica, own, recovery)),
        ]
        for (label, text) in rows {
            if context.output.mode == .plain {
                context.output.line(Line(label) + Line("\t", .separator) + text)
            } else {
                context.output.line("\(label, .faint)\(String(repeating: " ", count: 11 - label.count))\(text)", indent: 11)
            }
        }
    }

    private static func recovery(_ replica: Replica, _ own: [DeviceID], _ inTeam: [TeamState.Device]) -> Line {
        guard let first = own.first else { return "no recovery key opens this store:  \("sync key recovery", .strong)" }
        guard let member = inTeam.first(where: { $0.id == first }) else { return "a recovery key opens this store; it cannot enrol a new device" }
        return "\(member.enrolment.name) opens this store, and can enrol a new device"
    }

    /// Five characters at a time, to be compared by eye or by voice.
    private static func grouped(_ bytes: [UInt8]) -> String {
        let characters = Array(Base32.encode(bytes))
        return stride(from: 0, to: characters.count, by: 5).map { String(characters[$0..<min($0 + 5, characters.count)]) }
            .joined(separator: " ")
    }
}

struct KeyRecovery: Command {
    static let configuration = CommandConfiguration(
        commandName: "recovery", abstract: "Make a recovery key; an earlier one of this device ends.",
        discussion: """
            It opens this store when the passphrase is lost:  sync passphrase set --recovery,  sync unlock --recovery.
            A coordinator's is in the team like a device: with it you come back from another machine (sync recover), and the team key is sealed
            to it. An earlier one is removed from the team, which gives the team a new key. Whoever finds the text can do what you can.
            On a device that is no coordinator it opens this store, and no more.
            """)

    @Option(help: ArgumentHelp("Write it into this file, which must not be there yet, and show it nowhere.", valueName: "file"))
    var recoveryFile: String?

    @OptionGroup(title: "Global options") var global: GlobalOptions

    func run(_ context: Context) async throws {
        let replica = try context.open()
        let offer = RecoveryOffer(context, file: recoveryFile)
        guard offer.isPossible else {
            throw SyncError(
                .usage, "Nobody is here to keep a recovery key.", safe: Failure.unchanged,
                next: "Run it on a terminal, or say where to write it:  --recovery-file FILE.")
        }
        try confirm(replica, context)
        guard let key = try offer.make() else { return }
        let enrols = try offer.using { try replica.add(key) }
        let ended = try replica.removeRecoveryKeys(except: key)
        report(enrols: enrols, ended: ended, context.output)
        if enrols {
            await InviteNews.tellRelays(replica, context.output, "Until then the new recovery key finds nothing there, and an earlier one still works.")
        }
    }

    private func confirm(_ replica: Replica, _ context: Context) throws {
        let own = try replica.ownRecoveryKeys()
        guard !own.isEmpty else { return }
        let isInTeam = try replica.recoveryKeys().contains { own.contains($0.id) }
        try context.confirm(
            isInTeam
                ? "The recovery key that there is ends: it is removed from the team, and the team gets a new key. Go on?"
                : "The recovery key that there is opens this store no more. Go on?")
    }

    private func report(enrols: Bool, ended: Int, _ output: Output) {
        guard output.mode != .json else {
            return output.json("recovery_key", [("enrols", JSON(enrols)), ("ended", JSON(ended)), ("file", JSON(recoveryFile))])
        }
        output.say(
            enrols
                ? "There is a recovery key: it opens this store, and brings you back from another device with  \("sync recover", .strong)"
                : "There is a recovery key: it opens this store. It cannot enrol a new device, as this one is no coordinator's.")
        if ended > 0 { output.say("The earlier one was removed from the team, and opens nothing any more. The team has a new key.") }
        if let recoveryFile { output.say("It is in \(recoveryFile): keep it somewhere else than this device.") }
    }
}
