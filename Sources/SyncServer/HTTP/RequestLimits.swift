import HTTPTypes
import Hummingbird
import SyncCore
import Synchronization

/// What one request may be, and how many one device may make: whoever goes past it costs the relay little.
struct RequestLimits: RouterMiddleware {
    let headerBytes: Int
    let meter: RequestMeter?

    func handle(
        _ request: Request, context: RelayContext, next: (Request, RelayContext) async throws -> Response
    ) async throws -> Response {
        let size = request.headers.reduce(request.uri.string.utf8.count) { $0 + $1.name.rawName.utf8.count + $1.value.utf8.count }
        guard size <= headerBytes else { throw Problem.headersTooLarge(headerBytes) }
        // What is sealed does not shrink, so that nobody compresses it: what unpacks to a thousand times its size is not even read.
        if let encoding = request.headers[.contentEncoding], encoding.lowercased() != "identity" { throw Problem.encoded }
        if let meter, let wait = meter.wait(of: Self.device(request, context)) { throw Problem.tooFast(wait) }
        return try await next(request, context)
    }

    /// What a relay sees of a device: the team's handle, and the address it comes from.
    private static func device(_ request: Request, _ context: RelayContext) -> String {
        (context.parameters.get("team") ?? "") + " " + (context.channel.remoteAddress?.ipAddress ?? "")
    }
}

/// A bucket for each device, which fills steadily and from which every request takes one (a token bucket). Who is not there has a full one, so that what
/// is kept is no more than who came lately.
final class RequestMeter: Sendable {
    private struct Bucket {
        var left: Double
        var at: Int64
    }

    private struct State {
        var buckets: [Hash32: Bucket] = [:]
        var nextSweep = RequestMeter.sweepCount
    }

    /// From so many on, full ones are forgotten; if that is not enough, all are.
    private static let sweepCount = 1 << 14
    private static let most = 1 << 17

    private let perMinute: Double
    private let surroundings: Surroundings
    private let key: Secret
    private let state = Mutex(State())

    init(perMinute: Int, surroundings: Surroundings) {
        self.perMinute = Double(perMinute)
        self.surroundings = surroundings
        key = .random(surroundings)
    }

    /// Takes one. Nil, or in how many seconds there is one again.
    func wait(of device: String) -> Int? {
        let name = key.derive("sync/v1/meter", Array(device.utf8)).bytes
        let (now, perMinute) = (surroundings.now(), perMinute)
        return state.withLock { state in
            let id = Digest.plain(name)
            var bucket = state.buckets[id] ?? Bucket(left: perMinute, at: now)
            // A clock that is set back fills nothing.
            bucket.left = min(perMinute, bucket.left + Double(max(0, now - bucket.at)) * perMinute / 60_000)
            bucket.at = now
            defer {
                state.buckets[id] = bucket
                Self.sweep(&state, now, perMinute)
            }
            guard bucket.left < 1 else {
                bucket.left -= 1
                return nil
            }
            return Int(((1 - bucket.left) * 60 / perMinute).rounded(.up))
        }
    }

    var count: Int { state.withLock { $0.buckets.count } }

    private static func sweep(_ state: inout State, _ now: Int64, _ perMinute: Double) {
        guard state.buckets.count >= state.nextSweep else { return }
        state.buckets = state.buckets.filter { $0.value.left + Double(max(0, now - $0.value.at)) * perMinute / 60_000 < perMinute }
        if state.buckets.count >= most { state.buckets = [:] }
        state.nextSweep = max(sweepCount, 2 * state.buckets.count)
    }
}
