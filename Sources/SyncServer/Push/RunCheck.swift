import SyncCore

/// Proves the runs of one push, outside of any transaction: the chain by hashing, the log's key by its signatures.
///
/// A header does not name its predecessor, so a run is tried behind each value that stands at the index before it. Where a log does
/// not fork there is one. A run is taken up to its last valid signature; each signature is checked, and a wrong one inside a
/// run that is proven anyway is dropped (one flipped bit must not stop a log).
struct RunCheck {
    struct Outcome {
        var verified: VerifiedRun?
        var refusal: Refusal?
    }

    private let salt: Hash32
    private var logs: [LogTag: StoredLog]
    /// A wrong signature costs as much as a right one and proves nothing: a push has a bounded number of them.
    private var wrongSignaturesLeft = 4096
    /// After so many of the newest, a predecessor is not the right one.
    private static let wrongSignaturesPerCandidate = 8

    init(salt: Hash32, logs: [LogTag: StoredLog]) {
        self.salt = salt
        self.logs = logs
    }

    mutating func check(_ run: PushedRun) async throws -> Outcome {
        let known = logs[run.tag]
        guard let key = run.openKey ?? known?.publicKey else { return refuse(run, .predecessor) }
        let candidates = run.first == 0 ? [Chain.beginning] : known?.chains[run.first - 1] ?? []
        guard !candidates.isEmpty else { return refuse(run, .predecessor) }
        for previous in candidates {
            let proof = try await prove(run, after: previous, key: key, stored: known?.chains ?? [:])
            if proof.length > 0 { return take(run, after: previous, key: key, proof) }
        }
        return refuse(run, reason(run.segments[...]))
    }

    private struct Proof {
        var chains: [Hash32]
        /// Positions whose signature is there and right.
        var signed: Set<Int> = []
        /// How many from the front are proven: by a signature, or because they are stored already.
        var length = 0
    }

    private mutating func prove(
        _ run: PushedRun, after previous: Hash32, key: Hash32, stored: [UInt64: [Hash32]]
    ) async throws -> Proof {
        var proof = Proof(chains: [])
        proof.chains.reserveCapacity(run.segments.count)
        var value = previous
        for segment in run.segments {
            value = Chain.value(at: segment.header, after: value, teamSalt: salt)
            proof.chains.append(value)
        }
        while proof.length < run.segments.count,
            stored[run.first + UInt64(proof.length)]?.contains(proof.chains[proof.length]) == true {
            proof.length += 1
        }
        var wrong = 0
        for position in stride(from: run.segments.count - 1, through: proof.length, by: -1) {
            guard let signature = run.segments[position].signature else { continue }
            if proof.length == 0, wrong == Self.wrongSignaturesPerCandidate { break }
            guard wrongSignaturesLeft > 0 else { break }
            if Chain.isSigned(proof.chains[position], signature, by: key) {
                proof.signed.insert(position)
                proof.length = max(proof.length, position + 1)
            } else {
                wrong += 1
                wrongSignaturesLeft -= 1
            }
            if position % 64 == 0 {
                try Task.checkCancellation()
                await Task.yield()
            }
        }
        return proof
    }

    private mutating func take(_ run: PushedRun, after previous: Hash32, key: Hash32, _ proof: Proof) -> Outcome {
        var log = logs[run.tag] ?? StoredLog(publicKey: key, chains: [:])
        var segments: [VerifiedSegment] = []
        for position in 0..<proof.length {
            let index = run.first + UInt64(position)
            let chain = proof.chains[position]
            if log.chains[index]?.contains(chain) != true { log.chains[index, default: []].append(chain) }
            let isSigned = proof.signed.contains(position)
            let pushed = run.segments[position]
            segments.append(
                VerifiedSegment(chain: chain, isSigned: isSigned, bytes: isSigned ? pushed.bytes : pushed.withoutSignature))
        }
        logs[run.tag] = log
        let rest = run.segments[proof.length...]
        return Outcome(
            verified: VerifiedRun(tag: run.tag, publicKey: key, first: run.first, previous: previous, segments: segments),
            refusal: rest.isEmpty ? nil : run.refusal(at: proof.length, reason(rest)))
    }

    private func reason(_ rest: ArraySlice<PushedSegment>) -> Refusal.Reason {
        rest.contains { $0.signature != nil } ? .signature : .unsigned
    }

    private func refuse(_ run: PushedRun, _ reason: Refusal.Reason) -> Outcome {
        Outcome(verified: nil, refusal: run.refusal(at: 0, reason))
    }
}
