/// Which record each operation of a change is on, as runs: the index from changes to records, and what resolves an operation that
/// finds its record through a write.
struct Touched {
    struct Run: Hashable {
        var count: Int
        var record: Int64
    }

    private(set) var runs: [Run] = []
    /// Of each run, the operation after its last.
    private var ends: [Int] = []

    /// The next operations are on `record`; 0 where that is not known.
    mutating func append(_ record: Int64, count: Int = 1) {
        let end = (ends.last ?? 0) + count
        if let last = runs.indices.last, runs[last].record == record {
            runs[last].count += count
            ends[last] = end
        } else {
            runs.append(Run(count: count, record: record))
            ends.append(end)
        }
    }

    /// - Complexity: O(log n) in the number of runs.
    func record(ofOperation index: UInt32) -> Int64? {
        var low = 0
        var high = ends.count
        while low < high {
            let middle = (low + high) / 2
            if ends[middle] <= Int(index) { low = middle + 1 } else { high = middle }
        }
        return low < runs.count && runs[low].record != 0 ? runs[low].record : nil
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
            // Runs are kept as they were written: two of one record beside each other are two.
            runs.append(Run(count: count, record: last))
            ends.append((ends.last ?? 0) + count)
        }
    }
}
