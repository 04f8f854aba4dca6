/// What the words of a date mean, beside names of months and weekdays. All in the form that `TextFold` gives.
enum WhenWords {
    /// Days from today: "yesterday" is -1.
    static func offset(of word: String) -> Int? {
        if today.contains(word) { return 0 }
        if yesterday.contains(word) { return -1 }
        return tomorrow.contains(word) ? 1 : nil
    }

    /// Where a part of a year or a month is anchored.
    enum Part: Hashable, Sendable { case early, mid, late }

    static func part(of word: String) -> Part? {
        if early.contains(word) { return .early }
        if mid.contains(word) { return .mid }
        return late.contains(word) ? .late : nil
    }

    private static let today = WordTable.set("today tonight aujourd heute hoy hoje oggi idag сегодня")
    private static let yesterday = WordTable.set("yesterday hier gestern ayer ontem ieri igar вчера")
    private static let tomorrow = WordTable.set("tomorrow demain morgen manana amanha domani imorgon завтра")

    /// Swedish writes "i dag" in two words as often as in one.
    static let swedishDays = WordTable.set("dag gar morgon")

    static let last = WordTable.set(
        """
        last past dernier derniere letzten letzter letztem letzte letztes pasado pasada passado passada scorso scorsa forra
        прошлыи прошлую прошлое прошлая
        """)
    static let next = WordTable.set(
        """
        next coming prochain prochaine nachsten nachster nachstem nachste nachstes naechsten proximo proxima prossimo prossima
        nasta следующии следующую следующее следующая
        """)

    static let about = WordTable.set(
        """
        about around circa ca c approximately approx roughly environ vers etwa rund gegen ungefahr ungefaehr zirka hacia
        aproximadamente alrededor cerca verso omkring около примерно
        """)
    private static let early = WordTable.set(
        "early beginning start debut anfang principios comienzos inicio inicios inizio borjan начало начале")
    private static let mid = WordTable.set("mid middle milieu mitte mediados meados meta mitten середина середине")
    private static let late = WordTable.set("late end fin ende finales fines final fim fine slutet конец конце")

    /// Words that say nothing by themselves.
    static let filler = WordTable.set(
        """
        the of on in this de du le la les d l hui der den dem des del dello della dei el il lo di do da dos das em en am feira
        av г года год
        """)
    /// Words after which a lone number is an hour.
    static let beforeTime = WordTable.set("at from um ab kl klockan ore alle las as a в")
    /// Words after a number that make it an hour.
    static let hour = WordTable.set("h hr hrs hs uhr heure heures horas ч часов")
    static let noon = WordTable.set("noon midday midi mittag mittags mediodia mezzogiorno полдень")
    static let ordinal = WordTable.set("st nd rd th er re º ª e го")
    /// What "22 of April" is written with.
    static let betweenDayAndMonth = WordTable.set("of de di d")
    static let zoneAbbreviation = WordTable.set("gmt bst cet cest est edt cst cdt mst mdt pst pdt msk mez mesz wet west eet eest")
}
