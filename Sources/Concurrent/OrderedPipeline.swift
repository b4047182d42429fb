import Foundation

/// Makes items on several threads and takes them on the calling one, in order; blocks the caller.
///
/// No more than `2 * threads` items exist at a time, so memory is bounded whatever the count. The first error of
/// either side ends the work and is thrown; of several, the one of the lowest item.
///
/// - Parameters:
///   - threads: how many make items; the result must not depend on it. Asked again before each item is taken, as
///     threads may come free while the work goes on; those at work stay.
///   - make: may block; called once for each item, in any order.
///   - take: called in the order of the items.
public func orderedPipeline<Item: Sendable>(
    count: Int,
    threads: @autoclosure () -> Int,
    make: @escaping @Sendable (Int) throws -> Item,
    take: (Int, Item) throws -> Void
) throws {
    let belt = Belt<Item>(count: count)
    var workers = 0
    defer { belt.stop(workers: workers) }
    for index in 0..<count {
        let wanted = threads()
        precondition(wanted > 0, "no thread to work on")
        while workers < min(wanted, count) {
            workers += 1
            belt.widen(workers: workers)
            startThread(named: "pipeline") {
                while let index = belt.nextToMake() { belt.put(Result { try make(index) }, at: index) }
                belt.workerEnds()
            }
        }
        try take(index, try belt.item(at: index).get())
    }
}

/// Items on their way from those who make them to the one who takes them.
private final class Belt<Item: Sendable>: Sendable {
    private struct State {
        var nextToMake = 0
        var taken = 0
        var items: [Int: Result<Item, any Error>] = [:]
        var isStopped = false
        var endedWorkers = 0
        var width = 0
    }

    private let count: Int
    private let condition = NSCondition()
    // Unsafe to the compiler only: every access holds `condition`, whose waiting Mutex does not have.
    private nonisolated(unsafe) var state = State()

    init(count: Int) { self.count = count }

    private func locked<Value>(_ body: () -> Value) -> Value {
        condition.lock()
        defer { condition.unlock() }
        return body()
    }

    /// Makes room for the items of that many threads.
    func widen(workers: Int) {
        locked {
            state.width = 2 * workers
            condition.broadcast()
        }
    }

    func nextToMake() -> Int? {
        locked {
            while !state.isStopped, state.nextToMake < count, state.nextToMake >= state.taken + state.width {
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
