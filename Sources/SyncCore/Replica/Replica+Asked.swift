/// Letting in whoever asks: the side of the person who was asked.
extension Replica {
    private var publicKeys: PublicKeys {
        get throws { PublicKeys(signing: signing.publicKey, kem: try KEMKey(seed: keys.kemSeed).publicKey) }
    }

    /// Makes a code with which somebody may ask. It opens nothing, and nothing is written into the team's log before somebody says yes.
    ///
    /// - Returns: The invite, and the offer for the relay's mailbox.
    /// - Throws: `notJoined` unless this device is a coordinator that may seal.
    public func ask(role: Role, relayURL: String, expires: Int64) throws -> (invite: AskedInvite, box: [UInt8]) {
        try requireCoordinator(team())
        let code = InviteCode(secret: surroundings.random(16), team: keys.team, inviter: device, relayAddress: relayURL)
        let invite = AskedInvite(code: code, role: role, expires: expires)
        let offer = JoinOffer(inviter: try publicKeys, role: role, expires: expires)
        let box = try offer.sealed(for: code, nonce: surroundings.random(Sealing.nonceLength))
        try locked { try log.write { try $0.setAsked(code, invite) } }
        return (invite, box)
    }

    /// Those that are not over, in the order in which they were made.
    public func askedInvites() throws -> [AskedInvite] { try log.read { try $0.askedInvites() } }

    func forget(_ invite: AskedInvite) throws { try locked { try log.write { try $0.setAsked(invite.code, nil) } } }

    /// Those of the boxes beside an offer that ask by this invite, each device once. What was declined before, what was made for
    /// another code or another device, and who is or was in the team, is passed over.
    func waiting(_ boxes: [[UInt8]], for invite: AskedInvite) throws -> [WaitingRequest] {
        let kem = try KEMKey(seed: keys.kemSeed)
        let (team, own) = (try team(), try publicKeys)
        var waiting: [WaitingRequest] = []
        for box in boxes {
            guard let request = try? JoinRequest(opening: box, with: invite.code, key: kem, device: device),
                !invite.declined.contains(request.digest), !waiting.contains(where: { $0.request.device == request.device }),
                team.roster[request.device] == nil, !team.isOut(request.device)
            else { continue }
            let words = try JoinWords.asked(invite.code, inviter: own, joiner: request.keys)
            waiting.append(WaitingRequest(request: request, invite: invite, words: words))
        }
        return waiting
    }

    /// Lets a device in. Repeating it changes nothing.
    ///
    /// - Throws: `notJoined` unless this device is a coordinator that may seal, or when the other was removed from the team once.
    func admit(_ request: JoinRequest, as role: Role, by invite: AskedInvite? = nil) throws {
        let team = try team()
        guard !team.isOut(request.device) else {
            throw SyncError(
                .notJoined, "This device was removed from the team, and cannot come back.", safe: "Nothing was changed.",
                next: "Its person asks with another one, or into another folder.")
        }
        guard team.roster[request.device] == nil else { return }
        let enrolment = try request.enrolment(as: role)
        try decide(.admit) { _, log in
            if var invite {
                invite.admitted = request
                try log.setAsked(invite.code, invite)
            }
            return Admit(device: enrolment).payload
        }
    }

    /// Remembers that somebody said no to a request.
    func noteDeclined(_ request: JoinRequest, by invite: AskedInvite) throws {
        try locked {
            try log.write { log in
                guard var kept = try log.askedInvites().first(where: { $0.code == invite.code }) else { return }
                kept.declined.append(request.digest)
                try log.setAsked(kept.code, kept)
            }
        }
    }

    /// What a device that was let in is told. `relayURL`: where the code did not say it.
    func welcome(_ request: JoinRequest, relayURL: String = "") throws -> JoinAnswer {
        guard let member = try team().roster[request.device] else {
            throw SyncError(
                .notJoined, "\(request.name) is not in the team: its admission was undone.", safe: "Nothing was sent.",
                next: "See  sync devices list.")
        }
        return JoinAnswer(
            .welcome(try welcome(by: member.record, as: member.enrolment.role), relayURL: relayURL), to: request)
    }

    func sealed(_ answer: JoinAnswer, for request: JoinRequest) throws -> [UInt8] {
        try answer.sealed(to: request, signedBy: signing)
    }

    // MARK: Without a network

    /// Lets in whoever wrote a request file, and makes the file that answers it: sealed to that device, with the team's control log.
    ///
    /// - Returns: The file, and what both screens show for whoever asked to compare.
    public func answerFile(
        to request: JoinRequest, as role: Role, relayURL: String
    ) throws -> (bytes: [UInt8], words: [String]) {
        try admit(request, as: role)
        let own = try publicKeys
        let control = try log.read { try $0.sealedControl() }
        let file = AnswerFile(try welcome(request, relayURL: relayURL), by: own, control: control)
        let words = try JoinWords.answer(team: keys.team, inviter: own, joiner: request.keys)
        return (try file.sealed(to: request, signedBy: signing), words)
    }
}
