import Foundation
import SyncCore

/// Metrics in Prometheus' text format, version 0.0.4.
struct MetricsPage {
    private(set) var text = ""

    init(_ counts: RelayMetrics.Counts, _ usage: StoreUsage, listeners: Int) {
        family("sync_relay_requests_total", "counter", "Requests answered.") {
            counts.requests.sorted { $0.key < $1.key }.map { request, number in
                ("{method=\"\(request.method)\",route=\"\(request.route)\",status=\"\(request.status)\"}", "\(number)")
            }
        }
        histogram("sync_relay_request_seconds", "From a request to the beginning of its answer.", counts.durations)
        single("sync_relay_segments_stored_total", "counter", "Segments that were new.", counts.segmentsStored)
        single("sync_relay_segments_known_total", "counter", "Segments that were there already.", counts.segmentsKnown)
        family("sync_relay_runs_refused_total", "counter", "Runs of segments that were refused, by reason.") {
            counts.runsRefused.sorted { $0.key < $1.key }.map { ("{reason=\"\($0)\"}", "\($1)") }
        }
        single("sync_relay_bytes_stored_total", "counter", "Bytes of segments that were new.", counts.bytesStored)
        single("sync_relay_bytes_served_total", "counter", "Bytes of segments that were sent.", counts.bytesServed)
        single("sync_relay_listeners", "gauge", "Devices that are told live what arrives.", listeners)
        single("sync_relay_teams", "gauge", "Teams in the store.", Int(usage.teams))
        single("sync_relay_segments", "gauge", "Segments in the store.", Int(usage.segments))
        single("sync_relay_bytes", "gauge", "Bytes of segments and control records in the store.", Int(usage.bytes))
        if let process = ProcessUsage.current {
            single("process_resident_memory_bytes", "gauge", "Memory that this process holds.", process.residentBytes)
            single("process_open_fds", "gauge", "Files and connections that are open.", process.openFiles)
        }
    }

    private mutating func family(_ name: String, _ type: String, _ help: String, _ samples: () -> [(labels: String, value: String)]) {
        text += "# HELP \(name) \(help)\n# TYPE \(name) \(type)\n"
        for (labels, value) in samples() { text += "\(name)\(labels) \(value)\n" }
    }

    private mutating func single(_ name: String, _ type: String, _ help: String, _ value: Int) {
        family(name, type, help) { [("", "\(value)")] }
    }

    private mutating func histogram(_ name: String, _ help: String, _ durations: [String: RelayMetrics.Durations]) {
        text += "# HELP \(name) \(help)\n# TYPE \(name) histogram\n"
        for (route, durations) in durations.sorted(by: { $0.key < $1.key }) {
            var sum = 0
            for (count, bound) in zip(durations.counts, RelayMetrics.Durations.bounds.map { "\($0)" } + ["+Inf"]) {
                sum += count
                text += "\(name)_bucket{route=\"\(route)\",le=\"\(bound)\"} \(sum)\n"
            }
            text += "\(name)_sum{route=\"\(route)\"} \(durations.sum)\n\(name)_count{route=\"\(route)\"} \(sum)\n"
        }
    }
}

/// What the system says of this process. Nil where it has no `/proc`.
struct ProcessUsage {
    var residentBytes: Int
    var openFiles: Int

    static var current: ProcessUsage? {
        guard let status = try? String(contentsOfFile: "/proc/self/status", encoding: .utf8),
            let line = status.split(separator: "\n").first(where: { $0.hasPrefix("VmRSS:") }),
            let kilobytes = line.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap({ Int($0) }),
            let files = try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")
        else { return nil }
        return ProcessUsage(residentBytes: kilobytes << 10, openFiles: files.count)
    }
}
