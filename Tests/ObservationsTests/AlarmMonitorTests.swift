import Foundation
import Geo
import Observations
import Quantities
import TestSupport
import Testing

private let start = Instant(CivilTime(year: 2025, month: 3, day: 1))
private func at(_ seconds: Double) -> Instant { start.advanced(bySeconds: seconds) }

private let network: Network = {
    let name = LocalizedName(english: "net")
    let instrument = Instrument(
        id: "i",
        gas: .co2,
        unit: .partsPerMillion,
        scale: .co2X2019,
        inletHeightMetres: nil,
        grossRange: GrossRange(failBelow: 1, suspectBelow: 2, suspectAbove: 3000, failAbove: 4000),
        standardUncertaintyPartsPerMillion: nil
    )
    let stations = ["a", "b"].map {
        Station(id: $0, names: name, kind: .vehicle, position: nil, instruments: [instrument])
    }
    return Network(id: "net", names: name, credit: "", stations: stations)
}()

private func threshold(for seconds: Double = 0) -> AlarmRule {
    .threshold(
        .init(
            station: "a",
            gas: .co2,
            abovePartsPerMillion: 600,
            clearBelowPartsPerMillion: 500,
            forSeconds: seconds
        )
    )
}

extension AlarmMonitor {
    fileprivate init(_ rules: AlarmRule..., memory: AlarmMemory = AlarmMemory(), started: Instant = start) {
        self.init(network: network, rules: rules, memory: memory, started: started)
    }

    fileprivate mutating func see(
        _ seconds: Double,
        _ value: Double?,
        _ flag: QualityFlag = .good,
        station: String = "a",
        received: Double? = nil
    ) -> [AlarmEvent] {
        observe(
            station: station,
            gas: .co2,
            time: at(seconds),
            value: value,
            flag: flag,
            received: at(received ?? seconds + 1)
        )
    }
}

@Suite struct AlarmMonitorTests {
    @Test func aThresholdIsRaisedOnceAndClearedOnceBelowTheLowerLimit() throws {
        var monitor = AlarmMonitor(threshold())
        let changes = [400, 601, 650, 550, 700, 501, 499, 400, 601].enumerated().map { index, value in
            monitor.see(Double(index), value).map(\.change)
        }
        #expect(changes == [[], [.raised], [], [], [], [], [.cleared], [], [.raised]])
        let alarm = try #require(monitor.standing.first)
        #expect(alarm.since == at(8) && alarm.limit == 600 && alarm.station == "a" && alarm.gas == .co2)
    }

    @Test func aThresholdMustBeExceededForItsTime() throws {
        var monitor = AlarmMonitor(threshold(for: 60))
        #expect(monitor.see(0, 700).isEmpty && monitor.see(59, 700).isEmpty)
        // Interrupted: it counts anew.
        #expect(
            monitor.see(59.5, 550).isEmpty && monitor.see(70, 700).isEmpty && monitor.see(129, 700).isEmpty
        )
        let event = try #require(monitor.see(130, 710).first)
        #expect(event.alarm.since == at(70) && event.time == at(130) && event.value == 710)
    }

    @Test func lateStaleMissingAndFlaggedReadingsDoNotMatter() {
        var monitor = AlarmMonitor(threshold())
        #expect(monitor.see(100, 400).isEmpty)
        #expect(monitor.see(50, 900).isEmpty, "earlier than one before")
        #expect(monitor.see(100, 900).isEmpty, "the same moment")
        #expect(monitor.see(200, 900, received: 200 + 3601).isEmpty, "an hour under way")
        #expect(monitor.see(300, 900, .suspect).isEmpty && monitor.see(301, nil, .missing).isEmpty)
        #expect(monitor.see(302, 900, station: "b").isEmpty)
        #expect(monitor.see(303, 900).count == 1)
    }

    @Test func whatStandsSurvivesARestart() throws {
        var monitor = AlarmMonitor(threshold())
        #expect(monitor.see(1, 700).count == 1)
        let stored = try JSONEncoder().encode(monitor.memory)
        let memory = try JSONDecoder().decode(AlarmMemory.self, from: stored)
        #expect(memory == monitor.memory)
        var again = AlarmMonitor(threshold(), memory: memory, started: at(10))
        #expect(again.tick(at(10)).isEmpty && again.see(1, 700).isEmpty && again.see(20, 700).isEmpty)
        #expect(again.see(30, 400).map(\.change) == [.cleared])
    }

    @Test func anAlarmWhoseRuleIsGoneIsCleared() {
        var monitor = AlarmMonitor(threshold())
        #expect(monitor.see(1, 700).count == 1)
        var again = AlarmMonitor(memory: monitor.memory)
        #expect(again.standing.isEmpty)
        #expect(again.tick(at(10)).map(\.change) == [.cleared] && again.tick(at(11)).isEmpty)
    }

    @Test func silenceIsRaisedOnceForEachStationAndEndsWithAnyMessage() {
        var monitor = AlarmMonitor(.silence(.init(station: nil, afterSeconds: 60)))
        #expect(monitor.see(0, 400).isEmpty && monitor.tick(at(60)).isEmpty)
        let raised = monitor.tick(at(62))
        #expect(raised.map(\.alarm.station) == ["a", "b"])
        #expect(raised.map(\.alarm.since) == [at(1), at(0)] && raised.map(\.value) == [61, 62])
        #expect(monitor.tick(at(90)).isEmpty)
        #expect(monitor.heard(station: "b", received: at(100)).map(\.change) == [.cleared])
        #expect(monitor.see(100, nil, .missing).map(\.change) == [.cleared])
        #expect(monitor.heard(station: "b", received: at(101)).isEmpty)
        #expect(monitor.heard(station: "unknown", received: at(101)).isEmpty)
    }

    @Test func ourOwnAbsenceAndASteppedClockAreNoSilence() {
        let rule = AlarmRule.silence(.init(station: "a", afterSeconds: 60))
        var monitor = AlarmMonitor(rule)
        #expect(monitor.see(0, 400).isEmpty)
        var again = AlarmMonitor(rule, memory: monitor.memory, started: at(86_400))
        #expect(again.tick(at(86_400 + 60)).isEmpty && again.tick(at(0)).isEmpty)
        #expect(again.tick(at(86_400 + 61)).map(\.alarm.since) == [at(1)])
    }

    @Test func withoutALimitThreeIntervalsAreSilence() {
        var monitor = AlarmMonitor(.silence(.init(station: "a", afterSeconds: nil)))
        #expect(monitor.tick(at(1e6)).isEmpty, "nothing is known of the station")
        for index in 0..<20 { #expect(monitor.see(Double(index) * 10, 400).isEmpty) }
        #expect(monitor.tick(at(220)).isEmpty)
        #expect(monitor.tick(at(222)).count == 1)
    }

    @Test func captureIsRaisedWhenReadingsStayAwayAndClearedWithHysteresis() throws {
        let rule = AlarmRule.Capture(station: "a", below: 0.75, clearAt: 0.9, windowHours: 1)
        var monitor = AlarmMonitor(.capture(rule))
        var events: [AlarmEvent] = []
        for second in stride(from: 0.0, to: 10_800, by: 10) {
            // Half an hour without a word after the first hour.
            if !(3600..<5400).contains(second) { #expect(monitor.see(second, 400).isEmpty) }
            events += monitor.tick(at(second))
        }
        #expect(events.map(\.change) == [.raised, .cleared])
        let raised = try #require(events.first)
        #expect(abs(raised.time.seconds(since: start) - 4500) < 90 && (raised.value ?? 1) < 0.75)
        // 90 % of the hour: the gap has left it but for six minutes.
        #expect(abs(events[1].time.seconds(since: start) - 8640) < 90)
    }
}

@Suite struct CaptureWindowTests {
    @Test func theRateIsReceivedOfExpectedWhateverTheOrder() throws {
        var random = SeededGenerator(seed: 3)
        var kept = (0..<8640).map { Double($0) * 10 }.filter { _ in random.uniform() < 0.8 }
        var window = CaptureWindow(seconds: 86_400)
        for second in kept { window.add(at(second)) }
        let rate = try #require(window.rate(at: at(86_399)))
        #expect(abs(rate - Double(kept.count) / 8640) < 0.2)
        // A regular series, a little out of order.
        window = CaptureWindow(seconds: 86_400)
        kept = (0..<8640).map { Double($0 ^ 1) * 10 }
        for second in kept { window.add(at(second)) }
        #expect(try #require(window.rate(at: at(86_399))) > 0.45)
    }

    @Test func nothingIsClaimedBeforeAQuarterOfTheWindowAndOldDataLeaveIt() throws {
        var window = CaptureWindow(seconds: 3600)
        for second in 0..<600 { window.add(at(Double(second))) }
        #expect(window.rate(at: at(600)) == nil && window.stepSeconds == 1)
        for second in 600..<3600 { window.add(at(Double(second))) }
        #expect(try #require(window.rate(at: at(3600))) > 0.999)
        #expect(try #require(window.rate(at: at(5400))) < 0.52)
        #expect(window.rate(at: at(9000)) == 0)
        window.add(at(0))
        #expect(window.rate(at: at(9000)) == 0)
        window.add(Instant(microseconds: -5))
        #expect(window.rate(at: at(9000)) == 0)
    }
}
