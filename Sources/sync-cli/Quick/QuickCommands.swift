import ArgumentParser

extension EventAdd: QuickCommand {
    static var none: EventAdd {
        var command = EventAdd()
        command.title = nil
        (command.fields, command.common, command.counting) = (.none, .none, .none)
        command.global = .none
        return command
    }

    mutating func take(_ option: String, _ words: inout QuickWords) -> Bool {
        fields.take(option, &words) || common.take(option, &words) || counting.take(option, &words)
    }

    mutating func take(argument: String) -> Bool {
        guard title == nil else { return false }
        title = argument
        return true
    }
}

extension EventList: QuickCommand {
    static var none: EventList {
        var command = EventList()
        (command.from, command.to, command.city) = (nil, nil, nil)
        (command.limit, command.all, command.global) = (nil, false, .none)
        return command
    }

    mutating func take(_ option: String, _ words: inout QuickWords) -> Bool {
        switch option {
        case "--from": return words.set(&from)
        case "--to": return words.set(&to)
        case "--city": return words.set(&city)
        case "--limit": return words.set(&limit)
        case "--all": all = true
        default: return false
        }
        return true
    }
}

extension PetitionList: QuickCommand {
    static var none: PetitionList {
        var command = PetitionList()
        (command.limit, command.all, command.global) = (nil, false, .none)
        return command
    }

    mutating func take(_ option: String, _ words: inout QuickWords) -> Bool {
        switch option {
        case "--limit": return words.set(&limit)
        case "--all": all = true
        default: return false
        }
        return true
    }
}

extension RecordShow: QuickCommand {
    static var none: RecordShow {
        var command = RecordShow()
        (command.id, command.at, command.global) = ("", nil, .none)
        return command
    }

    mutating func take(_ option: String, _ words: inout QuickWords) -> Bool { option == "--at" && words.set(&at) }

    mutating func take(argument: String) -> Bool {
        guard id.isEmpty else { return false }
        id = argument
        return true
    }

    var isComplete: Bool { !id.isEmpty }
}

extension StatusCommand: QuickCommand {
    static var none: StatusCommand {
        var command = StatusCommand()
        command.global = .none
        return command
    }

    mutating func take(_ option: String, _ words: inout QuickWords) -> Bool { false }
}

extension SearchCommand: QuickCommand {
    static var none: SearchCommand {
        var command = SearchCommand()
        (command.words, command.limit, command.global) = ([], nil, .none)
        return command
    }

    mutating func take(_ option: String, _ words: inout QuickWords) -> Bool { option == "--limit" && words.set(&limit) }

    mutating func take(argument: String) -> Bool {
        words.append(argument)
        return true
    }

    var isComplete: Bool { !words.isEmpty }
}

/// The three that exchange are told the same.
protocol QuickExchange: QuickCommand {
    init()
    var exchange: ExchangeOptions { get set }
}

extension QuickExchange {
    static var none: Self {
        var command = Self()
        (command.exchange, command.global) = (.none, .none)
        return command
    }

    mutating func take(_ option: String, _ words: inout QuickWords) -> Bool { exchange.take(option, &words) }

    mutating func take(argument: String) -> Bool {
        guard exchange.remote == nil else { return false }
        exchange.remote = argument
        return true
    }
}

extension NowCommand: QuickExchange {}
extension PullCommand: QuickExchange {}
extension PushCommand: QuickExchange {}
