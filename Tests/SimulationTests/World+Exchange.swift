@testable import SyncCore

/// What goes from machine to machine: the steps of `Exchange`, with messages that can go wrong in the place of HTTP.
extension World {
    private struct Link {
        var replica: Replica
        var relay: Int
        var name: String
    }

    private func link(_ machine: Machine, _ relay: Int) throws -> Link {
        let name = Self.name(ofRelay: relay)
        let replica = try machine.replica()
        if try replica.remote(name) == nil { try replica.addRemote(name: name, url: "http://127.0.0.1:\(7373 + relay)") }
        return Link(replica: replica, relay: relay, name: name)
    }

    private func exchanging(_ body: () async throws -> Void) async throws {
        network.beginExchange()
        defer {
            if network.hasInterfered { counts.messagesHurt += 1 }
            network.endExchange()
        }
        try await body()
    }

    func push(_ machine: Machine, to relay: Int) async throws {
        try await exchanging {
            let link = try self.link(machine, relay)
            try self.exchangeControl(link)
            if try link.replica.rotateIfNeeded() { try self.exchangeControl(link) }
            try self.fetchOwn(link)
            _ = try link.replica.seal()
            try await self.send(link)
            try link.replica.noteExchange(link.name)
        }
    }

    func pull(_ machine: Machine, from relay: Int) async throws {
        try await exchanging {
            let link = try self.link(machine, relay)
            try self.exchangeControl(link)
            if let frames = self.relays[relay].frames(after: try link.replica.remote(link.name)?.token) {
                try self.receive(frames, link)
            } else {
                try await self.recover(link)
            }
            if try link.replica.hasUnread() { try self.exchangeControl(link) }
            try link.replica.applyReceived()
            let closed = try link.replica.closeUsedInvites()
            if try link.replica.rotateIfNeeded() || closed > 0 { try self.exchangeControl(link) }
            try link.replica.noteExchange(link.name)
        }
    }

    // MARK: The team's records

    private func exchangeControl(_ link: Link) throws {
        let replica = link.replica
        if try replica.remote(link.name)?.controlPosition ?? 0 > Int64(relays[link.relay].control.count) {
            try replica.forgetControl(at: link.name)
        }
        let position = Int(try replica.remote(link.name)?.controlPosition ?? 0)
        let last = Int64(relays[link.relay].control.count)
        let news = Array(relays[link.relay].control.dropFirst(position))
        try network.deliver(news) { sealed in
            let records = sealed.enumerated().map { ReceivedControl(position: Int64(position + $0 + 1), sealed: $1) }
            _ = try replica.receiveControl(records, from: link.name) { log in
                if sealed.count == news.count { try log.setControlPosition(last, of: link.name) }
            }
        }
        try replica.requireMember()
        let lacked = try replica.controlLacked(by: link.name)
        guard !lacked.isEmpty else { return }
        try network.deliver(lacked.map(\.sealed)) { sealed in
            relays[link.relay].append(control: sealed)
            if sealed.count < lacked.count { throw Network.Lost() }
        }
        try replica.noteControl(lacked.map(\.number), at: link.name)
    }

    // MARK: Segments

    private func send(_ link: Link) async throws {
        let heads = relays[link.relay].heads
        try link.replica.noteHeld(heads)
        for batch in try link.replica.offers(lackedBy: heads, bare: []) {
            var arriving: [[[UInt8]]] = []
            var lost: Network.Lost?
            do { try network.deliver(batch) { arriving.append($0) } } catch let error as Network.Lost { lost = error }
            for segments in arriving {
                let refused = try await relays[link.relay].push(segments)
                guard refused.isEmpty || network.hasInterfered else { throw Failure("a relay refused what was pushed: \(refused)") }
            }
            if let lost { throw lost }
            let held = relays[link.relay].heads
            try link.replica.noteHeld(held)
            try link.replica.noteAcknowledged(held, by: link.name)
        }
    }

    private func receive(_ frames: [(segments: [[UInt8]], token: String)], _ link: Link) throws {
        for frame in frames {
            // The token stands at the end of a frame: where pieces are missing, it did not come, and who waits for it gives up.
            var isWhole = false
            try network.deliver(frame.segments) { segments in
                isWhole = segments.count == frame.segments.count
                _ = try link.replica.receive(segments) { if isWhole { try $0.setToken(frame.token, of: link.name) } }
            }
            try link.replica.applyReceived()
            if !isWhole { throw Network.Lost() }
        }
    }

    private func recover(_ link: Link) async throws {
        try link.replica.noteSetback(of: link.name)
        try link.replica.forgetControl(at: link.name)
        try exchangeControl(link)
        try receive(relays[link.relay].frames(after: nil) ?? [], link)
        try await send(link)
        try link.replica.setToken(relays[link.relay].token(at: relays[link.relay].kept.count).text, of: link.name)
    }

    private func fetchOwn(_ link: Link) throws {
        guard try link.replica.isNamedElsewhere(relays[link.relay].heads) else { return }
        for frame in relays[link.relay].frames(after: nil) ?? [] {
            try network.deliver(frame.segments) { _ = try link.replica.receive($0) }
        }
        try link.replica.applyReceived()
    }

    // MARK: Without a relay

    /// What one machine has goes to another: all of it, or some logs, by `salt`. Of a device that was put out too: whoever meets it.
    func carry(from source: Machine, to target: Machine, salt: Int) throws {
        guard source !== target else { return }
        network.beginExchange()
        defer { network.endExchange() }
        let (giver, taker) = (try source.replica(), try target.replica())
        do { _ = try giver.seal() } catch let error as SyncError where error.kind == .notJoined {}
        try Self.carryControl(from: giver, to: taker)
        for batch in try giver.offers(lackedBy: taker.heads()) {
            let wanted = try batch.filter { try salt % 2 == 0 || (Segment($0).tag.low ^ UInt64(salt)) % 2 == 0 }
            try network.deliver(wanted) { segments in
                if !segments.isEmpty { _ = try taker.receive(segments) }
            }
        }
        try taker.applyReceived()
    }
}
