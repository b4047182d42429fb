import Formats
import Foundation
import Ingest
import Observations
import Quantities
import TestSupport
import Testing

private let start = Instant(CivilTime(year: 2025, month: 3, day: 1))

/// - Parameter more: members of the instrument.
private func knowledge(_ more: String = "") throws -> NetworkKnowledge {
    let folder = try TemporaryFolder()
    let file = folder.file("network.json")
    try Data(
        """
        { "id": "net", "names": "Net", "credit": "none", "stations": [
          { "id": "a", "names": "A", "kind": "fixed", "position": { "longitude": 11.6, "latitude": 48.1 },
            "instruments": [{ "id": "i", "gas": "co2", "unit": "ppm", "standard_uncertainty": 1,
              "scale": "WMO-CO2-X2019", "gross_range": { "fail": [300, 3000], "suspect": [370, 1000] },
              \(more) "quality": { "warm_up": false } }] }] }
        """.utf8
    ).write(to: file)
    return try NetworkKnowledge(files: [NetworkFile(path: file.path)])
}

private func message(_ seconds: Double) -> SentMessage {
    let time = start.advanced(bySeconds: seconds)
    return SentMessage(
        topic: observationTopic(network: "net", station: "a"),
        payload: Array(#"{"v":1,"ts":"\#(time)","co2":\#(420 + Int(seconds / 60) % 7)}"#.utf8)
    )
}

@Suite struct SettlingStepTests {
    private func means(
        _ messages: [SentMessage],
        _ knowledge: NetworkKnowledge,
        _ interval: AggregateInterval = .hour
    ) async throws -> [Aggregate] {
        let store = try SettledStore(knowledge)
        try await store.store(messages)
        return try await store.contents().means[interval]?["a/i"] ?? []
    }

    /// A minute series of eight hours; of the fourth one reading has come.
    private let minutes = (0..<480).filter { !(180..<240).contains($0) || $0 == 200 }.map(Double.init)

    @Test func anHourWithOneReadingIsNotComplete() async throws {
        let means = try await means(minutes.map { message($0 * 60) }, try knowledge())
        #expect(means.count == 8 && means.allSatisfy { $0.nominalStepSeconds == 60 })
        #expect(means.map(\.isComplete) == [true, true, true, false, true, true, true, true])
        #expect(means[3].used == 1 && abs(means[3].completeness - 1.0 / 60) < 1e-12)
        let day = try #require(
            try await self.means(minutes.map { message($0 * 60) }, knowledge(), .day).first
        )
        #expect(day.nominalStepSeconds == 60 && abs(day.completeness - (7 + 1.0 / 60) / 24) < 1e-12)
    }

    @Test func theStepOfTheNetworkFileCounts() async throws {
        let declared = try knowledge(#""nominal_step_s": 20,"#)
        let means = try await means(minutes.map { message($0 * 60) }, declared)
        #expect(means.allSatisfy { $0.nominalStepSeconds == 20 && !$0.isComplete })
        #expect(abs(means[0].completeness - 1.0 / 3) < 1e-12)
        let alone = try await self.means([message(200 * 60)], declared)
        #expect(alone.map(\.completeness) == [1.0 / 180])
    }

    /// Of a series that has nothing else, too.
    @Test func aReadingByItselfIsNoHour() async throws {
        let means = try await means([message(200 * 60)], try knowledge())
        #expect(means.map(\.completeness) == [1.0 / 60] && means.map(\.isComplete) == [false])
        let hourly = try await self.means((0..<30).map { message(Double($0) * 3600) }, try knowledge())
        #expect(hourly.count == 30 && hourly.allSatisfy { $0.isComplete && $0.nominalStepSeconds == 3600 })
    }

    /// Steps change within the days and from one to the next; readings by themselves take those of days around.
    @Test(arguments: 1...8 as ClosedRange<UInt64>)
    func theOrderOfArrivalMakesNoDifference(seed: UInt64) async throws {
        let dense: [Double] = (0..<900).map { Double($0) * 60 }
        let sparse: [Double] = [30, 55, 80, 81, 130].map { $0 * 3600 }
        let slow: [Double] = (0..<100).map { 140 * 3600 + Double($0) * 600 }
        let jittered: [Double] = (0..<400).map { index in
            let jitter = Double(index * index % 17) / 10
            return 171 * 3600 + Double(index) * 20 + jitter
        }
        let messages = (dense + sparse + slow + jittered).map(message)
        let store = try SettledStore(try knowledge())
        try await store.store(messages)
        let inOrder = try await store.contents()
        let steps = Set(inOrder.means[.hour]?["a/i"]?.map { $0.nominalStepSeconds ?? 0 } ?? [])
        #expect(steps.isSuperset(of: [60, 600, 20]), "\(steps)")

        var random = SeededGenerator(seed: seed)
        let shuffled = try SettledStore(try knowledge())
        let arrival = Arrival(batch: 60, seed: seed, settlingProbability: 0.7, writers: seed % 2 == 0 ? 2 : 1)
        try await shuffled.store(messages.shuffled(using: &random), arrival)
        #expect(try await shuffled.contents() == inOrder)
    }
}
