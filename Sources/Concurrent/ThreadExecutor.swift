import Foundation
import Synchronization

/// A serial executor on a thread of its own, for C libraries that block. Jobs run in the order they came.
public final class ThreadExecutor: SerialExecutor, TaskExecutor {
    private struct State {
        var jobs: [UnownedJob] = []
        var isStopped = false
    }

    private let lock = NSCondition()
    // Unsafe to the compiler only: every access holds `lock`, whose waiting Mutex does not have.
    private nonisolated(unsafe) var state = State()
    private let identity = Mutex<pthread_t?>(nil)

    public init(name: String) {
        startThread(named: name) { [self] in
            identity.withLock { $0 = pthread_self() }
            while let batch = nextBatch() {
                for job in batch {
                    job.runSynchronously(
                        isolatedTo: asUnownedSerialExecutor(),
                        taskExecutor: asUnownedTaskExecutor()
                    )
                }
            }
        }
    }

    private func nextBatch() -> [UnownedJob]? {
        lock.lock()
        defer { lock.unlock() }
        while state.jobs.isEmpty, !state.isStopped { lock.wait() }
        if state.jobs.isEmpty { return nil }
        defer { state.jobs.removeAll(keepingCapacity: true) }
        return state.jobs
    }

    public func enqueue(_ job: consuming ExecutorJob) {
        let unowned = UnownedJob(job)
        lock.lock()
        state.jobs.append(unowned)
        lock.signal()
        lock.unlock()
    }

    /// Lets the thread end once its queue is empty.
    public func shutdown() {
        lock.lock()
        state.isStopped = true
        lock.signal()
        lock.unlock()
    }

    public func checkIsolated() {
        precondition(identity.withLock { $0 } == pthread_self(), "not on the executor's thread")
    }
}

/// Runs a blocking body on a fresh thread and suspends the caller until it is done.
public func onOwnThread<Value: Sendable>(
    named name: String,
    _ body: @escaping @Sendable () throws -> Value
) async throws -> Value {
    try await withCheckedThrowingContinuation { continuation in
        startThread(named: name) { continuation.resume(with: Result { try body() }) }
    }
}
