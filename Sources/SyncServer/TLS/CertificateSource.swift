import NIOSSL
import SyncCore

/// The files that a relay's certificate comes from.
struct CertificateSource: Sendable {
    private let certificate: String
    private let key: String
    /// Where the relay makes them itself.
    private let folder: String?
    private let surroundings: Surroundings

    init(certificate: String, key: String) {
        (self.certificate, self.key, folder, surroundings) = (certificate, key, nil, .system)
    }

    init(madeIn folder: String, _ surroundings: Surroundings) {
        let file = folder + "/" + SelfSignedCertificate.fileName
        (certificate, key, self.folder, self.surroundings) = (file, file, folder, surroundings)
    }

    /// Makes them where the relay makes its own and has none yet. Only when it starts: whoever loses the file of a relay that runs is not
    /// given another key without a word.
    func prepare() throws {
        if let folder, !FileSystem.exists(certificate) { try SelfSignedCertificate(surroundings).keep(in: folder) }
    }

    /// Whether a relay can start with them: what it makes itself then need not be there.
    func check() throws {
        if folder == nil || FileSystem.exists(certificate) { _ = try load() }
    }

    /// - Throws: `failure` with what is wrong with the files.
    func load() throws -> LoadedCertificate {
        do {
            return try LoadedCertificate(
                certificatePEM: try FileSystem.read(certificate), keyPEM: try FileSystem.read(key))
        } catch let error as NIOSSLError {
            throw unusable("\(error)")
        } catch let error as BoringSSLError {
            throw unusable("\(error)")
        }
    }

    private func unusable(_ why: String) -> SyncError {
        let next =
            folder == nil
            ? "Name a PEM file with the certificate first and then those that vouch for it, and one with its key, without a passphrase."
            : "Bring it back from a backup. Without it the relay makes another once the file is gone, and every device has to be told its fingerprint."
        let files = certificate == key ? "\(certificate) holds" : "\(certificate) and \(key) hold"
        return SyncError(.failure, "\(files) no certificate with its key (\(why)).", safe: "Nothing was changed.", next: next)
    }
}

/// A certificate as connections use it.
struct LoadedCertificate {
    let context: NIOSSLContext
    let pin: CertificatePin

    /// - Throws: an error of the library where there is no certificate or no key, or one is not the other's.
    init(certificatePEM: [UInt8], keyPEM: [UInt8]) throws {
        let chain = try NIOSSLCertificate.fromPEMBytes(certificatePEM)
        guard let leaf = chain.first else { throw NIOSSLError.failedToLoadCertificate }
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: chain.map { .certificate($0) }, privateKey: .privateKey(try NIOSSLPrivateKey(bytes: keyPEM, format: .pem)))
        configuration.minimumTLSVersion = .tlsv12
        configuration.applicationProtocols = ["h2", "http/1.1"]
        context = try NIOSSLContext(configuration: configuration)
        pin = CertificatePin(publicKeyInfo: try leaf.extractPublicKey().toSPKIBytes())
    }
}
