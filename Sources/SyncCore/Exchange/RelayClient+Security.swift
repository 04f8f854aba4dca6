extension RelayClient {
    /// What it means that no secured connection came about; nil where it is for another reason.
    func notSecured(_ error: any Error) -> SyncError? {
        if error is OtherCertificate { return otherCertificate }
        // The library's own errors, known by their texts: a connection that is cut later is another thing, and worth a repetition.
        let text = String(describing: error)
        if text.contains("CERTIFICATE_VERIFY_FAILED") || text.contains("failedToValidateHostname") { return nobodyVouches }
        return text.contains("handshakeFailed") ? noTLS : nil
    }

    private var otherCertificate: SyncError {
        SyncError(
            .integrity, "\(name) shows another key than the one whose fingerprint is known here: somebody may stand between, or it was set up anew.",
            safe: "Nothing was sent, and your records are safe here.",
            next: "Ask whoever runs the relay, by another way, for the fingerprint that it shows when it starts. Only if that is a new one:  "
                + "sync remote rm NAME,  then  sync remote add NAME URL --fingerprint …")
    }

    private var nobodyVouches: SyncError {
        SyncError(
            .refused, "Nobody whom this machine trusts vouches for the certificate of \(name).", safe: "Nothing was sent.",
            next: "A relay that made its own shows a fingerprint when it starts:  sync remote add NAME URL --fingerprint …")
    }

    private var noTLS: SyncError {
        SyncError(
            .refused, "\(name) does not speak TLS as it should.", safe: "Nothing was sent.",
            next: "Check the address with  sync remote list;  a relay on this machine is http://.")
    }
}
