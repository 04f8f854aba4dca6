import GRDB
import SyncCore
import Synchronization

/// Gathers the writes that wait at one moment into one transaction, with one fsync, and answers each after it.
///
/// A write that throws is undone alone, by a savepoint; the others stay.
final class GroupCommit: Sendable {
    private struct Job: Sendable {
        /// Does the work, and returns what answers the caller once it is known whether the commit held; and why the work failed.
        let perform: @Sendable (Database) -> (answer: @Sendable ((any Error)?) -> Void, failure: (any Error)?)
        let fail: @Sendable (any Error) -> Void
    }

    private struct State {
        var waiting: [Job] = []
        var isDraining = false
        var isClosed = false
        var transactions = 0
    }

    /// How many writes share a transaction at most: with pushes of the greatest size that bounds the WAL.
    private static let batchLimit = 64

    private let pool: DatabasePool
    private let state = Mutex(State())
    private let afterCommit: @Sendable (Database) -> Void

    /// `afterCommit` runs on the writing connection, outside of a transaction, after the callers have their answers.
    init(_ pool: DatabasePool, afterCommit: @escaping @Sendable (Database) -> Void) {
        self.pool = pool
        self.afterCommit = afterCommit
    }

    /// How many transactions were committed, and how many writes wait.
    var counts: (transactions: Int, waiting: Int) { state.withLock { ($0.transactions, $0.waiting.count) } }
    var isDraining: Bool { state.withLock { $0.isDraining } }

    /// Runs `body` in a transaction that others may share, and returns after it is durable.
    func write<Value: Sendable>(_ body: @escaping @Sendable (Database) throws -> Value) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            enqueue(
                Job(
                    perform: { db in
                        let result = Self.inSavepoint(db, body)
                        var failure: (any Error)?
                        if case .failure(let error) = result { failure = error }
                        return ({ lost in continuation.resume(with: lost.map { .failure($0) } ?? result) }, failure)
                    },
                    fail: { continuation.resume(throwing: $0) }))
        }
    }

    /// Refuses further writes. Those that were accepted are done once the writing queue is empty.
    func close() { state.withLock { $0.isClosed = true } }

    private static func inSavepoint<Value>(
        _ db: Database, _ body: (Database) throws -> Value
    ) -> Result<Value, any Error> {
        do {
            var value: Value?
            try db.inSavepoint {
                value = try body(db)
                return .commit
            }
            guard let value else { throw DatabaseError(message: "savepoint was not entered") }
            return .success(value)
        } catch {
            return .failure(told(error))
        }
    }

    /// What callers know a full disk by.
    private static func told(_ error: any Error) -> any Error {
        (error as? DatabaseError)?.resultCode == .SQLITE_FULL ? StoreFull.disk : error
    }

    private func enqueue(_ job: Job) {
        let (isAccepted, starts) = state.withLock { state in
            guard !state.isClosed else { return (false, false) }
            state.waiting.append(job)
            defer { state.isDraining = true }
            return (true, !state.isDraining)
        }
        if !isAccepted { job.fail(SyncError(.failure, "The relay is stopping.")) }
        if starts { pool.asyncWriteWithoutTransaction { db in self.drain(db) } }
    }

    private func drain(_ db: Database) {
        while true {
            let batch = state.withLock { state in
                let batch = Array(state.waiting.prefix(Self.batchLimit))
                state.waiting.removeFirst(batch.count)
                if batch.isEmpty { state.isDraining = false }
                return batch
            }
            if batch.isEmpty { return }
            commit(batch, db)
            afterCommit(db)
        }
    }

    private func commit(_ batch: [Job], _ db: Database) {
        var answers: [@Sendable ((any Error)?) -> Void] = []
        var failure: (any Error)?
        do {
            try db.beginTransaction(.immediate)
            for job in batch {
                let (answer, failed) = job.perform(db)
                answers.append(answer)
                // A full disk, for one, rolls the whole transaction back.
                guard db.isInsideTransaction else { throw failed ?? DatabaseError(message: "the transaction was lost") }
            }
            try db.commit()
            state.withLock { $0.transactions += 1 }
        } catch {
            failure = Self.told(error)
            if db.isInsideTransaction { try? db.rollback() }
        }
        for answer in answers { answer(failure) }
        for job in batch.dropFirst(answers.count) { job.fail(failure ?? DatabaseError(message: "not begun")) }
    }
}
