/// The headline number of a petition and what it is made of.
///
/// Per channel the newest reading counts, never the largest: official totals go down. Readings with a scope never make a
/// total. Where paper batches were counted they are the paper channel, and a reading of it is only compared with them.
public struct SignatureTotals: Sendable {
    /// The number that stands for one channel.
    public struct Channel: Sendable {
        /// `online:<platform>`, `paper`, …
        public let name: String
        public let value: Int
        public let exactness: SignatureExactness
        /// As of when; nil for counted batches and where unknown.
        public let asOf: String?
        /// The reading that it is; nil for counted batches.
        public let reading: String?
    }

    /// In byte order of their names.
    public let channels: [Channel]
    /// Nil unless batches that are not void were counted.
    public let paper: PaperTotal?
    /// The newest paper reading minus the counted batches, where there are both: to be shown, not to be added.
    public let paperResidue: Int?
    /// The sum over channels, at most `Int.max`; nil if nothing was read or counted.
    public let total: Int?
    /// As exact as the least exact channel.
    public let exactness: SignatureExactness
    /// People may have signed online and on paper, and nobody stated that they did not.
    public let mayDoubleCount: Bool

    /// `areDisjoint`: a person stated that nobody signed both online and on paper. The order of readings and batches makes no
    /// difference.
    public init(readings: [SignatureReading], batches: [PaperBatch] = [], areDisjoint: Bool = false) {
        let newest = Self.newestByChannel(readings)
        let paper = PaperTotal(batches)
        var channels = newest.filter { paper == nil || !Self.isPaper($0.channel) }.map(Channel.init)
        if let paper {
            let exactness: SignatureExactness = paper.isEstimate ? .rounded : .exact
            channels.append(Channel(name: "paper", value: paper.valid, exactness: exactness, asOf: nil, reading: nil))
        }
        self.channels = channels.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
        self.paper = paper
        paperResidue = newest.first { Self.isPaper($0.channel) }.flatMap { reading in
            paper.map { max(0, reading.value) - $0.valid }
        }
        total = channels.isEmpty ? nil : channels.reduce(0) { Self.sum($0, $1.value) }
        exactness = channels.reduce(.exact) { $0.weaker($1.exactness) }
        let isOnPaper = channels.contains { Self.isPaper($0.name) && $0.value > 0 }
        mayDoubleCount = !areDisjoint && isOnPaper && channels.contains { Self.isOnline($0.name) && $0.value > 0 }
    }

    private static func newestByChannel(_ readings: [SignatureReading]) -> [SignatureReading] {
        // Keyed by bytes: as `String` keys, two spellings of one platform would be one channel here and two in the store.
        var newest = [[UInt8]: SignatureReading]()
        for reading in readings where reading.isTotal {
            let key = Array(reading.channel.utf8)
            if let known = newest[key], !known.isOlder(than: reading) { continue }
            newest[key] = reading
        }
        return Array(newest.values)
    }

    private static func isPaper(_ channel: String) -> Bool { channel.utf8.elementsEqual("paper".utf8) }

    private static func isOnline(_ channel: String) -> Bool {
        channel.utf8.elementsEqual("online".utf8) || channel.utf8.starts(with: "online:".utf8)
    }

    /// The sum of two numbers that are not negative, at most `Int.max`.
    static func sum(_ a: Int, _ b: Int) -> Int {
        let (sum, overflow) = a.addingReportingOverflow(b)
        return overflow ? .max : sum
    }
}

extension SignatureTotals.Channel {
    init(_ reading: SignatureReading) {
        self.init(
            name: reading.channel, value: max(0, reading.value), exactness: reading.exactness, asOf: reading.asOf, reading: reading.id)
    }
}
