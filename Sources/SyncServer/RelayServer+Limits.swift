extension RelayServer {
    /// What a relay takes from whom, beside what its format limits: a body of segments has at most 8 MiB, any other 1 MiB.
    public struct Limits: Hashable, Sendable {
        public var store: StoreLimits
        /// Of all headers of a request together with its address.
        public var headerBytes: Int
        /// From one address on one team; nil for any number. So many may come at once, and after them as many as a minute brings.
        public var requestsPerMinute: Int?
        /// How many may be told live of one team's news at once.
        public var listenersPerTeam: Int
        /// At once, of all teams together. Who comes later waits until one goes.
        public var connections: Int
        /// After so long whoever listens is asked to come again.
        public var liveSeconds: Int64
        /// How often whoever listens is told something, also where nothing is new.
        public var heartbeatSeconds: Int64

        public init(
            store: StoreLimits = .standard, headerBytes: Int = 16 << 10, requestsPerMinute: Int? = 6000, listenersPerTeam: Int = 256,
            connections: Int = 10_000, liveSeconds: Int64 = 3600, heartbeatSeconds: Int64 = 20
        ) {
            self.store = store
            self.headerBytes = headerBytes
            self.requestsPerMinute = requestsPerMinute
            self.listenersPerTeam = listenersPerTeam
            self.connections = connections
            self.liveSeconds = liveSeconds
            self.heartbeatSeconds = heartbeatSeconds
        }
    }
}
