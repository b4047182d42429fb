import Concurrent
import Foundation
import MQTT
import Synchronization
import TestSupport
import Testing

@testable import Ingest

private typealias Samples = HJ212Samples

private func frame(_ number: Int, device: String = Samples.device, value: String = "420") -> [UInt8] {
    Samples.frame(
        Samples.carbonDioxide(value, at: "20250301\(String(format: "%06d", number % 60))"),
        request: "\(number)",
        device: device
    )
}

private struct FullDisk: Error {}

@Suite struct HJ212ListenerTests {
    @Test func framesInPiecesAndInOneGoAreAllAnswered() async throws {
        let listener = ListenerHarness()
        let port = await listener.port()
        let answers = try await onOwnThread(named: "logger") {
            let link = try LoggerLink(port: port)
            for byte in frame(1) { link.send([byte]) }
            link.send(Array("noise".utf8) + frame(2) + frame(3) + frame(4).prefix(40))
            link.send(Array(frame(4).dropFirst(40)))
            return link.answers(4)
        }
        #expect(answers.map(requestNumber) == ["1", "2", "3", "4"])
        #expect(
            answers.allSatisfy { $0.contains("ST=91;CN=9014;PW=123456;MN=\(Samples.device);Flag=4;CP=&&&&") }
        )
        _ = try await listener.stop()
        #expect(listener.stored.map(\.payload) == (1...4).map { frame($0).dropLast(2) })
        #expect(Set(listener.stored.map(\.topic)) == ["hj212/\(Samples.device)"])
    }

    @Test func nothingIsAnsweredBeforeItIsDurable() async throws {
        let isEntered = StopRequest()
        let mayGoOn = StopRequest()
        let listener = ListenerHarness { _ in
            isEntered.stop()
            while !mayGoOn.isStopped { usleep(1000) }
            return .durable()
        }
        let port = await listener.port()
        let link = Mutex(
            try await onOwnThread(named: "logger") {
                UncheckedLink(try LoggerLink(port: port))
            }
        )
        link.withLock { _ = $0.link.send(frame(1)) }
        #expect(await becomes { isEntered.isStopped })
        #expect(link.withLock { !$0.link.hasAnswer })
        mayGoOn.stop()
        #expect(await becomes { link.withLock { $0.link.hasAnswer } })
        _ = try await listener.stop()
    }

    @Test func refusedBatchesAreNotAnsweredAndComeAgain() async throws {
        let refusals = Atomic(0)
        let listener = ListenerHarness { _ in
            refusals.add(1, ordering: .relaxed).oldValue < 2 ? .refused(FullDisk()) : .durable()
        }
        let port = await listener.port()
        let attempts = try await onOwnThread(named: "logger") {
            var attempts = 0
            while attempts < 10 {
                attempts += 1
                let link = try LoggerLink(port: port)
                link.send(frame(1))
                if link.answers(1).map(requestNumber) == ["1"] { break }
                #expect(link.isClosedByHost)
            }
            return attempts
        }
        #expect(attempts == 3)
        #expect(listener.refused == 2 && listener.stored.count == 1)
        _ = try await listener.stop()
    }

    @Test func whatIsRefusedForGoodEndsTheRun() async throws {
        var settings = HJ212Listener(port: 0)
        settings.refusalLimit = 2
        let listener = ListenerHarness(settings) { _ in .refused(FullDisk()) }
        let port = await listener.port()
        try await onOwnThread(named: "logger") {
            for _ in 0..<2 {
                let link = try LoggerLink(port: port)
                link.send(frame(1))
                #expect(link.isClosedWithoutAnswer())
            }
        }
        await #expect(throws: FullDisk.self) { try await listener.result() }
        #expect(listener.stored.isEmpty)
    }

    @Test func unknownLoggersAreAnsweredAndBrokenFramesAreNot() async throws {
        let listener = ListenerHarness()
        let port = await listener.port()
        var wrong = frame(2)
        wrong[50] ^= 1
        let stream = frame(1, device: "somebody") + wrong + frame(3).prefix(50) + frame(4, device: "a/b+#")
        let answers = try await onOwnThread(named: "logger") {
            let link = try LoggerLink(port: port)
            link.send(stream)
            return link.answers(2)
        }
        #expect(answers.map(requestNumber) == ["1", "4"])
        _ = try await listener.stop()
        let unreadable = "hj212/unreadable"
        #expect(listener.stored.map(\.topic) == ["hj212/somebody", unreadable, unreadable, unreadable])
        #expect(listener.stored[1].payload == wrong)
    }

    @Test func heartbeatsAreAnsweredAndNotStored() async throws {
        let listener = ListenerHarness()
        let port = await listener.port()
        let answers = try await onOwnThread(named: "logger") {
            let link = try LoggerLink(port: port)
            link.send(Samples.frame("", request: "7", command: 9015, flag: 9))
            return link.answers(1)
        }
        #expect(answers.map(requestNumber) == ["7"] && answers.first?.contains("CN=9013") == true)
        #expect(listener.stored.isEmpty)
        _ = try await listener.stop()
    }

    @Test func partsWithoutATimeComeWithTheOneThatHasIt() async throws {
        let listener = ListenerHarness()
        let port = await listener.port()
        let first = Samples.frame("DataTime=20250301120000;a01001-Rtd=5", flag: 7, parts: "PNUM=2;PNO=1;")
        let second = Samples.frame("a05001-Rtd=420", flag: 7, parts: "PNUM=2;PNO=2;")
        let answers = try await onOwnThread(named: "logger") {
            let link = try LoggerLink(port: port)
            link.send(first)
            let answer = link.answers(1)
            link.send(second)
            return answer + link.answers(1)
        }
        #expect(answers.count == 2)
        _ = try await listener.stop()
        let values = try listener.stored.flatMap { try Samples.observations($0.payload) }.flatMap(\.values)
        #expect(values.map(\.value) == [420])
    }
}

/// A link that is used under a lock.
// The lock keeps it to one thread at a time; it never waits for the other side here.
private struct UncheckedLink: @unchecked Sendable {
    let link: LoggerLink
    init(_ link: LoggerLink) { self.link = link }
}
