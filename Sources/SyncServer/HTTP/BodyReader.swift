import HTTPTypes
import Hummingbird
import NIOCore

/// Takes a request's body within a size and a time.
struct BodyReader: Sendable {
    /// How long a whole body may take.
    let seconds: Int64

    /// Hands the body on as it arrives. Throws `Problem.tooLarge` past `limit` bytes, and for one that ends early.
    func read(
        _ request: Request, _ context: RelayContext, limit: Int, _ take: (ByteBuffer) throws -> Void
    ) async throws {
        let declared = request.headers[.contentLength].flatMap { Int($0) }
        if let declared, declared > limit { throw Problem.tooLarge(limit) }
        var total = 0
        try await context.within(seconds: seconds) {
            for try await buffer in request.body {
                total += buffer.readableBytes
                guard total <= limit else { throw Problem.tooLarge(limit) }
                try take(buffer)
            }
        }
        if let declared, declared != total { throw Problem.malformed("The body ended early.") }
        context.bodyState.finish()
    }

    /// The body as a whole.
    func collect(_ request: Request, _ context: RelayContext, limit: Int) async throws -> [UInt8] {
        var bytes: [UInt8] = []
        try await read(request, context, limit: limit) { bytes.append(contentsOf: $0.readableBytesView) }
        return bytes
    }
}
