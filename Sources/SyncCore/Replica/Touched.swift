/// Which record each operation of a change is on, as runs: the index from changes to records, and what resolves an operation that
/// finds its record through a write.
struct Touched {
    struct Run: Hashable {
        var count: Int
        var record: Int64
    }

    private(set) var runs: [Run] = []

    /// The next operation is on `record`; 0 where that is not known.
    mutating func append(_ record: Int64) {
        if let last = runs.indices.last, runs[last].record == record {
            runs[last].count += 1
        } else {
            runs.append(Run(count: 1, record: record))
        }
    }

    /// The next so many operations are on `record`, which the one before was not on.
    mutating func append(_ record: Int64, count: Int) { runs.append(Run(count: count, record: record)) }

    func record(ofOperation index: UInt32) -> Int64? {
        var left = Int(index)
        for run in runs {
            if left < run.count { return run.record == 0 ? nil : run.record }
            left -= run.count
        }
        return nil
    }

    /// The numbers of the operations on `record`.
    func operations(on record: Int64) -> [Range<Int>] {
        var start = 0
        var found: [Range<Int>] = []
        for run in runs {
            if run.record == record { found.append(start..<(start + run.count)) }
            start += run.count
        }
        return found
    }

    var records: Set<Int64> { Set(runs.map(\.record)).subtracting([0]) }

    var bytes: [UInt8] {
        var writer = ByteWriter(capacity: runs.count * 3)
        var last: Int64 = 0
        for run in runs {
            writer.count(run.count)
            writer.zig(run.record &- last)
            last = run.record
        }
        return writer.bytes
    }

    init() {}

    init(_ bytes: [UInt8]) throws(DecodingFailure) {
        var reader = ByteReader(bytes)
        var last: Int64 = 0
        while !reader.isAtEnd {
            let count = try reader.count(limit: Limits.operationsPerChange)
            last = last &+ (try reader.zig())
            runs.append(Run(count: count, record: last))
        }
    }
}
