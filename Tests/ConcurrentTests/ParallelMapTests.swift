import Concurrent
import Foundation
import Testing

@Suite struct ParallelMapTests {
    @Test(arguments: [0, 1, 7, 64, 400], [1, 3, 64, 500])
    func partsComeInOrderAndCoverEveryItemOnce(count: Int, chunks: Int) async throws {
        let parts = try await parallelMap(count: count, chunks: chunks) { Array($0) }
        #expect(parts.count == chunks)
        #expect(parts.flatMap { $0 } == Array(0..<count))
    }

    @Test func aFailingPartFailsTheWhole() async {
        struct Stop: Error {}
        await #expect(throws: Stop.self) {
            try await parallelMap(count: 100, chunks: 10) { range in
                if range.contains(50) { throw Stop() }
            }
        }
    }

    @Test func aBodyOnItsOwnThreadLeavesThePoolFree() async throws {
        let name = try await onOwnThread(named: "reader") { Thread.current.name }
        #expect(name == "reader")
        struct Stop: Error {}
        await #expect(throws: Stop.self) { try await onOwnThread(named: "x") { throw Stop() } }
    }
}

/// State that only the executor's thread touches.
private actor Journal {
    private nonisolated let executor: ThreadExecutor
    nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }
    private var entries: [Int] = []
    private var threads: Set<String> = []

    init(executor: ThreadExecutor) { self.executor = executor }

    func append(_ entry: Int) {
        executor.checkIsolated()
        entries.append(entry)
        threads.insert(Thread.current.name ?? "")
    }

    func content() -> (entries: [Int], threads: Set<String>) { (entries, threads) }
}

@Suite struct ThreadExecutorTests {
    @Test func jobsRunOneByOneOnTheNamedThread() async {
        let executor = ThreadExecutor(name: "journal")
        let journal = Journal(executor: executor)
        await withTaskGroup(of: Void.self) { group in
            for entry in 0..<1000 { group.addTask { await journal.append(entry) } }
        }
        let content = await journal.content()
        #expect(content.entries.sorted() == Array(0..<1000))
        #expect(content.threads == ["journal"])
        executor.shutdown()
    }

    @Test func oneCallerSeesItsOrder() async {
        let executor = ThreadExecutor(name: "journal")
        let journal = Journal(executor: executor)
        for entry in 0..<100 { await journal.append(entry) }
        #expect(await journal.content().entries == Array(0..<100))
        executor.shutdown()
    }
}
