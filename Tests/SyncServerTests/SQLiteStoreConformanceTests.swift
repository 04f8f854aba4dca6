import Logging
import Testing

@testable import SyncServer

@Suite struct SQLiteStoreConformanceTests {
    @Test(arguments: RelayStoreConformance.checks)
    func conforms(_ check: RelayStoreConformance.Check) async throws {
        let folder = try TestFolder()
        let clock = TestClock()
        let store = try SQLiteStore(
            folder: folder.path, surroundings: clock.surroundings, limits: check.limits, logger: Logger(label: "test"))
        try await check.run(store, clock)
        try await store.close()
    }
}
