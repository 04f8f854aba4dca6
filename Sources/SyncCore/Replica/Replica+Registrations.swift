/// How the team makes itself known to relays, and changes its tokens there (`docs/relay-protocol.md`).
extension Replica {
    /// The chain as a remote has it; for nil, or a remote that was never reached, the longest that is known.
    func registrations(of remote: String?) throws -> [Registration] { try log.read { try $0.registrations(of: remote) } }

    /// What opens a remote now: the tokens that its newest registration names.
    ///
    /// - Throws: `keyMissing` where this device was not given the epoch that they derive from.
    func tokens(at remote: String) throws -> RelayTokens {
        guard let newest = try registrations(of: remote).last, let tokens = tokens(of: newest) else {
            throw SealingHindrance.keyMissing.error
        }
        return tokens
    }

    /// Reads the control log, and nothing else.
    var controlToken: Secret { keys.controlToken }

    private func tokens(of registration: Registration) -> RelayTokens? {
        keys.epochs.reversed().lazy.map { RelayTokens(epochKey: $0.key, control: self.keys.controlToken) }.first {
            Digest.plain($0.read.bytes) == registration.readTokenHash && Digest.plain($0.write.bytes) == registration.writeTokenHash
        }
    }

    /// Takes over the chain that a remote has, if it goes further than ours; or another branch of it, if that one's tokens are of an
    /// epoch of ours: another coordinator was quicker. A branch that leads to tokens of nobody's is not believed.
    ///
    /// - Returns: Whether ours is now the remote's.
    func learn(_ theirs: [Registration], of remote: String) throws -> Bool {
        let mine = try registrations(of: remote)
        guard Registration.isChain(theirs), theirs.first?.relayKey == mine.first?.relayKey, let newest = theirs.last else { return false }
        if theirs == mine { return true }
        guard theirs.starts(with: mine) || (theirs.count >= mine.count && tokens(of: newest) != nil) else { return false }
        try setRegistrations(theirs, of: remote)
        return true
    }

    /// The same for a chain that came with a bundle: of no remote, so that only those that were never reached are told of it.
    func learn(_ theirs: [Registration], _ log: LogTransaction) throws {
        let mine = try log.registrations()
        guard theirs.count > mine.count, let newest = theirs.last, theirs.starts(with: mine) || tokens(of: newest) != nil else { return }
        try log.setRegistrations(theirs, of: nil)
    }

    func setRegistrations(_ chain: [Registration], of remote: String) throws {
        try locked { try log.write { try $0.setRegistrations(chain, of: remote) } }
    }

    /// The chain with the tokens of the epoch in force, signed by the key that its end names; nil where it has them, or where this device
    /// holds no such key: another coordinator's client does it.
    func advancedRegistrations(of remote: String) throws -> [Registration]? {
        let chain = try registrations(of: remote)
        guard let newest = chain.last, let epoch = try team().currentEpoch, let key = keys.epochKey(epoch.id) else { return nil }
        let tokens = RelayTokens(epochKey: key, control: keys.controlToken)
        guard Digest.plain(tokens.read.bytes) != newest.readTokenHash, let signing = keys.relayKey(newest.nextRelayKey),
            let next = keys.relaySeeds.last(where: { $0.epoch == epoch.id })
        else { return nil }
        let registration = try Registration(
            counter: newest.counter + 1, teamSalt: newest.teamSalt, tokens: tokens, key: signing,
            nextRelayKey: SigningKey(seed: next.seed).publicKey)
        return chain + [registration]
    }
}
