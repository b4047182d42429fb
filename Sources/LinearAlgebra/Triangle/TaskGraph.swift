import Concurrent
import Foundation

/// Tasks with what each of them waits for, run by threads of our own.
///
/// A task works on what its prerequisites have finished and on nothing that another task may write at the same time,
/// so that its result, and with it that of the whole, does not depend on the number of threads.
struct TaskGraph {
    /// The place of a task; a task waits for earlier places only.
    typealias Place = Int

    private(set) var bodies: [@Sendable () -> Void] = []
    private(set) var successors: [[Place]] = []
    private(set) var prerequisites: [Int] = []

    /// Adds a task. Of those that may run, the one that was added first does.
    ///
    /// - Parameter waits: places of tasks added before; nil and repeated ones count for nothing.
    @discardableResult
    mutating func add(after waits: [Place?] = [], _ body: @escaping @Sendable () -> Void) -> Place {
        let place = bodies.count
        let distinct = Set(waits.compactMap { $0 })
        precondition(distinct.allSatisfy { $0 < place }, "a task waits for a later one")
        for wait in distinct { successors[wait].append(place) }
        bodies.append(body)
        successors.append([])
        prerequisites.append(distinct.count)
        return place
    }

    /// Runs all tasks; the calling thread works along and returns when the last has ended.
    ///
    /// - Parameter threads: at least one.
    func run(threads: Int) {
        precondition(threads >= 1, "at least one thread")
        let helpers = min(threads, bodies.count) - 1
        guard helpers > 0 else {
            for body in bodies { body() }
            return
        }
        let board = TaskBoard(self)
        for helper in 0..<helpers {
            startThread(named: "algebra \(helper + 1)") { board.work() }
        }
        board.work()
    }
}

/// What has been done of a graph and what may be done next.
///
/// Unchecked because the compiler does not see that `condition` guards all that changes.
private final class TaskBoard: @unchecked Sendable {
    private let graph: TaskGraph
    private let condition = NSCondition()
    private var missing: [Int]
    /// In descending order.
    private var ready: [TaskGraph.Place]
    private var unfinished: Int

    init(_ graph: TaskGraph) {
        self.graph = graph
        missing = graph.prerequisites
        ready = graph.prerequisites.indices.filter { graph.prerequisites[$0] == 0 }.reversed()
        unfinished = graph.bodies.count
    }

    /// Takes tasks until all have ended.
    func work() {
        condition.lock()
        defer { condition.unlock() }
        while unfinished > 0 {
            guard let place = ready.popLast() else {
                condition.wait()
                continue
            }
            condition.unlock()
            graph.bodies[place]()
            condition.lock()
            finish(place)
        }
    }

    private func finish(_ place: TaskGraph.Place) {
        unfinished -= 1
        for next in graph.successors[place] {
            missing[next] -= 1
            guard missing[next] == 0 else { continue }
            let position = ready.firstIndex { $0 < next } ?? ready.endIndex
            ready.insert(next, at: position)
        }
        condition.broadcast()
    }
}
