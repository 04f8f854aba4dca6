extension GlobalOptions: QuickOptions {
    static var none: GlobalOptions {
        var options = GlobalOptions()
        (options.store, options.team, options.color) = (nil, nil, .auto)
        (options.json, options.plain, options.quiet, options.verbose) = (false, false, false, false)
        (options.noInput, options.yes, options.passphraseFile) = (false, false, nil)
        return options
    }

    mutating func take(_ option: String, _ words: inout QuickWords) -> Bool {
        switch option {
        case "--store": return words.set(&store)
        case "--team": return words.set(&team)
        case "--passphrase-file": return words.set(&passphraseFile)
        case "--color":
            guard let choice = words.value().flatMap(ColourChoice.init(rawValue:)) else { return false }
            color = choice
        case "--json": json = true
        case "--plain": plain = true
        case "-q", "--quiet": quiet = true
        case "-v", "--verbose": verbose = true
        case "--no-input": noInput = true
        case "--yes": yes = true
        default: return false
        }
        return true
    }

    /// Those that stand before the command; nil where something else does.
    static func read(from words: inout QuickWords) -> GlobalOptions? {
        var options = none
        while let word = words.nextOption() {
            guard options.take(words.split(word), &words), words.attached == nil else { return nil }
        }
        return options
    }
}

extension EventFields: QuickOptions {
    static var none: EventFields {
        var fields = EventFields()
        (fields.on, fields.until, fields.status, fields.geo) = (nil, nil, nil, nil)
        (fields.city, fields.venue, fields.street, fields.region, fields.country, fields.postcode) = (nil, nil, nil, nil, nil, nil)
        (fields.types, fields.participants, fields.speakers, fields.claims) = ([], [], [], [])
        return fields
    }

    mutating func take(_ option: String, _ words: inout QuickWords) -> Bool {
        switch option {
        case "--type", "--add-type": words.append(to: &types)
        case "--on": words.set(&on)
        case "--until": words.set(&until)
        case "--city": words.set(&city)
        case "--venue": words.set(&venue)
        case "--street": words.set(&street)
        case "--region": words.set(&region)
        case "--country": words.set(&country)
        case "--postcode": words.set(&postcode)
        case "--geo": words.set(&geo)
        case "--status": words.set(&status)
        case "--participants", "--add-participants": words.append(to: &participants)
        case "--speaker", "--add-speaker": words.append(to: &speakers)
        case "--claim", "--add-claim": words.append(to: &claims)
        default: false
        }
    }
}

extension CommonFields: QuickOptions {
    static var none: CommonFields {
        var fields = CommonFields()
        (fields.description, fields.visibility) = (nil, nil)
        (fields.causes, fields.targets, fields.organisers) = ([], [], [])
        (fields.sources, fields.links, fields.codes) = ([], [], [])
        return fields
    }

    mutating func take(_ option: String, _ words: inout QuickWords) -> Bool {
        switch option {
        case "--description": words.set(&description)
        case "--cause", "--add-cause": words.append(to: &causes)
        case "--target", "--add-target": words.append(to: &targets)
        case "--organiser", "--add-organiser": words.append(to: &organisers)
        case "--source", "--add-source": words.append(to: &sources)
        case "--link", "--add-link": words.append(to: &links)
        case "--code", "--add-code": words.append(to: &codes)
        case "--visibility": words.set(&visibility)
        default: false
        }
    }
}

extension CountOptions: QuickOptions {
    static var none: CountOptions {
        var options = CountOptions()
        (options.count, options.basis, options.stage, options.by, options.countSource) = (nil, nil, nil, nil, nil)
        return options
    }

    mutating func take(_ option: String, _ words: inout QuickWords) -> Bool {
        switch option {
        case "--count": words.set(&count)
        case "--basis": words.set(&basis)
        case "--stage": words.set(&stage)
        case "--by": words.set(&by)
        case "--count-source": words.set(&countSource)
        default: false
        }
    }
}

extension QuickWords {
    mutating func set(_ property: inout String?) -> Bool {
        guard let value = value() else { return false }
        property = value
        return true
    }

    mutating func set(_ property: inout Int?) -> Bool {
        guard let number = value().flatMap({ Int($0) }) else { return false }
        property = number
        return true
    }

    mutating func append(to property: inout [String]) -> Bool {
        guard let value = value() else { return false }
        property.append(value)
        return true
    }
}

extension ExchangeOptions: QuickOptions {
    static var none: ExchangeOptions {
        var options = ExchangeOptions()
        (options.remote, options.dryRun, options.strict, options.timeout) = (nil, false, false, standardTimeout)
        return options
    }

    mutating func take(_ option: String, _ words: inout QuickWords) -> Bool {
        switch option {
        case "--dry-run": dryRun = true
        case "--strict": strict = true
        case "--timeout":
            guard let seconds = words.value().flatMap({ Int($0) }), Self.timeouts.contains(seconds) else { return false }
            timeout = seconds
        default: return false
        }
        return true
    }
}
