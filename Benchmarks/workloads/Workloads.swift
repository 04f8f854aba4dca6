import Foundation
import SyncCore

/// What this engine takes for the workloads that its peers are measured on. Each command is a process of its own, on stores that the
/// command line made; figures go to standard output, one line of JSON each. `Benchmarks/run.py` runs them, and checks what came of it.
///
///     workloads write STORE DATA             W1: all records, 1,000 a change
///     workloads singles STORE DATA           W1: 2,000 changes of one record each
///     workloads edit STORE DATA FILE         the edits of a file, 1,000 a change
///     workloads push STORE                   W2, W4: seals and sends
///     workloads pull STORE                   W2, W4: receives until the view is level
///     workloads warm STORE STORE DATA        W3: edits one in a hundred, and brings them to a second store that is open, too
///     workloads one-by-one STORE COUNT       W5: changes that are sent by themselves
///     workloads increments STORE COUNT       W6: of one counter, 1,000 a change
///     workloads sets STORE COUNT             W6: elements put into sets, and taken out again, 1,000 a change
///     workloads counted STORE                W6: what the counter says
///     workloads rebuild STORE                W9: the view from the log
///     workloads checkpoint STORE             moves everything into the files whose bytes are counted
@main
struct Workloads {
    private static let usage = "usage: workloads COMMAND STORE …, see Benchmarks/README.md\n"

    static func main() async throws {
        let words = Array(CommandLine.arguments.dropFirst())
        guard words.count >= 2 else { return refuse() }
        let replica = try Replica(openingAt: words[1])
        switch (words[0], words.count) {
        case ("write", 3): try write(replica, DataSet(folder: words[2]))
        case ("singles", 3): try writeSingles(replica, DataSet(folder: words[2]))
        case ("edit", 4): try edit(replica, DataSet(folder: words[2]).edits(words[3]))
        case ("push", 2): try await push(replica)
        case ("pull", 2): try await pull(replica)
        case ("warm", 4): try await exchangeWarm(replica, Replica(openingAt: words[2]), DataSet(folder: words[3]))
        case ("one-by-one", 3): try await pushOneByOne(replica, count(words[2]))
        case ("increments", 3): try increment(replica, count(words[2]))
        case ("sets", 3): try fillAndEmptySets(replica, count(words[2]))
        case ("counted", 2): Figure("W6", "counted", Double(try counted(replica))).tell()
        case ("rebuild", 2): try rebuild(replica)
        case ("checkpoint", 2): try replica.checkpoint()
        default: refuse()
        }
    }

    private static func refuse() {
        FileHandle.standardError.write(Data(usage.utf8))
        exit(2)
    }

    private static func count(_ word: String) throws -> Int {
        guard let count = Int(word), count > 0 else { throw Unusable(what: word) }
        return count
    }
}

/// What was asked of the program cannot be measured.
struct Unusable: Error {
    var what: String
}
