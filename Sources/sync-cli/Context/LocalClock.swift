#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif
import SyncCore

/// The clock on the wall of whoever uses the command line.
struct LocalClock: Sendable {
    /// Milliseconds since 1970.
    let now: Int64
    /// IANA identifier of the machine's zone, where it says so.
    let zone: String?

    init(now: Int64, environment: Environment) {
        self.now = now
        zone = Self.zone(environment)
    }

    var today: CivilDate { Self.local(now).date }

    /// The date and the minute, in this zone.
    var when: When {
        let (date, time) = Self.local(now)
        return When(date: date, time: time, zone: time == nil ? nil : zone, precision: time == nil ? .day : .minute)
            ?? When(day: date)
    }

    /// `2 Apr 21:14`, with the year where it is another one.
    func text(_ milliseconds: Int64) -> String {
        let (date, time) = Self.local(milliseconds)
        let day = When(day: date).displayText.split(separator: " ")
        let year = date.year == today.year ? [] : [String(date.year)]
        return (day.dropFirst().dropLast().map(String.init) + year + [time?.isoText ?? ""]).joined(separator: " ")
    }

    /// A day or a minute in this place's time; nil where it names another zone, or there is no such moment.
    func milliseconds(_ when: When) -> Int64? {
        guard when.zone == nil || when.zone == zone, when.precision == .minute || when.precision == .day else { return nil }
        var parts = tm()
        parts.tm_year = Int32(when.date.year - 1900)
        parts.tm_mon = Int32(when.date.month - 1)
        parts.tm_mday = Int32(when.date.day)
        parts.tm_hour = Int32(when.time?.hour ?? 0)
        parts.tm_min = Int32(when.time?.minute ?? 0)
        parts.tm_isdst = -1
        let seconds = mktime(&parts)
        return seconds == -1 ? nil : Int64(seconds) * 1000
    }

    /// `3 days`, `2 hours`, `less than a minute`.
    static func age(_ milliseconds: Int64) -> String {
        let minutes = max(0, milliseconds) / 60_000
        switch minutes {
        case 0: return "less than a minute"
        case ..<120: return minutes == 1 ? "1 minute" : "\(minutes) minutes"
        case ..<2880: return "\(minutes / 60) hours"
        default: return "\(minutes / 1440) days"
        }
    }

    private static func local(_ milliseconds: Int64) -> (date: CivilDate, time: ClockTime?) {
        var seconds = time_t(clamping: milliseconds / 1000)
        var parts = tm()
        guard localtime_r(&seconds, &parts) != nil,
            let date = CivilDate(year: Int(parts.tm_year) + 1900, month: Int(parts.tm_mon) + 1, day: Int(parts.tm_mday))
        else { return (epochDay, nil) }
        return (date, ClockTime(hour: Int(parts.tm_hour), minute: Int(parts.tm_min)))
    }

    /// A day that exists.
    private static let epochDay = CivilDate(year: 1970, month: 1, day: 1)!

    private static func zone(_ environment: Environment) -> String? {
        if let variable = environment["TZ"] {
            let name = variable.hasPrefix(":") ? String(variable.dropFirst()) : variable
            return ZoneName.isWellFormed(name) ? name : nil
        }
        var buffer = [CChar](repeating: 0, count: 512)
        let count = readlink("/etc/localtime", &buffer, buffer.count - 1)
        guard count > 0 else { return nil }
        let path = String(decoding: buffer.prefix(count).map { UInt8(bitPattern: $0) }, as: UTF8.self)
        guard let range = path.firstRange(of: "zoneinfo/") else { return nil }
        let name = String(path[range.upperBound...])
        return ZoneName.isWellFormed(name) ? name : nil
    }
}
