import ArgumentParser
import SyncCore

/// `sync help TOPIC`: what belongs to no single command.
enum HelpTopic: String, CaseIterable {
    case exitCodes = "exit-codes"
    case environment
    case formats
    case privacy

    /// Prints the topic that the arguments ask for; false where they ask for something else.
    static func print(_ arguments: [String]) throws -> Bool {
        guard arguments.count == 2, arguments[0] == "help", let topic = HelpTopic(rawValue: arguments[1]) else { return false }
        let output = Output(GlobalOptions.forTalk, Environment())
        output.raw(Array((topic.text + "\n").utf8))
        output.flush()
        return true
    }

    private var text: String {
        switch self {
        case .exitCodes: Self.exitCodesText
        case .environment: Self.environmentText
        case .formats: Self.formatsText
        case .privacy: Self.privacyText
        }
    }

    private static let exitCodesText = """
        0    done; also "nothing to do", and "merged, conflicts listed"
        1    other failure
        2    usage: something in the command is wrong; nothing was changed
        3    conflicts remain (--strict, conflicts list --check)
        4    not joined, removed, or needs an invite
        5    remote unreachable or timed out: local data is safe, retry helps
        6    remote refused (version, quota, role): retry will not help
        7    integrity failure: bad signature, damaged store
        8    locked, or wrong passphrase or recovery key
        10   no store here
        11   store in use by another process
        12   safety brake: too many deletions in one exchange
        130  interrupted; state is consistent
        """

    private static let environmentText = """
        SYNC_STORE            the folder of the store; --store and --team go before it
        SYNC_PASSPHRASE_FILE  a file whose first line is the passphrase; --passphrase-file goes before it
        SYNC_SERVE_…          the options of  sync serve : SYNC_SERVE_TEAM_SIZE is --team-size, which goes before it
        SYNC_SERVE_CONFIG     a file of JSON with settings of  sync serve ; --config goes before it
        SYNC_POSTGRES         SYNC_SERVE_POSTGRES by another name: where  sync serve  keeps what it is given
        SYNC_RECOVERY_FILE    a file whose first line is the recovery key, where one is asked for; --recovery-file goes before it
        XDG_DATA_HOME         stores are in its folder sync, one a team (else ~/.local/share/sync)
        XDG_RUNTIME_DIR       sync unlock  keeps keys in its folder sync (else in /run/user/UID or /dev/shm: in memory only);
                              --editor writes into it
        VISUAL, EDITOR        what  event edit --editor  starts (else vi)
        HOME                  used where XDG_DATA_HOME is not set
        TZ                    the zone of times that name none, and of times shown (else the system's)
        NO_COLOR              set to anything: no colours
        CLICOLOR_FORCE        set to anything but 0: colours even where output is no terminal
        COLUMNS               the width to fit into (else the terminal's; none where output is no terminal)
        SYNC_NOW              a fixed clock in milliseconds since 1970: for tests
        SYNC_SCRYPT_ROUNDS    N of scrypt for a passphrase that is set (else 131072): for tests
        """

    private static let formatsText = """
        ndjson  .ndjson .jsonl  one record a line, without loss: for copies, scripts and other systems
        csv     .csv .tsv       tables for spreadsheets: events, petitions, counts, readings (the header says which)

        sync export --format ndjson -o all.ndjson
        sync export --format csv --kind counts -o counts.csv
        sync import all.ndjson            importing again changes nothing

        Dates are read as people write them ("22 April 2017", "13 avril 2017 19h00"). A line with an error is reported with
        its line and column and skipped whole.
        """

    private static let privacyText = """
        What is here: every record of the team. Without a passphrase anybody who can read this disk can read them. With one
        (sync passphrase set, or when the store is made) keys, lists, unsent changes, settings and the addresses of relays
        are sealed, and what you look at is in memory alone. Then the disk still tells: that this is a store, how many devices
        and changes there are and how large, when its files were last used. While it is unlocked, whoever sits here can read.
        Swap and hibernation may put memory on the disk: encrypt them, or turn them off. A passphrase that is set later cannot
        reach what a flash disk kept of the files before. Nobody can find a forgotten one; a recovery key opens the store
        without it, and lets whoever has it into the team: keep it like a house key, and not beside the device.
        sync redact  takes a value out of the history, on every device and relay that hears of it; not from sticks and backups.
        sync lock  ends an unlock.  sync wipe --all --yes -q  destroys everything, and asks nothing.
        What a relay sees: that some device talks to it, when, and about how much. It cannot read records.
        What a bundle tells whoever finds it: no more than a relay sees, and not when anything was written.
        A backup without --with-identity is such a bundle; one with it is this device: keep it like a key.
        What others of the team see: every record, with the name of the device that wrote it and its clock's time.
        What is never asked for: the names of people who signed. Petitions hold numbers only.
        visibility: public may be published; team (the default) stays among the team; sealed is the strictest. Where two
        people disagree, the stricter counts.
        """
}

extension GlobalOptions {
    /// All defaults, where there are no arguments to take them from.
    static var forTalk: GlobalOptions { parseOrExit([]) }
}
