import AsyncHTTPClient
import NIOCore
import NIOSSL
import Synchronization

/// The HTTP clients of this process: one for each patience and each pinned certificate, kept as long as the process and never shut down.
enum RelayConnections {
    private struct Kind: Hashable {
        var timeoutSeconds: Int
        var pin: CertificatePin?
    }

    private static let clients = Mutex<[Kind: HTTPClient]>([:])

    static func client(timeoutSeconds: Int, pin: CertificatePin?) -> HTTPClient {
        clients.withLock { clients in
            let kind = Kind(timeoutSeconds: timeoutSeconds, pin: pin)
            if let known = clients[kind] { return known }
            let made = make(timeoutSeconds: timeoutSeconds, pin: pin)
            clients[kind] = made
            return made
        }
    }

    /// A refused connection is told at once: the library's own client tries again until the deadline.
    static func make(timeoutSeconds: Int, pin: CertificatePin?) -> HTTPClient {
        var configuration = HTTPClient.Configuration()
        configuration.connectionPool.retryConnectionEstablishment = false
        // A relay that begins an answer and says no more holds nobody up. Longer than the wait for its beginning: meanwhile what came is
        // taken in.
        configuration.timeout.read = .seconds(3 * Int64(timeoutSeconds))
        // A relay sends nobody elsewhere: neither tokens nor sealed bytes go where no person said.
        configuration.redirectConfiguration = .disallow
        // The library lets one window of 64 KiB be on its way: a push over HTTP/2 took eight times as long where the relay is 100 ms away.
        // And one thing is asked after the other.
        configuration.httpVersion = .http1Only
        var tls = TLSConfiguration.makeClientConfiguration()
        tls.minimumTLSVersion = .tlsv12
        if let pin {
            // Neither authorities nor names nor dates are asked: the key alone is, before anything is sent. That the relay holds it is
            // proved in every handshake.
            tls.certificateVerification = .none
            let check = pin.check
            // Both, whichever is spoken one day.
            configuration.http1_1ConnectionDebugInitializer = check
            configuration.http2ConnectionDebugInitializer = check
        }
        configuration.tlsConfiguration = tls
        return HTTPClient(eventLoopGroup: HTTPClient.defaultEventLoopGroup, configuration: configuration)
    }
}

/// A relay showed a certificate with another key than the pinned one.
struct OtherCertificate: Error {}

extension CertificatePin {
    /// Fails for a connection whose other side showed another key, before a request is on it, and ends the connection.
    fileprivate var check: @Sendable (any Channel) -> EventLoopFuture<Void> {
        { channel in
            channel.nioSSL_peerCertificate().flatMapThrowing { certificate in
                guard let certificate, try CertificatePin(certificate) == self else { throw OtherCertificate() }
            }.flatMapErrorThrowing { error in
                // Only once the client has heard of the failure: a connection that ends earlier is unknown to it.
                channel.eventLoop.execute { channel.close(promise: nil) }
                throw error is OtherCertificate ? error : OtherCertificate()
            }
        }
    }

    init(_ certificate: NIOSSLCertificate) throws {
        self.init(publicKeyInfo: try certificate.extractPublicKey().toSPKIBytes())
    }
}
