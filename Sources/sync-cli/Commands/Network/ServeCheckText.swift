/// What `sync serve --check` says.
enum ServeCheckText {
    /// Each setting, and where it comes from.
    static func tell(_ settings: [FoundSetting], _ output: Output) {
        guard output.mode != .json else {
            return settings.forEach { output.json("setting", members($0)) }
        }
        var table = Table(.fixed, .fixed, .fixed)
        for found in settings {
            table.add(Line(found.setting.rawValue), Line(found.shown ?? "(not shown)"), Line("from \(place(found).at)", .faint))
        }
        output.table(table)
    }

    private static func members(_ found: FoundSetting) -> [(String, JSON)] {
        let (from, at) = place(found)
        return [
            ("name", .string(found.setting.rawValue)), ("value", JSON(found.shown)), ("from", .string(from)), ("at", .string(at)),
        ]
    }

    private static func place(_ found: FoundSetting) -> (from: String, at: String) {
        switch found.origin {
        case .option: ("option", found.setting.option)
        case .environment(let variable): ("environment", variable)
        case .file(let path): ("file", path)
        }
    }

    static func tellReady(_ kept: String, _ output: Output) {
        guard output.mode != .json else { return output.json("ready", [("folder", .string(kept))]) }
        output.line("It can start: \(kept) and everything else that it needs is there.")
    }
}
