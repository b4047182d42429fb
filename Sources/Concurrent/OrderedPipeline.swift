import Foundation

/// Makes items on several threads and takes them on the calling one, in order; blocks the caller.
///
/// No more than `2 * threads` items exist at a time, so memory is bounded whatever the count. The first error of
/// either side ends the work and is thrown; of several, the one of the lowest item.
///
/// - Parameters:
///   - threads: how many make items; the result must not depend on it.
///   - make: may block; called once for each item, in any order.
///   - take: called in the order of the items.
public func orderedPipeline<Item: Sendable>(
    count: Int,
    threads: Int,
    make: @escaping @Sendable (Int) throws -> Item,
    take: (Int, Item) throws -> Void
) throws {
    precondition(threads > 0, "no thread to work on")
    let belt = Belt<Item>(count: count, width: 2 * threads)
    for _ in 0..<min(threads, count) {
        startThread(named: "pipeline") {
            while let index = belt.nextToMake() { belt.put(Result { try make(index) }, at: index) }
            belt.workerEnds()
        }
    }
    defer { belt.stop(workers: min(threads, count)) }
    for index in 0..<count { try take(index, try belt.item(at: index).get()) }
}

/// Items on their way from those who make them to the one who takes them.
private final class Belt<Item: Sendable>: Sendable {
    private struct State {
        var nextToMake = 0
        var taken = 0
        var items: [Int: Result<Item, any Error>] = [:]
        var isStopped = false
        var endedWorkers = 0
    }

    private let count: Int
    private let width: Int
    private let condition = NSCondition()
    // Unsafe to the compiler only: every access holds `condition`, whose waiting Mutex does not have.
    private nonisolated(unsafe) var state = State()

    init(count: Int, width: Int) {
        self.count = count
        self.width = width
    }

    private func locked<Value>(_ body: () -> Value) -> Value {
        condition.lock()
        defer { condition.unlock() }
        return body()
    }

    func nextToMake() -> Int? {
        locked {
            while !state.isStopped, state.nextToMake < count, state.nextToMake >= state.taken + width {
                condition.wait()
            }
            guard !state.isStopped, state.nextToMake < count else { return nil }
            state.nextToMake += 1
            return state.nextToMake - 1
        }
    }

    func put(_ item: Result<Item, any Error>, at index: Int) {
        locked {
            state.items[index] = item
            condition.broadcast()
        }
    }

    func item(at index: Int) -> Result<Item, any Error> {
        locked {
            while true {
                if let item = state.items.removeValue(forKey: index) {
                    state.taken = index + 1
                    condition.broadcast()
                    return item
                }
                condition.wait()
            }
        }
    }

    func workerEnds() {
        locked {
            state.endedWorkers += 1
            condition.broadcast()
        }
    }

    /// Returns when no worker runs any more, so that nothing they use outlives the call.
    func stop(workers: Int) {
        locked {
            state.isStopped = true
            condition.broadcast()
            while state.endedWorkers < workers { condition.wait() }
        }
    }
}
