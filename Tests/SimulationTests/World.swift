import Foundation
@testable import SyncCore

/// Machines, relays, and what lies between them. Each step does what it says as far as that can be done now: any may be left out.
final class World {
    let root: String
    private let seed: UInt64
    private(set) var machines: [Machine] = []
    var relays: [MemoryRelay] = []
    private var relayBackups: [Int: MemoryRelay] = [:]
    var network = Network()
    /// What happens to machines in what they do next.
    var accidents: [Int: Accident] = [:]
    var counts = Counts()
    private var bundles: [[UInt8]] = []
    var records: [RecordID] = []
    /// Of every change that anybody made, honest or not.
    var names: [ChangeName] = []
    private static let machineLimit = 8

    init(_ script: Script) throws {
        root = Template.fastFolder + "sync-simulation-" + UUID().uuidString
        seed = script.seed
        guard Accident.isPossible else { throw Failure("SQLite took no files that fail") }
        try FileSystem.createPrivateFolder(root)
        let template = try Template.shared.get()
        for number in 0..<min(max(script.machines, 1), Template.machineCount) { try newMachine(copying: "\(template.folder)/\(number)") }
        let salt = try Chain.teamSalt(of: machines[0].replica().keys.team)
        relays = (0..<max(script.relays, 1)).map { _ in MemoryRelay(salt: salt) }
        for value in 0..<max(script.records, 1) { try perform(create: value % 2, value, on: machines[0]) }
    }

    deinit { try? FileManager.default.removeItem(atPath: root) }

    static func name(ofRelay number: Int) -> String { "relay\(number)" }

    // MARK: The team

    /// A store that believes that it always lay where it lies, unless it is told that it is a copy.
    private func newMachine(copying folder: String, isNoticed: Bool = false) throws {
        let number = machines.count
        let machine = Machine(
            number: number, folder: "\(root)/\(number)", time: VirtualTime(seed: seed &* 1_000_003 &+ UInt64(number)))
        try FileManager.default.copyItem(atPath: folder, toPath: machine.folder)
        machines.append(machine)
        if !isNoticed { try machine.replica().forgeMarks() }
    }

    static func carryControl(from source: Replica, to target: Replica) throws {
        let sealed = try source.log.read { try $0.sealedControl() }
        _ = try target.receiveControl(sealed.enumerated().map { ReceivedControl(position: Int64($0), sealed: $1) })
    }

    /// Whether the first machine, whose word goes, put out the device of another.
    func isOut(_ machine: Machine) throws -> Bool { try machines[0].replica().team().isOut(machine.replica().device) }

    func machine(_ number: Int) -> Machine { machines[number % machines.count] }

    // MARK: Accidents of machines

    func copy(_ machine: Machine, isNoticed: Bool) throws {
        guard machines.count < Self.machineLimit else { return }
        try machine.replica().checkpoint()
        try newMachine(copying: machine.folder, isNoticed: isNoticed)
    }

    func backUp(_ machine: Machine) throws {
        var bytes: [UInt8] = []
        _ = try machine.replica().writeBackup { bytes += $0 }
        machine.backup = (bytes, machine.saved)
    }

    /// The store is gone; its backup takes its place.
    func recover(_ machine: Machine) throws {
        guard let backup = machine.backup else { return }
        machine.stop()
        try FileManager.default.removeItem(atPath: machine.folder)
        try Restore(Self.source(backup.bytes), to: machine.folder, surroundings: machine.time.surroundings).device()
        machine.saved = backup.saved
    }

    static func source(_ bytes: [UInt8]) -> ByteSource {
        ByteSource(name: "a file", isRepeatable: true) { body in try body(bytes[...]) }
    }

    // MARK: Accidents of relays

    func backUpRelay(_ number: Int) { relayBackups[number] = relays[number] }

    func restoreRelay(_ number: Int) { if let backup = relayBackups[number] { relays[number] = backup } }

    func wipeRelay(_ number: Int) throws { relays[number] = MemoryRelay(salt: Chain.teamSalt(of: try machines[0].replica().keys.team)) }

    // MARK: Bundles

    private static let bundleLimit = 8

    func writeBundle(_ machine: Machine) throws {
        var bytes: [UInt8] = []
        _ = try machine.replica().writeBundle { bytes += $0 }
        bundles = bundles.suffix(Self.bundleLimit - 1) + [bytes]
    }

    /// `accident`: below 200 of 1,000 only the beginning of it can be read, below 300 something in it is changed.
    func applyBundle(_ place: Int, to machine: Machine, accident: Int) throws {
        guard !bundles.isEmpty else { return }
        var bytes = bundles[place % bundles.count]
        var dice = Dice(UInt64(accident))
        if accident < 200 {
            bytes.removeLast(1 + dice.below(bytes.count - 1))
        } else if accident < 300 {
            bytes[dice.below(bytes.count)] ^= 1 << UInt8(dice.below(8))
        }
        do {
            _ = try machine.replica().apply([Self.source(bytes)])
        } catch let error as SyncError where accident < 300 && error.kind != .failure {
            return
        }
        try machine.replica().applyReceived()
    }
}
