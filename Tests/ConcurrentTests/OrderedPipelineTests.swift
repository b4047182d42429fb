import Concurrent
import Foundation
import Synchronization
import Testing

@Suite struct OrderedPipelineTests {
    private struct Stop: Error, Equatable {
        let item: Int
    }

    @Test(arguments: [1, 2, 7]) func itemsAreTakenInOrder(threads: Int) async throws {
        let taken = try await onOwnThread(named: "taking") {
            var taken: [Int] = []
            try orderedPipeline(count: 500, threads: threads) {
                $0 * $0
            } take: { index, item in
                taken.append(item)
                #expect(item == index * index)
            }
            return taken
        }
        #expect(taken == (0..<500).map { $0 * $0 })
    }

    @Test func noMoreThanTwiceTheThreadsAreUnderWay() async throws {
        let made = Mutex(0)
        let most = Mutex(0)
        try await onOwnThread(named: "taking") {
            try orderedPipeline(count: 300, threads: 3) { index in
                let count = made.withLock {
                    $0 += 1
                    return $0
                }
                most.withLock { $0 = max($0, count) }
                return index
            } take: { _, _ in
                made.withLock { $0 -= 1 }
            }
        }
        // One more may be in the hand of the taker while the next is begun.
        #expect(most.withLock { $0 } <= 7)
    }

    @Test func theErrorOfTheLowestItemEndsTheWork() async throws {
        let error = await #expect(throws: Stop.self) {
            try await onOwnThread(named: "taking") {
                try orderedPipeline(count: 1_000_000, threads: 4) { index in
                    guard index % 10 != 7 else { throw Stop(item: index) }
                    return index
                } take: { _, _ in
                }
            }
        }
        #expect(error == Stop(item: 7))
    }

    @Test func anErrorOfTheTakerEndsTheWork() async throws {
        await #expect(throws: Stop(item: 3)) {
            try await onOwnThread(named: "taking") {
                try orderedPipeline(count: 1_000_000, threads: 2) {
                    $0
                } take: { index, _ in
                    if index == 3 { throw Stop(item: 3) }
                }
            }
        }
    }

    /// Three items wait for each other to be under way.
    @Test func threadsThatComeFreeJoinTheWork() async throws {
        let free = Mutex(1)
        let inside = Mutex((now: 0, most: 0))
        let taken = try await onOwnThread(named: "taking") {
            var taken: [Int] = []
            try orderedPipeline(count: 200, threads: free.withLock { $0 }) { index in
                inside.withLock { $0 = ($0.now + 1, max($0.most, $0.now + 1)) }
                for _ in 0..<10_000 where (100..<103).contains(index) && inside.withLock({ $0.most < 3 }) {
                    Thread.sleep(forTimeInterval: 1e-3)
                }
                inside.withLock { $0.now -= 1 }
                return index
            } take: { index, item in
                taken.append(item)
                if index == 50 {
                    #expect(inside.withLock { $0.most } == 1)
                    free.withLock { $0 = 3 }
                }
            }
            return taken
        }
        #expect(taken == Array(0..<200))
        #expect(inside.withLock { $0.most } == 3)
    }

    @Test func nothingToDoIsDone() async throws {
        try await onOwnThread(named: "taking") {
            try orderedPipeline(count: 0, threads: 2) {
                $0
            } take: { _, _ in
                Issue.record("nothing to take")
            }
        }
    }
}
