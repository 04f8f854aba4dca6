import SyncCore

/// What people are told of stores that were copied.
enum CopyText {
    /// Said once, when it happens; `status` goes on saying it.
    static func tell(_ renewal: Renewal, _ output: Output) {
        let kept = renewal.unsent == 0 ? "" : " \(StatusCommand.count(renewal.unsent, "unsent change")) \(renewal.unsent == 1 ? "is" : "are") kept."
        let text =
            switch renewal.reason {
            case .elsewhere:
                "This store was copied, moved or restored from a backup: from now on it writes under another mark, so that no two copies write under one. Nothing is lost.\(kept)"
            case .usedTwice:
                "Another copy of this store is in use. From now on this one writes under another mark; what both wrote is kept.\(kept) If you made no copy, somebody else did: tell a coordinator."
            }
        if output.mode == .json { output.tellJSON(JSON.line("note", [("message", .string(text))])) } else { output.tell(Line(text)) }
    }

    static func rows(_ status: ReplicaStatus, _ clock: LocalClock) -> [(label: String, text: Line)] {
        let own: [(label: String, text: Line)] = status.renewal.map { [("identity", line($0, clock))] } ?? []
        guard status.role == .coordinator else { return own }
        return own + status.copies.map { ("copied", line($0, status, clock)) }
    }

    private static func line(_ renewal: Renewal, _ clock: LocalClock) -> Line {
        switch renewal.reason {
        case .elsewhere: Line("copied, moved or restored here (\(clock.text(renewal.time))); it writes under another mark since, and nothing is lost")
        case .usedTwice:
            Line(
                "! another copy of this store is in use (noticed \(clock.text(renewal.time))): if you made none, tell a coordinator", .attention)
        }
    }

    /// A clone can mean a seizure: who can tell is the person.
    private static func line(_ sign: CopySign, _ status: ReplicaStatus, _ clock: LocalClock) -> Line {
        let name = status.devices.first { $0.id == sign.device }?.enrolment.name ?? "a device"
        let noticed = "(noticed \(clock.text(sign.noticed)))"
        let remove = "sync devices remove \(DeviceText.short(sign.device))"
        switch sign.kind {
        case .usedTwice:
            return Line("! \(name) writes from two places \(noticed): its store was copied. Ask its owner. If nobody can say why:  \(remove)", .attention)
        case .renewed:
            return Line("! \(name) was restored, moved or copied \(noticed). Ask its owner. If nobody can say why:  \(remove)", .attention)
        }
    }

    static func json(_ status: ReplicaStatus) -> JSON {
        .array(
            status.copies.map { sign in
                .object([
                    ("device", .string(DeviceText.short(sign.device))),
                    ("name", JSON(status.devices.first { $0.id == sign.device }?.enrolment.name)), ("sign", .string(sign.kind.text)),
                    ("noticed", .integer(sign.noticed)),
                ])
            })
    }
}

extension Renewal.Reason {
    var text: String {
        switch self {
        case .elsewhere: "elsewhere"
        case .usedTwice: "used-twice"
        }
    }
}

extension CopySign.Kind {
    var text: String {
        switch self {
        case .renewed: "renewed"
        case .usedTwice: "used-twice"
        }
    }
}
