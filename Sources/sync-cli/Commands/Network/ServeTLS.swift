import ArgumentParser

/// How a relay's connections are secured.
struct ServeTLS: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Speak TLS with this certificate (PEM: its own first, then the chain); read again at SIGHUP.", valueName: "file"))
    var certificate: String?

    @Option(help: ArgumentHelp("The key of --certificate (PEM).", valueName: "file"))
    var key: String?

    @Flag(help: "Speak TLS with a certificate that the relay makes once; invites carry its fingerprint.")
    var selfSigned = false

    @Flag(help: "Speak plain http on an address that others reach: behind a web server that speaks TLS.")
    var plainHttp = false

    var given: GivenSettings {
        [
            .certificate: certificate, .key: key, .selfSigned: selfSigned ? "true" : nil, .plainHTTP: plainHttp ? "true" : nil,
        ]
    }
}
