import Foundation

/// Makes a failing script short: leaves out steps as long as it goes on failing (A. Zeller and R. Hildebrandt, "Simplifying and
/// isolating failure-inducing input", 2002).
struct Shrinking {
    var seconds: Double
    /// Whether a script fails in the way that is looked for.
    var fails: (Script) async -> Bool

    func shortest(of script: Script) async -> Script {
        let end = Date(timeIntervalSinceNow: seconds)
        var script = script
        var size = max(1, script.steps.count / 2)
        while true {
            var (start, hasShrunk) = (0, false)
            while start < script.steps.count {
                guard Date() < end else { return script }
                var candidate = script
                candidate.steps.removeSubrange(start..<min(start + size, script.steps.count))
                if await fails(candidate) {
                    script = candidate
                    hasShrunk = true
                } else {
                    start += size
                }
            }
            if size == 1, !hasShrunk { return script }
            size = max(1, size / 2)
        }
    }
}
