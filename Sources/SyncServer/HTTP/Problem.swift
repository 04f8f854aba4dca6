import HTTPTypes
import Hummingbird
import SyncCore

/// Every error that a relay answers: `application/problem+json` (RFC 9457).
struct Problem: Error {
    var status: HTTPResponse.Status
    /// What stands behind `urn:sync:`.
    var type: String
    var title: String
    var detail: String
    /// The stored chain, where a registration does not continue it.
    var registrations: [String]?
    /// In how many seconds it may be tried again.
    var retryAfter: Int?

    /// For a team that is not there and for a token that is not right: nobody can find out which teams a relay has.
    static let unknownTeam = Problem(
        status: .notFound, type: "unknown-team", title: "No such team",
        detail: "This relay has no such team, or the token is not one of its newest registration.")
    static let notFound = Problem(status: .notFound, type: "not-found", title: "Not found", detail: "There is nothing here.")
    static let otherHistory = Problem(
        status: .gone, type: "other-history", title: "Not of this history",
        detail: "This relay does not have what the token stands for. Compare heads, push what it lacks, and want what you lack.")
    static let notAdmitted = Problem(
        status: .forbidden, type: "not-admitted", title: "Team not admitted",
        detail: "This relay takes new teams only with its operator's admission token.")
    static let notSigned = Problem(
        status: .forbidden, type: "not-signed", title: "Not signed",
        detail: "Only who holds the team's next relay key may withdraw what was stored.")
    static let boxOccupied = Problem(
        status: .conflict, type: "box-occupied", title: "Mailbox full", detail: "This mailbox holds something else.")
    static let tooManyBoxes = Problem(
        status: .conflict, type: "too-many-boxes", title: "Too many mailboxes",
        detail: "The team has as many mailboxes as it may have. They empty themselves within \(RelayLimits.boxHours) hours.")
    static let tooManyRequests = Problem(
        status: .conflict, type: "too-many-requests", title: "Too many requests",
        detail: "As many have asked here as may.")
    static let tooManyListeners = Problem(
        status: .tooManyRequests, type: "too-many-listeners", title: "Too many listeners",
        detail: "As many devices of this team listen here as may.")
    static let encoded = Problem(
        status: .unsupportedMediaType, type: "encoded", title: "Encoded body",
        detail: "A relay takes bodies as they are, without a content encoding.")
    static let teamFull = Problem(
        status: .insufficientStorage, type: "team-full", title: "The team has no room left",
        detail: "The team has as many bytes here as its relay lets it have. Nothing of this request was stored.")
    static let relayFull = Problem(
        status: .insufficientStorage, type: "relay-full", title: "The relay has no room for another team",
        detail: "The relay has as many teams as its operator lets it have.")
    static let diskFull = Problem(
        status: .insufficientStorage, type: "disk-full", title: "The relay's disk is full",
        detail: "Nothing of this request was stored. What is there can be read. Its operator has to make room.")
    static let failure = Problem(
        status: .internalServerError, type: "failure", title: "The relay failed",
        detail: "Nothing of this request is promised to be stored. It may be sent again.")

    static func malformed(_ detail: String) -> Problem {
        Problem(status: .badRequest, type: "malformed", title: "Malformed request", detail: detail)
    }

    static func headersTooLarge(_ limit: Int) -> Problem {
        Problem(
            status: .requestHeaderFieldsTooLarge, type: "headers-too-large", title: "Headers too large",
            detail: "The headers of a request may have at most \(limit) bytes, its address included.")
    }

    static func tooFast(_ seconds: Int) -> Problem {
        var problem = Problem(
            status: .tooManyRequests, type: "too-fast", title: "Too many requests",
            detail: "This device asks too often. It may again in \(seconds) s.")
        problem.retryAfter = seconds
        return problem
    }

    static func tooLarge(_ limit: Int) -> Problem {
        Problem(
            status: .contentTooLarge, type: "too-large", title: "Too large",
            detail: "The body of this request may have at most \(limit) bytes.")
    }

    static func conflict(stored: [Registration]) -> Problem {
        Problem(
            status: .conflict, type: "other-registration", title: "Another registration is stored",
            detail: "What was sent does not continue the stored chain.", registrations: stored.map { Base64.encode($0.bytes) })
    }

    private struct Document: Encodable {
        var type: String
        var title: String
        var status: Int
        var detail: String
        var registrations: [String]?
    }

    var response: Response {
        let document = Document(
            type: "urn:sync:\(type)", title: title, status: status.code, detail: detail, registrations: registrations)
        var response = JSON.response(document, status: status, contentType: "application/problem+json")
        if let retryAfter { response.headers[.retryAfter] = "\(retryAfter)" }
        return response
    }

    /// What an error that reached the outermost layer is to the client. Nil: a fault of the relay, to be logged.
    init?(_ error: any Error) {
        switch error {
        case let problem as Problem: self = problem
        case is UnknownTeam: self = .unknownTeam
        case StoreFull.team: self = .teamFull
        case StoreFull.relay: self = .relayFull
        case StoreFull.disk: self = .diskFull
        case is DecodingFailure: self = .malformed("The body is not what its type says.")
        case let error as HTTPError where error.status == .notFound: self = .notFound
        case let error as any HTTPResponseError where (400..<500).contains(error.status.code):
            self.init(
                status: error.status, type: "malformed", title: error.status.reasonPhrase,
                detail: "The request is not one that this relay knows.")
        default: return nil
        }
    }

    init(
        status: HTTPResponse.Status, type: String, title: String, detail: String, registrations: [String]? = nil
    ) {
        self.status = status
        self.type = type
        self.title = title
        self.detail = detail
        self.registrations = registrations
    }
}

extension HTTPResponse.Status {
    /// RFC 4918, section 11.5.
    static let insufficientStorage = HTTPResponse.Status(code: 507, reasonPhrase: "Insufficient Storage")
}
