/// Cuts NDJSON into lines. A line that is too long is dropped as it arrives.
struct LineReader: Sendable {
    struct Line: Hashable, Sendable {
        var number: Int
        /// Without its end. Nil if the line is longer than the limit.
        var bytes: [UInt8]?
    }

    private let limit: Int
    private var feed = ByteFeed()
    private var partial: [UInt8] = []
    private var isTooLong = false
    private var number = 1

    init(limit: Int) { self.limit = limit }

    var isUTF16: Bool { feed.isUTF16 }

    mutating func append(_ bytes: [UInt8]) { feed.append(bytes) }

    mutating func finish() { feed.finish() }

    /// The next whole line; blank ones are left out. Nil when more bytes are needed, or at the end.
    mutating func next() -> Line? {
        while true {
            let (run, found) = feed.run(until: 0x0A)
            take(run)
            guard found || (feed.isFinished && (isTooLong || !partial.isEmpty)) else { return nil }
            let line = Line(number: number, bytes: isTooLong ? nil : partial)
            number += 1
            partial = []
            isTooLong = false
            let isBlank = line.bytes?.allSatisfy { $0 == 0x20 || $0 == 0x09 || $0 == 0x0D } ?? false
            if !isBlank { return line }
        }
    }

    private mutating func take(_ run: ArraySlice<UInt8>) {
        guard !isTooLong else { return }
        guard run.count <= limit - partial.count else {
            isTooLong = true
            partial = []
            return
        }
        partial.append(contentsOf: run)
    }
}
