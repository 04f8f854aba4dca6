import Logging
import NIOSSL
import SyncCore
import Synchronization

/// The certificate that new connections get. Those that are open keep the one that they began with.
final class CertificateShelf: Sendable {
    private let source: CertificateSource
    private let current: Mutex<NIOSSLContext>

    init(_ source: CertificateSource) throws {
        self.source = source
        try source.prepare()
        current = Mutex(try source.load().context)
    }

    var context: NIOSSLContext { current.withLock { $0 } }

    /// Reads the files again. Where they cannot be used the old certificate stays.
    func reload(_ logger: Logger) {
        do {
            let loaded = try source.load()
            current.withLock { $0 = loaded.context }
            logger.notice("Certificate read again", metadata: ["fingerprint": "\(loaded.pin.text)"])
        } catch {
            let why = (error as? SyncError)?.what ?? "\(error)"
            logger.error("The new certificate cannot be used, the old one stays", metadata: ["reason": "\(why)"])
        }
    }
}
