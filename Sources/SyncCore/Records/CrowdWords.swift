/// What words about numbers mean, in the form that `TextFold` gives.
enum CrowdWords {
    enum Meaning: Hashable, Sendable {
        /// 1 to 99.
        case cardinal(Int)
        /// "Hundred": multiplies what stands before it.
        case unit(Int)
        case dozen
        /// "Hundreds", "several".
        case vague(CountWord)
        /// "Zehntausende".
        case vagueTimes(CountWord, Int)
        /// "None", "nobody": 0.
        case nobody
    }

    static func meaning(of word: String) -> Meaning? { meanings[word] }

    private static let meanings: [String: Meaning] = {
        var table = [String: Meaning]()
        for (line, meaning) in lines {
            for word in WordTable.words(line) { table[word] = meaning }
        }
        for line in cardinals {
            let words = WordTable.words(line)
            guard let value = words.first.flatMap({ Int($0) }) else { continue }
            for word in words.dropFirst() { table[word] = .cardinal(value) }
        }
        return table
    }()

    private static let lines: [(String, Meaning)] = [
        ("hundred hundert cent cents centaine", .unit(100)),
        ("thousand tausend mille millier k tsd", .unit(1_000)),
        ("million mio mn m", .unit(1_000_000)),
        ("score", .unit(20)), ("dizaine", .unit(10)), ("vingtaine", .unit(20)), ("trentaine", .unit(30)), ("quarantaine", .unit(40)),
        ("cinquantaine", .unit(50)), ("soixantaine", .unit(60)),
        ("dozen dutzend douzaine", .dozen),
        ("tens dizaines", .vague(.tens)), ("dozens dutzende douzaines", .vague(.dozens)), ("scores", .vague(.scores)),
        ("hundreds hunderte centaines", .vague(.hundreds)), ("thousands tausende milliers", .vague(.thousands)),
        ("millions millionen", .vague(.millions)),
        ("zehntausende", .vagueTimes(.tens, 1_000)), ("hunderttausende", .vagueTimes(.hundreds, 1_000)),
        ("couple", .vague(.couple)), ("few einige quelques paar", .vague(.few)),
        ("several mehrere plusieurs", .vague(.several)), ("handful handvoll poignee", .vague(.handful)),
        ("none zero nobody null keine keiner niemand aucun", .nobody),
    ]

    /// One line a value.
    private static let cardinals = [
        "1 one un une ein eine einer lone single sole", "2 two deux zwei", "3 three trois drei", "4 four quatre vier",
        "5 five cinq funf fuenf", "6 six sechs", "7 seven sept sieben", "8 eight huit acht", "9 nine neuf neun", "10 ten dix zehn",
        "11 eleven onze elf", "12 twelve douze zwolf zwoelf", "13 thirteen treize", "14 fourteen quatorze", "15 fifteen quinze",
        "16 sixteen seize", "17 seventeen", "18 eighteen", "19 nineteen", "20 twenty vingt zwanzig",
        "30 thirty trente dreissig", "40 forty fourty quarante vierzig", "50 fifty cinquante funfzig fuenfzig",
        "60 sixty soixante sechzig", "70 seventy siebzig", "80 eighty achtzig", "90 ninety neunzig",
    ]

    static let articles = WordTable.set("a an")
    /// Between a number and what it counts, or between two parts of a number.
    static let linking = WordTable.set("of de d des the")
    static let between = WordTable.set("between entre zwischen from von")
    static let and = WordTable.set("and et und")
    static let to = WordTable.set("to or bis a oder ou")
    static let maybe = WordTable.set("possibly perhaps maybe even")

    /// Who is counted. A word that is not here makes a phrase unreadable.
    static let people = WordTable.set(
        """
        people person persons individuals folks others attendees participants protesters protestors protester demonstrators
        demonstrator marchers supporters activists students teachers nurses workers employees members residents citizens
        community faculty marched gathered rallied protested attended present women men children volunteers strikers picketers ralliers counterprotesters union
        personen menschen teilnehmer teilnehmerinnen teilnehmende teilnehmenden tn leute demonstranten demonstrierende
        personnes manifestants manifestantes participantes gens
        """)
    static let vehicles = WordTable.set("kfz pkw lkw fahrzeuge fahrzeugen autos traktoren vehicles cars trucks tractors voitures vehicules")
    static let with = WordTable.set("in mit with und and avec")
}
