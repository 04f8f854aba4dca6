import Foundation

/// One measured value, as every peer tells its own.
struct Figure {
    let workload: String
    let measure: String
    let value: Double

    init(_ workload: String, _ measure: String, _ value: Double) {
        self.workload = workload
        self.measure = measure
        self.value = value
    }

    func tell() {
        print("{\"peer\":\"sync\",\"w\":\"\(workload)\",\"m\":\"\(measure)\",\"v\":\(value)}")
    }
}

/// Seconds since it was made.
struct Stopwatch {
    private let start = ContinuousClock.now

    var seconds: Double {
        let taken = (ContinuousClock.now - start).components
        return Double(taken.seconds) + Double(taken.attoseconds) / 1e18
    }
}
