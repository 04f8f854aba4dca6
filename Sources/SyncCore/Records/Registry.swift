/// The numbers of the fields that code names. Never reuse one.
public enum Field {
    public static let codes: UInt32 = 1
    public static let title: UInt32 = 2
    public static let description: UInt32 = 3
    public static let causes: UInt32 = 4
    public static let targets: UInt32 = 5
    public static let organisers: UInt32 = 6
    public static let sources: UInt32 = 9
    public static let media: UInt32 = 16
    public static let links: UInt32 = 26
    public static let notes: UInt32 = 27
    public static let visibility: UInt32 = 28
    public static let same: UInt32 = 90
    public static let different: UInt32 = 91

    public static let types: UInt32 = 40
    public static let starts: UInt32 = 41
    public static let ends: UInt32 = 42
    public static let status: UInt32 = 43
    public static let place: UInt32 = 44
    public static let geo: UInt32 = 45
    public static let participants: UInt32 = 46
    public static let speakers: UInt32 = 47
    public static let claims: UInt32 = 52
    public static let counts: UInt32 = 53

    public static let state: UInt32 = 70
    public static let platform: UInt32 = 71
    public static let url: UInt32 = 72
    public static let opens: UInt32 = 73
    public static let closes: UInt32 = 74
    public static let goal: UInt32 = 75
    public static let readings: UInt32 = 76
    public static let batches: UInt32 = 77
    public static let tally: UInt32 = 88
    public static let milestones: UInt32 = 89
}

/// The numbers of the parts and item fields that code names.
public enum Part {
    public enum Place {
        public static let venue: UInt32 = 1
        public static let street: UInt32 = 2
        public static let locality: UInt32 = 3
        public static let region: UInt32 = 4
        public static let country: UInt32 = 5
        public static let postcode: UInt32 = 6
    }

    public enum Count {
        public static let what: UInt32 = 1
        public static let text: UInt32 = 2
        public static let low: UInt32 = 3
        public static let high: UInt32 = 4
        public static let lowOpen: UInt32 = 5
        public static let highOpen: UInt32 = 6
        public static let stage: UInt32 = 7
        public static let basis: UInt32 = 8
        public static let source: UInt32 = 9
        public static let seen: UInt32 = 10
        public static let by: UInt32 = 11
    }

    public enum Reading {
        public static let channel: UInt32 = 1
        public static let value: UInt32 = 2
        public static let text: UInt32 = 3
        public static let exactness: UInt32 = 4
        public static let asOf: UInt32 = 5
        public static let scope: UInt32 = 6
        public static let source: UInt32 = 7
        public static let by: UInt32 = 8
    }

    public enum Batch {
        public static let firstSerial: UInt32 = 78
        public static let lastSerial: UInt32 = 79
        public static let lines: UInt32 = 80
        public static let valid: UInt32 = 81
        public static let void: UInt32 = 82
        public static let collectedOn: UInt32 = 83
        public static let place: UInt32 = 84
        public static let event: UInt32 = 85
        public static let status: UInt32 = 86
    }

    public enum Organiser {
        public static let name: UInt32 = 7
        public static let role: UInt32 = 8
    }

    public enum Link {
        public static let relation: UInt32 = 1
        public static let target: UInt32 = 2
    }

    public enum Milestone {
        public static let what: UInt32 = 1
        public static let on: UInt32 = 2
        public static let to: UInt32 = 3
        public static let count: UInt32 = 4
        public static let event: UInt32 = 5
        public static let text: UInt32 = 6
    }

    public enum Note {
        public static let text: UInt32 = 1
        public static let by: UInt32 = 2
        public static let at: UInt32 = 3
    }

    public enum Goal {
        public static let value: UInt32 = 1
        public static let label: UInt32 = 2
    }
}

extension RecordSchema {
    /// From the most open to the strictest.
    public static let visibilities = ["public", "team", "sealed"]
    /// Of a record of which nobody said it.
    static let unsaidVisibility = "team"

    private static let place = FieldType.tuple([
        PartSchema(1, "venue", .text), PartSchema(2, "street", .text), PartSchema(3, "locality", .text),
        PartSchema(4, "region", .text), PartSchema(5, "country", .text), PartSchema(6, "postcode", .text),
    ])

    private static let common: [FieldSchema] = [
        FieldSchema(Field.codes, "codes", .set, .text),
        FieldSchema(Field.title, "title", .register, .text),
        FieldSchema(Field.description, "description", .text, .text),
        FieldSchema(Field.causes, "causes", .set, .text),
        FieldSchema(Field.targets, "targets", .set, .text),
        FieldSchema(
            Field.organisers, "organisers", .map, .text,
            items: [
                FieldSchema(7, "name", .register, .text),
                FieldSchema(
                    8, "role", .register, .choice(["caller", "organiser", "host", "partner", "endorser", "speaker"])),
            ]),
        FieldSchema(
            Field.sources, "sources", .map, .text,
            items: [
                FieldSchema(10, "url", .register, .text), FieldSchema(11, "publisher", .register, .text),
                FieldSchema(12, "published", .register, .when), FieldSchema(13, "accessed", .register, .when),
                FieldSchema(14, "archive", .register, .text), FieldSchema(15, "sha256", .register, .hash),
                FieldSchema(60, "title", .register, .text),
            ]),
        FieldSchema(
            Field.media, "media", .map, .text,
            items: [
                FieldSchema(17, "sha256", .register, .hash), FieldSchema(18, "type", .register, .text),
                FieldSchema(19, "bytes", .register, .integer), FieldSchema(20, "caption", .register, .text),
                FieldSchema(21, "credit", .register, .text), FieldSchema(22, "licence", .register, .text),
                FieldSchema(23, "captured", .register, .when), FieldSchema(24, "consent", .register, .text),
                FieldSchema(25, "stripped", .register, .flag),
            ]),
        FieldSchema(
            Field.links, "links", .set,
            .tuple([
                PartSchema(
                    1, "relation",
                    .choice([
                        "part of", "counter to", "follows", "delivers", "mailing list", "livestream", "fundraiser",
                    ])),
                PartSchema(2, "target", .text),
            ])),
        FieldSchema(
            Field.notes, "notes", .log,
            .tuple([PartSchema(1, "text", .text), PartSchema(2, "by", .text), PartSchema(3, "at", .when)])),
        FieldSchema(Field.visibility, "visibility", .strictest, .choice(visibilities)),
        FieldSchema(Field.same, "same", .set, .record),
    ]

    /// The records that a person said are another thing: no part of a document, for it says nothing of the record.
    private static let decisions = [FieldSchema(Field.different, "different", .set, .record)]

    /// A rally.
    public static let event = RecordSchema(
        .event,
        common + [
            FieldSchema(Field.types, "types", .set, .text),
            FieldSchema(Field.starts, "starts", .register, .when),
            FieldSchema(Field.ends, "ends", .register, .when),
            FieldSchema(
                Field.status, "status", .register,
                .choice(["called", "confirmed", "postponed", "cancelled", "held", "unverified"])),
            FieldSchema(Field.place, "place", .register, place),
            FieldSchema(
                Field.geo, "geo", .register,
                .tuple([
                    PartSchema(1, "lat", .degrees), PartSchema(2, "lon", .degrees),
                    PartSchema(3, "precision", .integer), PartSchema(4, "how", .text),
                ])),
            FieldSchema(Field.participants, "participants", .set, .text),
            FieldSchema(
                Field.speakers, "speakers", .map, .text,
                items: [
                    FieldSchema(48, "name", .register, .text), FieldSchema(49, "organisation", .register, .text),
                    FieldSchema(50, "language", .register, .text), FieldSchema(51, "order", .register, .integer),
                ]),
            FieldSchema(
                Field.claims, "claims", .set,
                .tuple([
                    PartSchema(1, "stance", .choice(["for", "against", "verbatim"])), PartSchema(2, "text", .text),
                ])),
            FieldSchema(
                Field.counts, "counts", .log,
                .tuple([
                    PartSchema(1, "what", .choice(CountSubject.allCases.map(\.rawValue))),
                    PartSchema(2, "text", .text), PartSchema(3, "low", .integer), PartSchema(4, "high", .integer),
                    PartSchema(5, "low_open", .flag), PartSchema(6, "high_open", .flag),
                    PartSchema(7, "stage", .choice(CountStage.allCases.map(\.rawValue))),
                    PartSchema(8, "basis", .choice(CountBasis.allCases.map(\.rawValue))),
                    PartSchema(9, "source", .text), PartSchema(10, "seen", .when), PartSchema(11, "by", .text),
                ])),
        ], decisions: decisions)

    /// A petition. Signers have no fields, on purpose.
    public static let petition = RecordSchema(
        .petition,
        common + [
            FieldSchema(
                Field.state, "state", .register,
                .choice(["draft", "open", "closed", "submitted", "delivered", "answered", "rejected"])),
            FieldSchema(Field.platform, "platform", .quiet, .text),
            FieldSchema(Field.url, "url", .quiet, .text),
            FieldSchema(Field.opens, "opens", .register, .when),
            FieldSchema(Field.closes, "closes", .register, .when),
            FieldSchema(
                Field.goal, "goal", .register,
                .tuple([PartSchema(1, "value", .integer), PartSchema(2, "label", .text)])),
            FieldSchema(
                Field.readings, "readings", .log,
                .tuple([
                    PartSchema(1, "channel", .text), PartSchema(2, "value", .integer), PartSchema(3, "text", .text),
                    PartSchema(4, "exactness", .choice(["exact", "at least", "rounded"])),
                    PartSchema(5, "as_of", .when), PartSchema(6, "scope", .text), PartSchema(7, "source", .text),
                    PartSchema(8, "by", .text),
                ])),
            FieldSchema(
                Field.batches, "batches", .map, .text,
                items: [
                    FieldSchema(78, "first_serial", .register, .integer),
                    FieldSchema(79, "last_serial", .register, .integer),
                    FieldSchema(80, "lines", .register, .integer), FieldSchema(81, "valid", .register, .integer),
                    FieldSchema(82, "void", .register, .integer), FieldSchema(83, "collected_on", .register, .when),
                    FieldSchema(84, "place", .register, .text), FieldSchema(85, "event", .register, .text),
                    FieldSchema(86, "status", .register, .choice(["counted", "checked", "void"])),
                ]),
            FieldSchema(Field.tally, "tally", .counter, .integer),
            FieldSchema(
                Field.milestones, "milestones", .log,
                .tuple([
                    PartSchema(
                        1, "what",
                        .choice([
                            "launched", "threshold", "submitted", "delivered", "response", "debate", "rejected",
                        ])),
                    PartSchema(2, "on", .when), PartSchema(3, "to", .text), PartSchema(4, "count", .integer),
                    PartSchema(5, "event", .text), PartSchema(6, "text", .text),
                ])),
        ], decisions: decisions)
}
