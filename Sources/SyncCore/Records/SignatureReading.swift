/// One number of signatures that somebody read on one channel.
///
/// Not `Equatable`: `==` on its texts would be canonical equivalence, and readings are told apart by bytes.
public struct SignatureReading: Sendable {
    public var id: String
    /// `online:<platform>`, `paper`, `phone`, `sms`, `other`.
    public var channel: String
    /// Signatures; a negative number counts as 0.
    public var value: Int
    public var exactness: SignatureExactness
    /// Sortable text such as `When.sortKey` or `2016-06-25T08:15:04Z`, in one form and one zone for all readings of a petition;
    /// nil if unknown, which is older than everything.
    public var asOf: String?
    /// A country or constituency; nil or `total` for the whole petition.
    public var scope: String?
    /// Decides between readings of one `asOf`: the greater in byte order wins.
    public var order: String

    public init(
        id: String, channel: String, value: Int, exactness: SignatureExactness = .exact, asOf: String?, scope: String? = nil,
        order: String = ""
    ) {
        self.id = id
        self.channel = channel
        self.value = value
        self.exactness = exactness
        self.asOf = asOf
        self.scope = scope
        self.order = order
    }

    var isTotal: Bool { scope.map { $0.utf8.elementsEqual("total".utf8) } ?? true }

    /// Newest by as-of, then by order, then by id: never by value.
    func isOlder(than other: SignatureReading) -> Bool {
        let keys = [(asOf ?? "", other.asOf ?? ""), (order, other.order), (id, other.id)]
        for (mine, theirs) in keys where !mine.utf8.elementsEqual(theirs.utf8) {
            return mine.utf8.lexicographicallyPrecedes(theirs.utf8)
        }
        // Ids are unique; where a forged one is not, the outcome must still not depend on arrival.
        if value != other.value { return value < other.value }
        return exactness.rawValue < other.exactness.rawValue
    }
}
