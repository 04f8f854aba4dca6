extension Replica {
    public func remotes() throws -> [StoredRemote] { try log.read { try $0.remotes() } }

    public func remote(_ name: String) throws -> StoredRemote? { try remotes().first { $0.name == name } }

    public func addRemote(name: String, url: String) throws {
        try locked {
            try log.write { log in
                guard try !log.remotes().contains(where: { $0.name == name }) else {
                    throw SyncError(
                        .usage, "There is a remote “\(name)” already.", safe: "It was not changed.",
                        next: "Remove it first:  sync remote rm \(name)")
                }
                try log.set(StoredRemote(name: name, url: url, token: nil, controlPosition: 0, exchanged: nil))
            }
        }
    }

    public func removeRemote(_ name: String) throws {
        try locked {
            try log.write { log in
                guard try log.removeRemote(name) else {
                    throw SyncError(
                        .usage, "There is no remote “\(name)”.", safe: "Nothing was changed.", next: "See  sync remote list.")
                }
            }
        }
    }

    // MARK: For an exchange

    /// What relays call the team.
    var relayHandle: String { (try? registrations(of: nil).first?.handle) ?? "" }

    func controlLacked(by remote: String) throws -> [(number: Int64, sealed: [UInt8])] {
        try log.read { try $0.controlLacked(by: remote) }
    }

    func noteControl(_ numbers: [Int64], at remote: String) throws {
        try locked { try log.write { log in for number in numbers { try log.noteControl(number, at: remote) } } }
    }

    /// A remote lost its place: what it has of the control log is read from the beginning.
    func forgetControl(at remote: String) throws {
        try locked {
            try log.write { log in
                try log.forgetControl(at: remote)
                try log.setControlPosition(0, of: remote)
            }
        }
    }

    func setToken(_ token: String, of remote: String) throws {
        try locked { try log.write { try $0.setToken(token, of: remote) } }
    }

    func noteExchange(_ name: String) throws {
        guard var remote = try remote(name) else { return }
        remote.exchanged = surroundings.now()
        try locked { try log.write { try $0.set(remote) } }
    }

    /// A remote said that it has these: what of ours lies below them was sent.
    func noteHeld(_ heads: [LogHead]) throws {
        guard try log.read({ try $0.hasUnsent() }) else { return }
        try locked {
            try log.write { log in
                for head in heads where try log.segmentNumber(chain: head.chain) != nil {
                    if let owner = try log.log(head.tag) { try log.noteSent(log: owner.number, upTo: head.index) }
                }
            }
        }
    }

    /// How many segments of this device's own logs lie past what `heads` name.
    func ownSegments(past heads: [LogHead]) throws -> Int {
        try log.read { log in
            try log.logs().filter { $0.device == device }.reduce(0) { sum, owner in
                let known = heads.filter { $0.tag == owner.tag }.map(\.index).max()
                let mine = try log.heads(of: owner.number).map(\.index).max()
                guard let mine else { return sum }
                return sum + Int(mine) + 1 - (known.map { Int(min($0, mine)) + 1 } ?? 0)
            }
        }
    }

    func hasUnread() throws -> Bool { try log.read { try !$0.unread().isEmpty } }

    func lastChange() throws -> Int64 { try log.read { try $0.lastChangeNumber() } }

    func lastRecord() throws -> Int64 { try read { try $0.view.lastRecordNumber() } }

    /// Counts what came: records that are new here, and records that changed.
    func summarise(_ report: inout ReceiveReport, newAfter last: Int64) throws {
        let first = report.firstChange
        let counted = try read { session in
            var new: [RecordKind: Int] = [:]
            var updated: Set<Int64> = []
            var number = first
            while true {
                let page = try session.log.changes(after: number, limit: 512)
                for change in page {
                    updated.formUnion(try Touched(try session.view.touched(change.number) ?? []).records.filter { $0 <= last })
                }
                guard let final = page.last else { break }
                number = final.number
            }
            for kind in RecordKind.allCases { new[kind] = try session.view.count(kind: kind.number, after: last) }
            return (new, updated.count)
        }
        report.newRecords = counted.0
        report.lastKnownRecord = last
        report.updatedRecords = counted.1
    }
}
