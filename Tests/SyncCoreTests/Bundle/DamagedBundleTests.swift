import Foundation
import Testing

@testable import SyncCore

/// A stick that was damaged, cut off, or in somebody's hands.
@Suite struct DamagedBundleTests {
    private func expectRefused(
        _ bundle: [UInt8], by replica: Replica, _ what: String, kinds: Set<SyncError.Kind> = [.integrity],
        ways: [Bool] = [false, true], sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        for asPipe in ways {
            do {
                try replica.apply(bundle, asPipe: asPipe)
                Issue.record("\(what): applied", sourceLocation: sourceLocation)
            } catch let error as SyncError {
                #expect(kinds.contains(error.kind), "\(what): \(error)", sourceLocation: sourceLocation)
            }
        }
    }

    @Test func `every flipped byte and every truncation is found, and nothing is changed`() throws {
        let team = try TestTeam(devices: 2)
        let (ana, ben) = (team.replicas[0], team.replicas[1])
        _ = try ana.addEvent("Vigil")
        let bundle = try ana.bundle()
        let before = try ben.standing()
        for place in bundle.indices {
            var flipped = bundle
            flipped[place] ^= UInt8(1 << (place % 8))
            try expectRefused(flipped, by: ben, "byte \(place)", ways: place % 11 == 0 ? [false, true] : [false])
        }
        for length in stride(from: 0, to: bundle.count, by: 59) + [bundle.count - 1] {
            try expectRefused(Array(bundle[..<length]), by: ben, "the first \(length) bytes")
        }
        try expectRefused(bundle + [0], by: ben, "a byte more")
        try expectRefused(bundle + bundle, by: ben, "two in one")
        #expect(try ben.standing() == before)
        #expect(try ben.documents().isEmpty)
        #expect(try ben.apply(bundle).received.changes == 1)
        print("a bundle of \(bundle.count) bytes: each byte flipped")
    }

    /// Whoever finds a stick can make the hash anew. What they cannot make anew is refused all the same.
    @Test func `a bundle that somebody worked over`() throws {
        let (team, others) = (try TestTeam(devices: 3), try TestTeam(devices: 1, seed: 99))
        let (ana, ben, cem) = (team.replicas[0], team.replicas[1], team.replicas[2])
        for number in 0..<3 {
            _ = try ana.addEvent("Vigil \(number)")
            _ = try ana.seal()
        }
        _ = try ben.addEvent("York")
        try TestTeam.carry(from: ben, to: ana)
        _ = try others.replicas[0].addEvent("Theirs")
        let whole = try OpenedBundle(ana.bundle())
        let foreign = try OpenedBundle(others.replicas[0].bundle())
        let (own, theirs) = (whole.segments, foreign.segments)
        var cases: [(String, OpenedBundle)] = []
        // What begins after what is here may be an honest bundle for somebody who has more.
        let likeAGap = "a segment of another team in place of one"
        func alter(_ what: String, _ change: (inout OpenedBundle) throws -> Void) rethrows {
            var bundle = whole
            try change(&bundle)
            cases.append((what, bundle))
        }
        alter(likeAGap) { $0.items[own[2]] = foreign.items[theirs[1]] }
        alter("a log of another team, whole") { $0.items.insert(contentsOf: theirs.map { foreign.items[$0] }, at: own[0]) }
        alter("two segments exchanged") { $0.items.swapAt(own[1], own[2]) }
        alter("a run that does not end signed") { bundle in
            guard case .segment(let bytes) = bundle.items[own[3]], let last = try? Segment(bytes) else { return }
            bundle.items[own[3]] = .segment(last.unsigned.bytes)
        }
        try alter("a body with another hash") { bundle in
            guard case .segment(let bytes) = bundle.items[own[3]] else { return }
            var segment = try Segment(bytes)
            segment.body = segment.body.map { $0.map { $0 ^ 1 } }
            segment.header.bodyHash = Digest.plain(segment.body ?? [])
            bundle.items[own[3]] = .segment(segment.bytes)
        }
        alter("control after segments") { bundle in
            let control = bundle.items.firstIndex { if case .control = $0 { true } else { false } }
            if let control { bundle.items.append(bundle.items.remove(at: control)) }
        }
        alter("a registration of another team") { bundle in
            bundle.items = bundle.items.map { item in
                if case .registration = item { return foreign.items[0] }
                return item
            }
        }
        alter("heads that nobody sealed") { bundle in
            bundle.items = bundle.items.map { item in
                if case .heads = item { return .heads([1, 2, 3]) }
                return item
            }
        }
        alter("the last frame without its end") { $0.items.removeLast() }
        let before = try cem.standing()
        for (what, bundle) in cases {
            try expectRefused(bundle.bytes(), by: cem, what, kinds: what == likeAGap ? [.failure] : [.integrity])
            #expect(try cem.standing() == before, "\(what)")
        }
        #expect(try cem.apply(whole.bytes()).received.changes == 4)
    }

    @Test func `what somebody took out of it is missed`() throws {
        let team = try TestTeam(devices: 2)
        let (ana, ben) = (team.replicas[0], team.replicas[1])
        for number in 0..<3 {
            _ = try ana.addEvent("Vigil \(number)")
            _ = try ana.seal()
        }
        var bundle = try OpenedBundle(ana.bundle())
        for place in bundle.segments.suffix(2).reversed() { bundle.items.remove(at: place) }
        try ben.apply(bundle.bytes())
        #expect(try ben.documents().count == 1)
        #expect(try ben.status().withheld == [Withheld(device: ana.device, segments: 2)])
        try ben.apply(ana.bundle())
        #expect(try ben.status().withheld.isEmpty)
    }

    @Test func `items of a later version are passed over`() throws {
        let team = try TestTeam(devices: 2)
        let (ana, ben) = (team.replicas[0], team.replicas[1])
        _ = try ana.addEvent("Vigil")
        let whole = try OpenedBundle(ana.bundle())
        var bytes = ItemFile.bundle.mark + [ItemFile.bundle.version] + (Hex.decode(whole.handle) ?? [])
        for item in whole.items {
            var writer = ByteWriter()
            writer.u8(200)
            writer.counted([1, 2, 3])
            let one = try OneItem(item).bytes
            bytes += writer.bytes + one
        }
        bytes += [ItemFile.end, UInt8(ItemFile.hashLength)]
        var hasher = ItemFile.bundle.hasher
        hasher.update(bytes)
        #expect(try ben.apply(bytes + hasher.finish().bytes).received.changes == 1)
    }

    private struct OneItem {
        var bytes: [UInt8]

        init(_ item: BundleItem) throws {
            let out = Collector()
            var writer = try BundleWriter(handle: String(repeating: "0", count: 32)) { out.bytes += $0 }
            try writer.add(item)
            bytes = Array(out.bytes.dropFirst(ItemFile.bundle.mark.count + 1 + ItemFile.bundle.headLength))
        }
    }
}

private func + (a: StrideTo<Int>, b: [Int]) -> [Int] { Array(a) + b }
