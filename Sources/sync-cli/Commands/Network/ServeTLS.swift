import ArgumentParser
import SyncCore
import SyncServer

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

    func validate() throws {
        guard (certificate == nil) == (key == nil) else { throw ValidationError("--certificate and --key go together.") }
        guard [certificate != nil, selfSigned, plainHttp].count(where: \.self) <= 1 else {
            throw ValidationError("One of --certificate, --self-signed and --plain-http.")
        }
    }

    var security: RelaySecurity {
        if let certificate, let key { return .files(certificate: StoreFinder.absolute(certificate), key: StoreFinder.absolute(key)) }
        return selfSigned ? .selfSigned : plainHttp ? .plainAnywhere : .plainOnLoopback
    }

    var scheme: String { certificate != nil || selfSigned ? "https" : "http" }

    /// How devices reach a relay whose certificate nobody vouches for. An address that means all of this machine's is nobody's to call.
    func address(_ pin: CertificatePin?, host: String, port: Int) -> String? {
        guard selfSigned, let pin else { return nil }
        let isEvery = host == "0.0.0.0" || host == "::"
        return "https://\(isEvery ? "THIS-MACHINE" : ServeCommand.bracketed(host)):\(port)#\(pin.text)"
    }
}
