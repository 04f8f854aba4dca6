@testable import SyncCore

/// One computer with one store: a device, or a copy of one.
final class Machine {
    let number: Int
    let folder: String
    let time: VirtualTime
    private(set) var opened: Replica?
    /// What its owner was told is saved, and no accident of the store took away since.
    var saved: [ChangeName] = []
    var backup: (bytes: [UInt8], saved: [ChangeName])?
    /// Its changes, each with who was out as far as it knew when it wrote them.
    var written: [(name: ChangeName, out: Set<DeviceID>)] = []

    init(number: Int, folder: String, time: VirtualTime) {
        self.number = number
        self.folder = folder
        self.time = time
    }

    /// It runs a version that knows less.
    var isBehind = false {
        didSet { stop() }
    }

    /// What the version before did not know.
    static let news: Set<UInt32> = [Field.platform, Field.causes, Part.Organiser.role]

    /// The store, opened again where its process is gone.
    func replica() throws -> Replica {
        if let opened { return opened }
        let schema = isBehind ? Schema.current.before(fields: Self.news) : .current
        let replica = try Replica(openingAt: folder, surroundings: time.surroundings, schema: schema)
        opened = replica
        return replica
    }

    /// The process is gone; what it had in memory with it.
    func stop() { opened = nil }
}

/// Something that must not be.
struct Failure: Error, CustomStringConvertible {
    var description: String

    init(_ description: String) { self.description = description }
}
