/// What was found in a text, before it is put together.
struct WhenParts {
    var year: Int?
    var month: Int?
    var day: Int?
    var time: ClockTime?
    var zone: String?
    var weekday: Weekday?
    /// From "yesterday".
    var relative: CivilDate?
    /// -1 for "last", 1 for "next".
    var direction: Int?
    var part: WhenWords.Part?
    var isAbout = false

    /// Sets what was not set before; two of a kind are two dates.
    mutating func set<Value>(_ path: WritableKeyPath<WhenParts, Value?>, _ value: Value) throws(WhenParseError) {
        guard self[keyPath: path] == nil else { throw .severalDates }
        self[keyPath: path] = value
    }
}
