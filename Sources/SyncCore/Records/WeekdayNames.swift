/// Names of the days of the week in the eight languages of `MonthNames`, in the form that `TextFold` gives.
enum WeekdayNames {
    /// The weekday of a folded name or abbreviation.
    static func weekday(of word: String) -> Weekday? { numbers[word].flatMap(Weekday.init(rawValue:)) }

    /// German registers abbreviate to two letters ("Do, 13.04."). Some of these are prepositions elsewhere, so they count only
    /// where a date begins.
    static func weekday(ofGermanAbbreviation word: String) -> Weekday? { german[word].flatMap(Weekday.init(rawValue:)) }

    static let weekdays = [
        "monday mon lundi lun montag lunes segunda seg lunedi mandag man понедельник пн",
        "tuesday tue tues mardi dienstag martes terca ter martedi tisdag tis вторник вт",
        "wednesday wed weds mercredi mer mittwoch miercoles mie quarta qua mercoledi onsdag ons среда среду ср",
        "thursday thu thur thurs jeudi jeu donnerstag jueves jue quinta qui giovedi gio torsdag tors tor четверг чт",
        "friday fri vendredi ven freitag viernes vie sexta sex venerdi fredag fre пятница пятницу пт",
        "saturday sat samedi sam samstag sonnabend sabado sab sabato lordag lor суббота субботу сб",
        "sunday sun dimanche dim sonntag domingo dom domenica sondag son воскресенье вс",
    ]

    private static let numbers: [String: Int] = WordTable.numbered(weekdays)
    private static let german: [String: Int] = WordTable.numbered(["mo", "di", "mi", "do", "fr", "sa", "so"])
}
