import Foundation

@testable import SyncCore

extension Replica {
    /// The bytes of a bundle.
    func bundle(for recipient: Replica? = nil) throws -> [UInt8] {
        let out = Collector()
        _ = try writeBundle(for: recipient?.device) { out.bytes += $0 }
        return out.bytes
    }

    @discardableResult
    func apply(_ bundle: [UInt8], asPipe: Bool = false) throws -> BundleReceived {
        try apply([ByteSource(bundle, asPipe: asPipe)])
    }

    /// Everything that taking something in may change.
    func standing() throws -> Standing {
        try log.read { log in
            Standing(
                heads: try log.heads().map { LogHead(tag: $0.tag, index: $0.index, chain: $0.chain) },
                changes: try log.lastChangeNumber(), control: try log.sealedControl(), unread: try log.unread(),
                waiting: try log.waiting(), registrations: try log.registrations(), unsent: try log.sealedUnsentCount(),
                seen: try log.authors().flatMap { try log.seen(by: $0.number) })
        }
    }
}

struct Standing: Equatable {
    var heads: [LogHead]
    var changes: Int64
    var control: [[UInt8]]
    var unread: [Int64]
    var waiting: [LogTransaction.Waiting]
    var registrations: [Registration]
    var unsent: Int
    var seen: [LogTransaction.SeenHead]
}

final class Collector {
    var bytes: [UInt8] = []
}

extension ByteSource {
    init(_ bytes: [UInt8], asPipe: Bool = false, name: String = "a.bundle", piece: Int = 1000) {
        self.init(name: name, isRepeatable: !asPipe) { body in
            for start in stride(from: 0, to: bytes.count, by: piece) { try body(bytes[start..<min(start + piece, bytes.count)]) }
        }
    }
}

/// A bundle taken apart, and put together again with a hash that holds: what somebody does who found one.
struct OpenedBundle {
    var handle = ""
    var items: [BundleItem] = []

    init(_ bytes: [UInt8], handle: String = "") throws {
        var (handle, items) = (handle, [BundleItem]())
        try BundleReader.read(ByteSource(bytes)) {
            handle = $0
            items.append($1)
        }
        (self.handle, self.items) = (handle, items)
    }

    func bytes() throws -> [UInt8] {
        let out = Collector()
        var writer = try BundleWriter(handle: handle) { out.bytes += $0 }
        for item in items { try writer.add(item) }
        try writer.finish()
        return out.bytes
    }

    var segments: [Int] { items.indices.filter { if case .segment = items[$0] { true } else { false } } }
}
