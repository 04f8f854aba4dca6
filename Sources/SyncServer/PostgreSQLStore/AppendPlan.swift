#if PostgreSQL
    import SyncCore

    /// What a push changes, worked out in memory from what was read under the team's lock: few statements, however many segments it has.
    struct AppendPlan {
        struct Place: Hashable {
            var tag: LogTag
            var index: UInt64
            var chain: Hash32
        }

        struct Row {
            var position: Position
            var log: Int64
            var index: UInt64
            var segment: VerifiedSegment
        }

        private(set) var team: PostgreSQLTeam
        /// By tag, the number of each log that the push touches, where it has one.
        private(set) var numbers: [LogTag: Int64]
        private(set) var begun: [(tag: LogTag, number: Int64, key: Hash32)] = []
        private(set) var rows: [Row] = []
        private(set) var heads: Set<Place>
        private(set) var receipt = AppendReceipt()
        /// Which of the places that the push names are there.
        private var held: Set<Place>
        private let withdrawn: Set<Hash32>

        init(team: PostgreSQLTeam, numbers: [LogTag: Int64], heads: Set<Place>, held: Set<Place>, withdrawn: Set<Hash32>) {
            self.team = team
            self.numbers = numbers
            self.heads = heads
            self.held = held
            self.withdrawn = withdrawn
        }

        mutating func take(_ run: VerifiedRun) {
            let known = countKnown(run)
            receipt.known += known
            let index = run.first + UInt64(known)
            let fresh = kept(run.segments[known...])
            if fresh.count < run.segments.count - known { refuse(run.tag, index + UInt64(fresh.count), .body) }
            guard let last = fresh.last else { return }
            let previous = known > 0 ? run.segments[known - 1].chain : run.previous
            let before = index > 0 ? Place(tag: run.tag, index: index - 1, chain: previous) : nil
            // Inside a run the predecessor was just seen; before it, or before the first, it must be there.
            if let before, known == 0, !held.contains(before) { return refuse(run.tag, index, .predecessor) }
            if before.map({ heads.remove($0) == nil }) ?? true {
                guard heads.count(where: { $0.tag == run.tag }) < Limits.branchesPerLog else {
                    return refuse(run.tag, index, .branches)
                }
            }
            insert(fresh, from: index, of: run)
            heads.insert(Place(tag: run.tag, index: index + UInt64(fresh.count) - 1, chain: last.chain))
            receipt.stored += fresh.count
        }

        /// - Throws: `StoreFull.team` where more than `limit` would be there.
        mutating func measure(limit: Int64) throws {
            receipt.bytes = rows.reduce(0) { $0 + $1.segment.bytes.count }
            try team.add(receipt.bytes, limit: limit)
        }

        private mutating func refuse(_ tag: LogTag, _ index: UInt64, _ reason: Refusal.Reason) {
            receipt.refused.append(Refusal(tag: tag, index: index, reason: reason))
        }

        private func countKnown(_ run: VerifiedRun) -> Int {
            var known = 0
            while known < run.segments.count,
                held.contains(Place(tag: run.tag, index: run.first + UInt64(known), chain: run.segments[known].chain))
            { known += 1 }
            return known
        }

        /// The segments as they are kept: without the bodies that were withdrawn. Where one lacks a body that was not, they end before
        /// it, signed.
        private func kept(_ segments: ArraySlice<VerifiedSegment>) -> [VerifiedSegment] {
            var kept: [VerifiedSegment] = []
            for segment in segments {
                guard let bare = segment.withoutBody(withdrawn.contains(segment.chain)) else {
                    return Array(kept.prefix((kept.lastIndex(where: \.isSigned) ?? -1) + 1))
                }
                kept.append(bare)
            }
            return kept
        }

        private mutating func number(of run: VerifiedRun) -> Int64 {
            if let number = numbers[run.tag] { return number }
            team.logs += 1
            numbers[run.tag] = team.logs
            begun.append((run.tag, team.logs, run.publicKey))
            return team.logs
        }

        private mutating func insert(_ segments: [VerifiedSegment], from first: UInt64, of run: VerifiedRun) {
            let log = number(of: run)
            for (offset, segment) in segments.enumerated() {
                let index = first + UInt64(offset)
                team.position = team.position.following(segment.chain)
                rows.append(Row(position: team.position, log: log, index: index, segment: segment))
                held.insert(Place(tag: run.tag, index: index, chain: segment.chain))
            }
        }
    }
#endif
