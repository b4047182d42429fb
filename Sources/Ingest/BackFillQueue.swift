import Foundation

/// Hands things from one thread to another, a few ahead and no more. Calls block.
final class BackFillQueue<Element: Sendable>: Sendable {
    private struct State {
        var waiting: [Element] = []
        var isClosed = false
        var failure: (any Error)?
    }

    private let capacity: Int
    private let lock = NSCondition()
    // Unsafe to the compiler only: every access holds `lock`, whose waiting Mutex does not have.
    private nonisolated(unsafe) var state = State()

    init(capacity: Int) { self.capacity = capacity }

    /// Waits for room.
    /// - Returns: false when nobody takes any more.
    func put(_ element: Element) -> Bool {
        lock.lock()
        defer { lock.unlock() }
        while state.waiting.count >= capacity, !state.isClosed { lock.wait() }
        guard !state.isClosed else { return false }
        state.waiting.append(element)
        lock.broadcast()
        return true
    }

    /// Waits for the next; nil after the last.
    /// - Throws: what the giving side failed with, after all that it gave.
    func take() throws -> Element? {
        lock.lock()
        defer { lock.unlock() }
        while state.waiting.isEmpty, !state.isClosed { lock.wait() }
        guard state.waiting.isEmpty else {
            lock.broadcast()
            return state.waiting.removeFirst()
        }
        if let failure = state.failure { throw failure }
        return nil
    }

    /// Ends it, from either side.
    func close(failure: (any Error)? = nil) {
        lock.lock()
        state.isClosed = true
        if state.failure == nil { state.failure = failure }
        lock.broadcast()
        lock.unlock()
    }
}
