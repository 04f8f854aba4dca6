import Logging
import ServiceLifecycle
import UnixSignals

/// Reads the certificate again each time SIGHUP comes.
struct ReloadingAtHangUp: Service {
    let shelf: CertificateShelf
    let logger: Logger

    func run() async throws {
        for await _ in await UnixSignalsSequence(trapping: .sighup).cancelOnGracefulShutdown() { shelf.reload(logger) }
    }
}
