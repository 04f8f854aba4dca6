import SyncCore

struct HeadAnswer: Encodable {
    var index: UInt64
    var chain: String

    init(_ head: Head) {
        index = head.index
        chain = head.chain.hex
    }

    static func byTag(_ heads: [LogTag: [Head]]) -> [String: [HeadAnswer]] {
        Dictionary(uniqueKeysWithValues: heads.map { ($0.hex, $1.map(HeadAnswer.init)) })
    }
}

struct HeadsAnswer: Encodable {
    var registration: UInt64
    var control: Int64
    var position: String
    var heads: [String: [HeadAnswer]]
    /// Only where there are any.
    var withdrawn: [String]?

    init(_ answer: TeamHeads) {
        registration = answer.summary.registration
        control = answer.summary.control
        position = answer.summary.position.token.text
        heads = HeadAnswer.byTag(answer.heads)
        withdrawn = answer.withdrawn.isEmpty ? nil : answer.withdrawn.map(\.hex)
    }
}

struct PushAnswer: Encodable {
    struct Refused: Encodable {
        var tag: String
        var index: UInt64
        var reason: String
    }

    var stored: Int
    var known: Int
    var heads: [String: [HeadAnswer]]
    var refused: [Refused]
    var position: String

    init(_ receipt: AppendReceipt) {
        stored = receipt.stored
        known = receipt.known
        heads = HeadAnswer.byTag(receipt.heads)
        refused = receipt.refused.map { Refused(tag: $0.tag.hex, index: $0.index, reason: $0.reason.rawValue) }
        position = receipt.position.token.text
    }
}
