import Concurrent
import Foundation
import Synchronization
import TestSupport
import Testing

@testable import Ingest

private typealias Samples = HJ212Samples

/// Sends frames until each is answered, on connections that break again and again.
/// - Returns: the answered request numbers.
private func sendPersistently(_ numbers: [Int], port: UInt16, seed: UInt64) throws -> Set<String> {
    var random = SeededGenerator(seed: seed)
    var answered: Set<String> = []
    for _ in 0..<200 {
        let open = numbers.filter { !answered.contains("\($0)") }
        guard !open.isEmpty else { break }
        let link = try LoggerLink(port: port)
        let batch = open.prefix(Int.random(in: 1...40, using: &random))
        var stream = batch.flatMap { Samples.frame(Samples.carbonDioxide("\($0)"), request: "\($0)") }
        let isCut = Int.random(in: 0..<3, using: &random) == 0
        if isCut { stream.removeLast(Int.random(in: 3...200, using: &random)) }
        link.send(stream)
        if isCut {
            link.reset()
        } else {
            answered.formUnion(link.answers(batch.count).map(requestNumber))
        }
    }
    return answered
}

@Suite struct HJ212ListenerFaultTests {
    @Test func nothingIsLostOverConnectionsThatBreak() async throws {
        let listener = ListenerHarness()
        let port = await listener.port()
        try await withThrowingTaskGroup { group in
            for logger in 0..<10 {
                group.addTask {
                    let numbers = (0..<100).map { 10_000 + logger * 100 + $0 }
                    let answered = try await onOwnThread(named: "logger") {
                        try sendPersistently(numbers, port: port, seed: UInt64(logger))
                    }
                    #expect(answered == Set(numbers.map(String.init)))
                }
            }
            try await group.waitForAll()
        }
        _ = try await listener.stop()
        let whole = listener.stored.compactMap { try? HJ212Frame(frame: $0.payload).requestNumber }
        #expect(Set(whole) == Set((10_000..<11_000).map(String.init)))
    }

    @Test func halfClosedConnectionsStillHaveTheirAnswers() async throws {
        let listener = ListenerHarness()
        let port = await listener.port()
        let answers = try await onOwnThread(named: "logger") {
            let link = try LoggerLink(port: port)
            link.send(Samples.frame("a=1", request: "1") + Samples.frame("a=1", request: "2").prefix(20))
            link.endOutput()
            return link.answers(2)
        }
        #expect(answers.map(requestNumber) == ["1"])
        #expect(await becomes { listener.progress.connections == 0 })
        _ = try await listener.stop()
        #expect(listener.stored.count == 2)
    }

    @Test func floodsOfGarbageAreCutOff() async throws {
        let listener = ListenerHarness()
        let port = await listener.port()
        for noise in ["x", "##", "##9999", "##0003abc"] {
            let isClosed = try await onOwnThread(named: "flood") {
                let link = try LoggerLink(port: port)
                let piece = Array(String(repeating: noise, count: 2000).utf8)
                for _ in 0..<1000 where !link.send(piece) { break }
                return link.isClosedWithoutAnswer()
            }
            #expect(isClosed, "\(noise)")
        }
        #expect(await becomes { listener.dropped.count == 4 })
        let kept = listener.stored.reduce(0) { $0 + $1.payload.count }
        #expect(kept <= 4 * (64 + 16 + 16) << 10)
        _ = try await listener.stop()
    }

    @Test func slowAndSilentConnectionsAreClosed() async throws {
        var settings = HJ212Listener(port: 0)
        settings.frameTimeLimit = .milliseconds(50)
        let slow = ListenerHarness(settings)
        let slowPort = await slow.port()
        try await onOwnThread(named: "slow") {
            let link = try LoggerLink(port: slowPort)
            for byte in Samples.frame("a=1") where link.send([byte]) { usleep(5000) }
            #expect(link.isClosedWithoutAnswer())
        }
        _ = try await slow.stop()
        #expect(slow.dropped == ["a frame was not completed in time"] && slow.stored.count == 1)

        settings = HJ212Listener(port: 0)
        settings.idleLimit = .milliseconds(50)
        let silent = ListenerHarness(settings)
        let silentPort = await silent.port()
        let isClosed = try await onOwnThread(named: "silent") {
            try LoggerLink(port: silentPort).isClosedWithoutAnswer()
        }
        #expect(isClosed)
        _ = try await silent.stop()
        #expect(silent.dropped == ["nothing came for too long"])
    }

    @Test func connectionsBeyondTheLimitAreClosedAtOnce() async throws {
        var settings = HJ212Listener(port: 0)
        settings.connectionLimit = 2
        let listener = ListenerHarness(settings)
        let port = await listener.port()
        try await onOwnThread(named: "loggers") {
            let links = try (0..<2).map { _ in try LoggerLink(port: port) }
            for link in links {
                link.send(Samples.frame("a=1"))
                #expect(link.answers(1).count == 1)
            }
            let third = try LoggerLink(port: port)
            #expect(third.isClosedWithoutAnswer())
            links[0].send(Samples.frame("a=2"))
            #expect(links[0].answers(1).count == 1)
        }
        _ = try await listener.stop()
        #expect(listener.dropped.count == 1)
    }

    @Test func anAddressInUseIsAFault() async throws {
        let listener = ListenerHarness()
        let port = await listener.port()
        let second = ListenerHarness(HJ212Listener(port: port))
        await #expect(throws: ListenerError.self) { try await second.result() }
        var wrong = HJ212Listener(port: 0)
        wrong.host = "nowhere.example"
        await #expect(throws: ListenerError.self) { try await ListenerHarness(wrong).result() }
        _ = try await listener.stop()
    }

    @Test func theEndStoresAndAnswersWhatHasCome() async throws {
        var settings = HJ212Listener(port: 0)
        settings.batchAge = .seconds(3600)
        let listener = ListenerHarness(settings)
        let port = await listener.port()
        async let answers = onOwnThread(named: "logger") {
            let link = try LoggerLink(port: port)
            link.send(Samples.frame("a=1", request: "1"))
            return link.answers(1)
        }
        #expect(await becomes { listener.progress.waiting == 1 })
        #expect(listener.stored.isEmpty)
        _ = try await listener.stop()
        #expect(try await answers.map(requestNumber) == ["1"])
        #expect(listener.stored.count == 1)
    }
}
