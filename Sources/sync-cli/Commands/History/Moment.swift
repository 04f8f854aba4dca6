import SyncCore

/// A time that somebody names, to its end: of a day, or of a minute.
struct Moment {
    /// Milliseconds since 1970.
    let wall: Int64
    private let when: When

    var text: String { when.displayText }

    /// - Throws: `usage` where it is no day and no minute, or one of another zone.
    init(_ text: String, option: String, _ context: Context) throws {
        when = try FieldInput(dates: context.dates).date(text, option)
        guard let wall = Self.end(of: when, context.clock) else {
            throw SyncError(
                .usage, "\(option): “\(when.displayText)” is no day or minute of this place's clock.", safe: Failure.unchanged,
                next: "Write a day (\"22 April 2017\": to its end) or a time (\"22 April 2017 19:00\") without a zone.")
        }
        self.wall = wall
    }

    private static func end(of when: When, _ clock: LocalClock) -> Int64? {
        switch when.precision {
        case .minute: clock.milliseconds(when).map { $0 + 59_999 }
        case .day: when.date.adding(days: 1).flatMap { clock.milliseconds(When(day: $0)) }.map { $0 - 1 }
        case .month, .year, .about: nil
        }
    }
}

extension Context {
    /// Whose clocks are known not to agree, of those who wrote a record: its times are by them.
    func tellClocks(of id: RecordID, _ session: Session, own: DeviceID) throws {
        let team = try session.team()
        let text = ClockText(try session.clockGaps(), team, own: own)
        for device in try session.writers(of: id) {
            if let clock = text.text(of: device) { output.note("! \(team.name(of: device) ?? "an unknown device"): \(clock).") }
        }
    }
}
