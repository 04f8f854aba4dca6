/// Names of months in English, French, German, Spanish, Portuguese, Italian, Swedish and Russian, with the usual
/// abbreviations, in the form that `TextFold` gives.
enum MonthNames {
    /// `April` for 4; empty outside 1 to 12.
    static func english(_ month: Int) -> String {
        guard months.indices.contains(month - 1) else { return "" }
        return months[month - 1].prefix { $0 != " " }.capitalizedASCII
    }

    /// 1 to 12 for a folded name or abbreviation.
    static func number(of word: String) -> Int? { numbers[word] }

    /// One line a month; the English name first.
    static let months = [
        """
        january jan janvier janv januar janner jaenner enero ene janeiro gennaio gen januari январь января январе янв
        """,
        """
        february feb fevrier fevr fev februar feber febrero fevereiro febbraio febbr februari февраль февраля феврале фев февр
        """,
        "march mar mars marz maerz mrz marzo marco март марта марте мар",
        "april apr avril avr abril abr aprile апрель апреля апреле апр",
        "may mai mayo maio maggio mag maj маи мая мае",
        "june jun juin juni junio junho giugno giu июнь июня июне июн",
        "july jul juillet juil juli julio julho luglio lug июль июля июле июл",
        "august aug aout agosto ago augusti август августа августе авг",
        "september sept sep septembre septiembre setiembre setembro set settembre sett сентябрь сентября сентябре сент сен",
        "october oct octobre oktober okt octubre outubro out ottobre ott октябрь октября октябре окт",
        "november nov novembre noviembre novembro ноябрь ноября ноябре ноя нояб",
        "december dec decembre dezember dez diciembre dic dezembro dicembre декабрь декабря декабре дек",
    ]

    private static let numbers: [String: Int] = WordTable.numbered(months)
}

extension Substring {
    /// The first letter raised, the rest as it is.
    fileprivate var capitalizedASCII: String { prefix(1).uppercased() + dropFirst() }
}
