import Testing

@testable import SyncCore

/// P6: clocks are shown, never used to merge; what order tells of them is told without trusting any.
@Suite struct ClockGapsTests {
    private let a = DeviceID(high: 1, low: 0)
    private let b = DeviceID(high: 2, low: 0)
    private let c = DeviceID(high: 3, low: 0)
    private let minute: Int64 = 60_000

    @Test func `what came first and bears a later time shows a gap`() {
        var gaps = ClockGaps()
        gaps.learn((a, 10 * minute), before: (b, 4 * minute), now: 5)
        #expect(gaps.all == [ClockGap(ahead: a, behind: b, least: 6 * minute, noticed: 5)])
        // Less is no news, more is.
        gaps.learn((a, 10 * minute), before: (b, 8 * minute), now: 6)
        #expect(gaps.all.map(\.least) == [6 * minute])
        gaps.learn((a, 20 * minute), before: (b, 8 * minute), now: 7)
        #expect(gaps.all == [ClockGap(ahead: a, behind: b, least: 12 * minute, noticed: 7)])
        #expect(gaps.offset(of: a, from: b) == ClockOffset(least: 12 * minute))
        #expect(gaps.offset(of: b, from: a) == ClockOffset(least: -12 * minute))
        #expect(gaps.offset(of: a, from: c) == ClockOffset(least: 12 * minute, against: b))
        #expect(gaps.offset(of: c, from: a) == nil && gaps.offset(of: a, from: a) == nil)
    }

    @Test func `seconds, one's own changes and absurd times show nothing`() {
        var gaps = ClockGaps()
        gaps.learn((a, minute - 1), before: (b, 0), now: 0)
        gaps.learn((a, 10 * minute), before: (a, 0), now: 0)
        for (first, second) in [(Int64.max, Int64.min), (Int64.max, 0), (-1, Int64.max), (Int64.min, Int64.max), (0, Int64.min)] {
            gaps.learn((a, first), before: (b, second), now: 0)
        }
        #expect(gaps.all.isEmpty)
    }

    @Test func `a clock that was set right is believed once its changes show it, and at the latest after a month`() {
        var gaps = ClockGaps()
        gaps.learn((a, 10 * minute), before: (b, 0), now: 0)
        // A later change of a, two minutes after one of b: a is ahead by less than two.
        gaps.learn((b, 100 * minute), before: (a, 102 * minute), now: 1)
        #expect(gaps.all.isEmpty)
        gaps.learn((a, 10 * minute), before: (b, 0), now: 0)
        // An hour after tells nothing of ten minutes.
        gaps.learn((b, 100 * minute), before: (a, 160 * minute), now: 1)
        #expect(gaps.all.count == 1)
        #expect(gaps.recent(at: 29 * 86_400_000).all.count == 1 && gaps.recent(at: 31 * 86_400_000).all.isEmpty)
        // It is news for a week.
        #expect(gaps.pressing(at: 6 * 86_400_000).all.count == 1 && gaps.pressing(at: 8 * 86_400_000).all.isEmpty)
        // What is seen a day later counts as it is, though it is less.
        gaps.learn((a, 3 * minute), before: (b, 0), now: 2 * 86_400_000)
        #expect(gaps.all.map(\.least) == [3 * minute])
    }

    @Test func `whose clock is on one side of several others is the one to be looked at`() {
        var gaps = ClockGaps()
        gaps.learn((b, 10 * minute), before: (a, 0), now: 0)
        #expect(!gaps.isSuspect(a) && !gaps.isSuspect(b))
        gaps.learn((c, 10 * minute), before: (a, 0), now: 0)
        #expect(gaps.isSuspect(a) && !gaps.isSuspect(b) && !gaps.isSuspect(c))
    }

    @Test func `they are kept, and there is an end to them`() throws {
        var gaps = ClockGaps()
        for number in 0..<300 { gaps.learn((DeviceID(high: 9, low: UInt64(number)), 10 * minute), before: (b, 0), now: Int64(number)) }
        #expect(gaps.all.count == 256 && gaps.all.map(\.noticed).min() == 44)
        #expect(try ClockGaps(gaps.bytes) == gaps)
        #expect(throws: DecodingFailure.self) { try ClockGaps(gaps.bytes.dropLast()) }
    }

    @Test func `a fast clock shows when a change arrives before its time, a slow one when it follows a later time`() throws {
        let team = try TestTeam(devices: 3)
        let (fast, slow) = (TestSurroundings(seed: 5), TestSurroundings(seed: 6))
        let ana = team.replicas[0]
        let record = try ana.addEvent("Vigil")
        try team.exchangeAll()
        fast.time = team.clock.time + 6 * minute
        slow.time = team.clock.time - 20 * minute
        let (ben, cem) = (try team.reopen(1, clock: fast), try team.reopen(2, clock: slow))
        try ben.commit { try $0.assign(record, Field.title, .text("Ben's")) }
        try cem.commit { try $0.assign(record, Field.title, .text("Cem's")) }
        try team.exchangeAll()
        func offset(_ of: Replica, _ seenBy: Replica) throws -> Int64? {
            try seenBy.read { try $0.clockGaps().offset(of: of.device, from: seenBy.device)?.least }
        }
        // To Ana, who is right, one is fast by nearly six minutes and the other slow by nearly twenty.
        #expect((5 * minute...6 * minute).contains(try #require(try offset(ben, ana))))
        #expect((-20 * minute...(-19 * minute)).contains(try #require(try offset(cem, ana))))
        let conflict = try #require(try ana.read { try $0.conflicts(of: record) }.first)
        #expect(conflict.values.map { ($0.origin.clock?.least ?? 0) > 0 } == conflict.values.map { $0.value == .text("Ben's") })
        // Each of the others sees itself beside Ana's.
        #expect(try #require(try offset(ana, cem)) > 0)
        #expect(try ana.status().clocks.all.count >= 2)
        try team.expectAgreement()
        // It is kept with the log.
        #expect(try team.reopen(0).status().clocks == ana.status().clocks)
    }

    @Test func `what does not count tells nothing`() throws {
        let team = try TestTeam(devices: 1)
        let ana = team.replicas[0]
        let plan = try team.invitation()
        let (mallory, thief) = (try team.join(plan), try team.join(plan))
        for joined in [mallory, thief] { try TestTeam.carryControl(from: joined, to: ana) }
        try mallory.craft([.assign(RecordID(high: 1, low: 1), Field.title, "x")], wall: team.clock.time + 1_000 * minute)
        try TestTeam.carry(from: mallory, to: ana)
        #expect(try ana.status().void.count == 1 && ana.status().clocks.all.isEmpty)
    }
}
