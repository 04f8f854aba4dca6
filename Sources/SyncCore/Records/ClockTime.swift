/// A time of day to the minute, 00:00 to 23:59, as a clock on the wall shows it.
public struct ClockTime: Hashable, Comparable, Sendable {
    /// 0 to 23.
    public let hour: Int
    /// 0 to 59.
    public let minute: Int

    /// Nil where a clock has no such time; 24:00 is 00:00 of the next day and is refused.
    public init?(hour: Int, minute: Int) {
        guard hour >= 0, hour <= 23, minute >= 0, minute <= 59 else { return nil }
        self.hour = hour
        self.minute = minute
    }

    public static func < (a: ClockTime, b: ClockTime) -> Bool {
        (a.hour, a.minute) < (b.hour, b.minute)
    }

    /// `19:00`: always five characters.
    public var isoText: String { "\(Digits.padded(hour, to: 2)):\(Digits.padded(minute, to: 2))" }

    init?(isoBytes bytes: ArraySlice<UInt8>) {
        let b = Array(bytes)
        guard b.count == 5, b[2] == UInt8(ascii: ":"), let hour = Digits.value(b[0..<2]), let minute = Digits.value(b[3..<5])
        else { return nil }
        self.init(hour: hour, minute: minute)
    }
}
