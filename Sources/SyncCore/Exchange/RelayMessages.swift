/// What a relay says in JSON (`docs/relay-protocol.md`). Everything in it is checked again before it is used.
enum RelayMessages {
    struct Registrations: Codable {
        var registrations: [String]
    }

    struct Control: Codable {
        struct Record: Codable {
            var position: Int64
            var sealed: String
        }

        var records: [Record]
        var last: Int64
        /// The counter of the newest one.
        var registration: UInt64
        /// Of the segments. Earlier versions of the relay do not say it.
        var position: String?
    }

    /// What a listener is told.
    struct News: Codable {
        var control: Int64
        var position: String
        var registration: UInt64
    }

    struct ControlPost: Codable {
        var sealed: [String]
    }

    /// What was found for a recovery key.
    struct Found: Codable {
        var sealed: [String]
    }

    struct Heads: Codable {
        struct Branch: Codable {
            var index: UInt64
            var chain: String
        }

        var registration: UInt64
        var control: Int64
        var position: String
        var heads: [String: [Branch]]
        /// Chain values of segments whose bodies the relay was told to drop.
        var withdrawn: [String]?
    }

    struct Pushed: Codable {
        struct Refusal: Codable {
            var tag: String
            var index: UInt64
            var reason: String
        }

        var stored: Int
        var known: Int
        var heads: [String: [Heads.Branch]]
        var refused: [Refusal]
    }

    struct Want: Codable {
        var want: [String: Int64]
    }

    /// What was asked beside an offer.
    struct Requests: Codable {
        var requests: [String]
    }

    struct Problem: Codable {
        var type: String?
        var title: String?
        var detail: String?
    }

    /// Names and chain values that are not of the right length are passed over.
    static func heads(_ heads: [String: [Heads.Branch]]) -> [LogHead] {
        heads.flatMap { tag, branches in
            branches.compactMap { branch in
                guard let tag = LogTag(hex: tag), let chain = Hash32(hex: branch.chain) else { return nil }
                return LogHead(tag: tag, index: branch.index, chain: chain)
            }
        }
    }

    /// A position is put into an address when the next pull begins there: one that is not of the form would spoil it for good.
    static func position(_ text: String) throws -> String {
        let isOne = text.utf8.count == 32 && text.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
                UInt8(ascii: "-"), UInt8(ascii: "_"):
                true
            default: false
            }
        }
        guard isOne else { throw SyncError.damaged("The relay gave a position that is none.") }
        return text
    }
}
