/// A control record whose payload was read and whose signatures were checked, once for all readings of the log.
///
/// A device's id is the hash of its keys: whose signature it must be does not depend on who is in the team.
struct CheckedRecord: Sendable {
    let name: Hash32
    let record: ControlRecord
    let act: ControlAct

    var signer: DeviceID { record.signer }
}

/// What a control record does.
enum ControlAct: Sendable {
    case genesis(Genesis)
    case invite(Invite)
    case join(Join)
    case close(Close)
    case admit(Admit)
    case role(RoleChange)
    case remove(Removal)
    case accept(Acceptance)
    case rotate(Rotation)
    case hand(Handing)
    case rename(Rename)
    case redact(Redaction)
    /// A critical kind of a later version.
    case unknown
    /// Not signed as it should be, damaged, or a harmless kind of a later version: a place in the history, and no more.
    case none
}

extension CheckedRecord {
    /// Reads and checks each record once. Records of one name are one.
    static func check(_ records: some Sequence<ControlRecord>, team: Hash32) -> [CheckedRecord] {
        let named = Dictionary(records.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        let acts = named.mapValues { ControlAct(reading: $0) }
        var keys: [DeviceID: Hash32] = [:]
        for act in acts.values {
            guard let enrolment = act.enrolment else { continue }
            keys[enrolment.device] = enrolment.signingKey
        }
        return named.map { name, record in
            let act = acts[name] ?? .none
            let holds = act.isSigned(record, team: team, key: keys[record.signer]) { invite in
                if case .invite(let invite)? = acts[invite] { invite } else { nil }
            }
            return CheckedRecord(name: name, record: record, act: holds ? act : .none)
        }
    }
}

extension ControlAct {
    fileprivate init(reading record: ControlRecord) {
        let payload = record.payload
        let act: ControlAct? =
            switch record.kind {
            case .genesis: (try? Genesis(payload: payload)).map(ControlAct.genesis)
            case .invite: (try? Invite(payload: payload)).map(ControlAct.invite)
            case .join: (try? Join(payload: payload)).map(ControlAct.join)
            case .close: (try? Close(payload: payload)).map(ControlAct.close)
            case .admit: (try? Admit(payload: payload)).map(ControlAct.admit)
            case .role: (try? RoleChange(payload: payload)).map(ControlAct.role)
            case .remove: (try? Removal(payload: payload)).map(ControlAct.remove)
            case .accept: (try? Acceptance(payload: payload)).map(ControlAct.accept)
            case .rotate: (try? Rotation(payload: payload)).map(ControlAct.rotate)
            case .hand: (try? Handing(payload: payload)).map(ControlAct.hand)
            case .rename: (try? Rename(payload: payload)).map(ControlAct.rename)
            case .redact: (try? Redaction(payload: payload)).map(ControlAct.redact)
            default: record.kind.isCritical ? .unknown : ControlAct.none
            }
        self = act ?? ControlAct.none
    }

    var enrolment: Enrolment? {
        switch self {
        case .genesis(let genesis): genesis.founder
        case .join(let join): join.device
        case .admit(let admit): admit.device
        default: nil
        }
    }

    /// Whether the signatures hold: a genesis and a join bring their own key.
    fileprivate func isSigned(
        _ record: ControlRecord, team: Hash32, key: Hash32?, invite: (Hash32) -> Invite?
    ) -> Bool {
        switch self {
        case .none: return true
        case .genesis(let genesis):
            return record.team == team && record.signer == genesis.founder.device && genesis.founder.role == .coordinator
                && record.isSigned(by: genesis.founder.signingKey, team: nil)
        case .join(let join):
            guard let invite = invite(join.invite) else { return false }
            return record.signer == join.device.device && join.device.role == invite.role
                && record.isSigned(by: join.device.signingKey, team: team) && join.isSigned(by: invite.key, team: team)
        default:
            return key.map { record.isSigned(by: $0, team: team) } ?? false
        }
    }
}
