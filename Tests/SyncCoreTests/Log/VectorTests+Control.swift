import Testing

@testable import SyncCore

extension VectorTests {
    @Suite struct Control {
        private let team: Hash32

        init() throws { team = try Vector.file("control")["team"].hash() }

        @Test(arguments: Vector.list("control", "devices"))
        func device(_ vector: Vector) throws {
            let bytes = try vector["bytes"].bytes()
            let device = try whole(bytes) { try Enrolment(from: &$0) }
            try expect(device, vector)
            #expect(device.bytes == bytes)
            #expect(device.device == (try vector["id"].id()))
            #expect(try SigningKey(seed: try vector["seed"].secret()).publicKey == device.signingKey)
        }

        private func expect(_ device: Enrolment, _ vector: Vector) throws {
            #expect(device.name == (try vector["name"].text()))
            #expect(UInt64(device.role.rawValue) == (try vector["role"].natural()))
            #expect(device.signingKey == (try vector["signing_key"].hash()))
            #expect(device.kemKey == (try vector["kem_key"].bytes()))
            #expect(device.possession == (try vector["possession"].bytes()))
        }

        @Test(arguments: Vector.list("control", "devices refused"))
        func refusedDevice(_ vector: Vector) throws {
            try expectRefused(vector) { _ = try whole($0) { try Enrolment(from: &$0) } }
        }

        @Test(arguments: Vector.list("control", "records"))
        func record(_ vector: Vector) throws {
            let bytes = try vector["bytes"].bytes()
            let record = try ControlRecord(bytes)
            #expect(record.bytes == bytes)
            #expect(record.kind.number == (try vector["number"].natural()))
            #expect(record.parents == (try vector["parents"].items().map { try $0.hash() }))
            #expect(record.signer == (try vector["signer"].id()))
            #expect(record.wall == (try vector["wall"].integer()))
            #expect(record.payload == (try vector["payload"].bytes()))
            #expect(record.name == (try vector["record_name"].hash()))
            let isGenesis = record.kind == .genesis
            if isGenesis { #expect(record.team == team) }
            #expect(record.isSigned(by: try vector["signer_key"].hash(), team: isGenesis ? nil : team))
            try expectPayload(of: record, vector["fields"])
            try expectSealed(record, vector["sealed"])
            let again = try ControlRecord(
                record.kind, parents: record.parents, signer: record.signer,
                key: SigningKey(seed: try vector["signer_seed"].secret()), team: isGenesis ? nil : team,
                wall: record.wall, payload: record.payload)
            #expect(again.isSigned(by: try vector["signer_key"].hash(), team: isGenesis ? nil : team))
            #expect(again.bytes.dropLast(Signature.length) == bytes.dropLast(Signature.length))
        }

        private func expectPayload(of record: ControlRecord, _ fields: Vector) throws {
            switch record.kind {
            case .genesis:
                let genesis = try Genesis(payload: record.payload)
                #expect(genesis.payload == record.payload)
                #expect(genesis.salt == (try fields["random"].bytes()))
                #expect(genesis.teamName == (try fields["team_name"].text()))
                #expect(genesis.controlToken == (try fields["control_token"].secret()))
                #expect(genesis.envelope == (try fields["envelope"].bytes()))
                try expect(genesis.founder, fields["device"])
            case .invite:
                let invite = try Invite(payload: record.payload)
                #expect(invite.payload == record.payload)
                #expect(invite.key == (try fields["key"].hash()))
                #expect(UInt64(invite.role.rawValue) == (try fields["role"].natural()))
                #expect(invite.uses == (try fields["uses"].natural()))
                #expect(invite.expires == (try fields["expires"].integer()))
                #expect(UInt64(invite.history) == (try fields["history"].natural()))
                #expect(invite.epoch == (try fields["epoch"].id()))
            case .join:
                let join = try Join(payload: record.payload)
                #expect(join.payload == record.payload)
                #expect(join.invite == (try fields["invite"].hash()))
                #expect(join.signature == (try fields["signature"].bytes()))
                try expect(join.device, fields["device"])
                let key = try Vector.file("control")["invite_keys"]["key"].hash()
                #expect(join.isSigned(by: key, team: team))
                #expect(!join.isSigned(by: key, team: .zero))
            case .close:
                let close = try Close(payload: record.payload)
                #expect(close.payload == record.payload)
                #expect(close.invite == (try fields["invite"].hash()))
                #expect(close.accepted == (try fields["join"].optional { try $0.hash() }))
            case .admit:
                let admit = try Admit(payload: record.payload)
                #expect(admit.payload == record.payload)
                #expect(UInt64(admit.history) == (try fields["history"].natural()))
                #expect(admit.isRecoveryKey == (admit.history == 2))
                try expect(admit.device, fields["device"])
            case .role, .remove, .accept, .rotate, .rename, .hand, .redact: try expectDecision(record, fields)
            default:
                #expect(fields.isNull)
            }
        }

        private func expectDecision(_ record: ControlRecord, _ fields: Vector) throws {
            switch record.kind {
            case .role:
                let change = try RoleChange(payload: record.payload)
                #expect(change.payload == record.payload)
                #expect(change.device == (try fields["device"].id()))
                #expect(UInt64(change.role.rawValue) == (try fields["role"].natural()))
                #expect(change.cuts == (try fields["cuts"].items().map { try $0.changeName() }))
            case .remove:
                let removal = try Removal(payload: record.payload)
                #expect(removal.payload == record.payload)
                #expect(removal.device == (try fields["device"].id()))
                #expect(removal.cuts == (try fields["cuts"].items().map { try $0.changeName() }))
                try expect(removal.grants, fields["grants"])
            case .accept:
                let acceptance = try Acceptance(payload: record.payload)
                #expect(acceptance.payload == record.payload)
                #expect(acceptance.changes == (try fields["changes"].items().map { try $0.changeName() }))
            case .hand:
                let handing = try Handing(payload: record.payload)
                #expect(handing.payload == record.payload)
                #expect(handing.device == (try fields["device"].id()))
                try expect(handing.keys.map { EpochGrant(device: DeviceID(high: $0.epoch.high, low: $0.epoch.low), envelope: $0.envelope) }, fields["keys"])
            case .redact:
                let redaction = try Redaction(payload: record.payload)
                #expect(redaction.payload == record.payload)
                #expect(redaction.record == (try fields["record"].id()))
                #expect(redaction.reason == (try fields["reason"].text()))
                #expect(UInt64(redaction.field) == (try fields["field"].natural()))
                #expect(redaction.edits.map(\.change) == (try fields["edits"].items().map { try $0.changeName() }))
                #expect(
                    redaction.edits.map { $0.operations.map(UInt64.init) }
                        == (try fields["edits"].items().map { try $0["operations"].items().map { try $0.natural() } }))
                #expect(redaction.withdrawn.map(\.digest) == (try fields["withdrawn"].items().map { try $0["digest"].hash() }))
                #expect(redaction.withdrawn.map(\.chain) == (try fields["withdrawn"].items().map { try $0["chain"].hash() }))
            case .rename:
                let rename = try Rename(payload: record.payload)
                #expect(rename.payload == record.payload)
                #expect(rename.device == (try fields["device"].id()))
                #expect(rename.name == (try fields["new_name"].text()))
            default:
                let rotation = try Rotation(payload: record.payload)
                #expect(rotation.payload == record.payload)
                try expect(rotation.grants, fields["grants"])
            }
        }

        private func expect(_ grants: [EpochGrant], _ vectors: Vector) throws {
            #expect(grants.map(\.device) == (try vectors.items().map { try $0["device"].id() }))
            #expect(grants.map(\.envelope) == (try vectors.items().map { try $0["envelope"].bytes() }))
        }

        private func expectSealed(_ record: ControlRecord, _ vector: Vector) throws {
            let (key, sealed) = (try vector["epoch_key"].secret(), try vector["bytes"].bytes())
            #expect(SealedControl.tag(of: key) == (try vector["tag"].bytes()))
            #expect(try SealedControl.seal(record, epochKey: key, nonce: try vector["nonce"].bytes()) == sealed)
            let other = try #require(Secret([UInt8](repeating: 1, count: 32)))
            #expect(try SealedControl.open(sealed, epochKeys: [other, key]) == record)
            #expect(try SealedControl.open(sealed, epochKeys: [other]) == nil)
        }

        /// What becomes of a change, and what a relay is told.
        @Test func redaction() throws {
            let vector = try Vector.file("control")["redaction"]
            let change = try Change(canonical: vector["change"].bytes())
            let operations = Set(try vector["operations"].items().map { UInt32(try $0.natural()) })
            let substitute = change.redacting(operations)
            #expect(substitute.canonicalBytes == (try vector["substitute"].bytes()))
            #expect(Redaction.digest(of: [substitute]) == (try vector["digest"].hash()))
            let items = try vector["segments"].items().map {
                WithdrawalOrder.Item(tag: try $0["tag"].id(), index: try $0["index"].natural(), chain: try $0["chain"].hash())
            }
            let (handle, signature, key) = (try vector["handle"].text(), try vector["signature"].bytes(), try vector["key"].hash())
            #expect(WithdrawalOrder.isSigned(items, handle: handle, signature, by: key))
            #expect(!WithdrawalOrder.isSigned(Array(items.dropLast()), handle: handle, signature, by: key))
            #expect(!WithdrawalOrder.isSigned(items, handle: handle + "0", signature, by: key))
        }

        @Test(arguments: Vector.list("control", "records refused"))
        func refusedRecord(_ vector: Vector) throws {
            let (signer, invite) = (try vector["signer_key"].hash(), try vector["invite_key"].hash())
            try expectRefused(vector) { try check($0, signer: signer, inviteKey: invite) }
        }

        /// What must hold of a record before it is believed, beside its place in the team.
        private func check(_ bytes: [UInt8], signer: Hash32, inviteKey: Hash32) throws {
            let record = try ControlRecord(bytes)
            var isSigned = record.isSigned(by: signer, team: team)
            switch record.kind {
            case .genesis:
                let founder = try Genesis(payload: record.payload).founder
                isSigned = record.signer == founder.device && record.isSigned(by: founder.signingKey, team: nil)
            case .join:
                let join = try Join(payload: record.payload)
                isSigned =
                    record.signer == join.device.device && record.isSigned(by: join.device.signingKey, team: team)
                    && join.isSigned(by: inviteKey, team: team)
            case .invite: _ = try Invite(payload: record.payload)
            case .close: _ = try Close(payload: record.payload)
            case .admit: _ = try Admit(payload: record.payload)
            case .role: _ = try RoleChange(payload: record.payload)
            case .remove: _ = try Removal(payload: record.payload)
            case .accept: _ = try Acceptance(payload: record.payload)
            case .rotate: _ = try Rotation(payload: record.payload)
            case .hand: _ = try Handing(payload: record.payload)
            case .rename: _ = try Rename(payload: record.payload)
            case .redact: _ = try Redaction(payload: record.payload)
            default: break
            }
            guard isSigned else { throw DecodingFailure.invalid("signature") }
        }

        @Test(arguments: Vector.list("control", "sealed refused"))
        func refusedSealed(_ vector: Vector) throws {
            let key = try vector["epoch_key"].secret()
            try expectRefused(vector) {
                guard try SealedControl.open($0, epochKeys: [key]) != nil else { throw DecodingFailure.invalid("epoch") }
            }
        }

        /// The team that these records make.
        @Test func teamOfTheseRecords() throws {
            let vectors = try Vector.file("control")
            let records = try vectors["records"].items().map { try ControlRecord(try $0["bytes"].bytes()) }
            let state = try #require(TeamState(team: team, records: records))
            let devices = try vectors["devices"].items().map { try $0["id"].id(DeviceID.self) }
            #expect(state.needsUpgrade)
            #expect(state.genesis.teamName == "Rally Watch")
            #expect(state.roster[devices[0]] != nil)
        }

        @Test func envelope() throws {
            let vector = try Vector.file("envelope")
            let key = try KEMKey(seed: try vector["seed"].secret())
            let device: DeviceID = try vector["device"].id()
            #expect(key.publicKey == (try vector["kem_key"].bytes()))
            #expect(
                DeviceID(prefixOf: Digest.hash("sync/v1/device", try vector["signing_key"].bytes(), key.publicKey)) == device)
            #expect(Array(Envelope.info(device)) == (try vector["info"].bytes()))
            let sealed = try vector["envelope"].bytes()
            #expect(try key.open(sealed, for: device) == (try vector["epoch_key"].bytes()))
            #expect(throws: (any Error).self) { try key.open(sealed, for: DeviceID(high: 1, low: 2)) }
        }
    }
}
