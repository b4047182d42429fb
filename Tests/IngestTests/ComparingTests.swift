import Archive
import Formats
import Foundation
import Ingest
import Observations
import Quantities
import TestSupport
import Testing

private let start = Instant(CivilTime(year: 2025, month: 3, day: 1))
private let hour = 3600.0

private func knowledge(
    _ companions: [String: String] = [
        "a": #"{ "buddies": ["b", "c"] }"#, "b": #"{ "buddies": ["a", "c"] }"#, "c": #"{ "reference": "b" }"#,
    ],
    edits: String? = nil
) throws -> NetworkKnowledge {
    let folder = try TemporaryFolder()
    let stations = ["a", "b", "c"].map { id in
        """
        { "id": "\(id)", "names": "\(id)", "kind": "fixed",
          "position": { "longitude": 116.4, "latitude": 39.9 },
          "instruments": [{ "id": "i", "gas": "co2", "unit": "ppm", "standard_uncertainty": 1,
            "scale": "WMO-CO2-X20\(id == "b" ? "07" : "19")", "companions": \(companions[id] ?? "null"),
            "gross_range": { "fail": [300, 3000], "suspect": [370, 1000] } }] }
        """
    }
    let car = """
        { "id": "car", "names": "car", "kind": "vehicle",
          "instruments": [{ "id": "i", "gas": "co2", "unit": "ppm", "standard_uncertainty": 1,
            "scale": "WMO-CO2-X2019", "gross_range": { "fail": [300, 3000], "suspect": [370, 1000] } }] }
        """
    let text = """
        { "id": "net", "names": "Net", "credit": "none", "stations": [\((stations + [car]).joined(separator: ","))] }
        """
    let file = folder.file("network.json")
    try Data(text.utf8).write(to: file)
    if let edits {
        let table = "station,start,end,flag,tests,bottle_old,bottle_new,who,when,why\n" + edits
        try Data(table.utf8).write(to: URL(filePath: OperatorEditsFile.path(besideNetwork: file.path)))
    }
    return try NetworkKnowledge(files: [NetworkFile(path: file.path)])
}

private func message(_ station: String, _ seconds: Double, _ value: Double, at longitude: Double? = nil)
    -> SentMessage
{
    let time = start.advanced(bySeconds: seconds)
    let place = longitude.map { #","gps":{"lat":39.9,"lon":\#($0)}"# } ?? ""
    return SentMessage(
        topic: observationTopic(network: "net", station: station),
        payload: Array(#"{"v":1,"ts":"\#(time)","co2":\#(value)\#(place)}"#.utf8)
    )
}

/// Every 20 minutes for some days: what all see, and a scatter of each.
private func air(_ station: String, days: Int = 8, seed: UInt64, excess: (Int) -> Double = { _ in 0 })
    -> [SentMessage]
{
    var random = SeededGenerator(seed: seed)
    return (0..<days * 72).map { index in
        let scatter = min(max(random.normal(), -2), 2)
        return message(station, 1200 * Double(index), 425 + Double(index % 17) / 2 + scatter + excess(index))
    }
}

/// Past the stations, which stand in one place, a reading a second: 10 m/s.
private func drive(from second: Double, excess: Double) -> [SentMessage] {
    (0..<700).map { index in
        let longitude = 116.4 + Double(index - 500) * 10 / 85_400
        return message("car", second + Double(index), 430 + excess + Double(index % 7), at: longitude)
    }
}

private func everything() -> [SentMessage] {
    air("a", seed: 1) { (400..<404).contains($0) ? 40 : 0 }
        + air("b", seed: 2) { (450..<460).contains($0) ? -30 : 0 }
        + air("c", seed: 3) { $0 > 480 ? 15 : 0 }
        + drive(from: 30 * hour + 700, excess: 0) + drive(from: 100 * hour + 700, excess: 90)
}

extension SettledContents {
    fileprivate func doubted(_ station: String, _ test: QualityTests) -> [Double] {
        readings.filter { $0.station == station && $0.tests.contains(test) }
            .map { $0.time.seconds(since: start) / 1200 }
    }
}

@Suite struct ComparingTests {
    private func settled(
        _ messages: [SentMessage],
        _ knowledge: NetworkKnowledge,
        _ arrival: Arrival = Arrival()
    ) async throws -> SettledContents {
        let store = try SettledStore(knowledge)
        try await store.store(messages, arrival)
        return try await store.contents()
    }

    @Test func companionsAreComparedAsTheyAreNamed() async throws {
        let contents = try await settled(everything(), knowledge())
        #expect(contents.doubted("a", .buddy) == [400, 401, 402, 403])
        #expect(contents.doubted("b", .buddy) == (450..<460).map(Double.init))
        // The median of a day passes 10 ppm half a day after the jump, at a full hour.
        let drifted = contents.doubted("c", .colocation)
        #expect(drifted.first.map { (505...519).contains($0) } == true && drifted.last == 575)
        let suspect = contents.readings.filter {
            !$0.tests.isDisjoint(with: [.buddy, .colocation, .stationPass])
        }
        #expect(suspect.allSatisfy { $0.flag == .suspect && $0.tests.contains(.comparisonAlone) })
        // 500 m to either side of the stations, on the second drive.
        let passed = contents.doubted("car", .stationPass)
        #expect(passed.count == 101 && passed.allSatisfy { $0 >= 300 })
        let plain = try await settled(everything(), knowledge([:]))
        #expect(plain.doubted("a", .buddy) + plain.doubted("c", .colocation) == [])
        let hours = contents.changedWindows(.hour, since: plain).map { $0.seconds(since: start) / hour }
        #expect(Set([133, 134, 150, 151, 152, 153]).isSubset(of: Set(hours)) && !hours.contains(20))
    }

    @Test(arguments: 0..<6 as Range<UInt64>)
    func seriesInAnyOrderByAnyWriterAreComparedTheSame(seed: UInt64) async throws {
        let messages = everything()
        var random = SeededGenerator(seed: seed)
        let length = seed % 3 == 0 ? messages.count / 7 : seed % 3 == 1 ? 60 : 1
        let pieces = stride(from: 0, to: messages.count, by: length).map {
            Array(messages[$0..<min($0 + length, messages.count)])
        }
        let shuffled = pieces.shuffled(using: &random).flatMap { $0 }
        let arrival = Arrival(batch: 130, seed: seed, settlingProbability: 0.5, writers: Int(1 + seed % 2))
        let inOrder = try await settled(messages, knowledge())
        #expect(try await settled(shuffled, knowledge(), arrival) == inOrder)
    }

    @Test func aLateReadingOfANeighbourChangesVerdicts() async throws {
        let all = everything()
        let topic = observationTopic(network: "net", station: "b")
        // The nights before say how the stations differ; what comes late is beside the readings in doubt.
        let late = all.filter { $0.topic == topic }[398..<406]
        let store = try SettledStore(try knowledge(["a": #"{ "buddies": ["b"] }"#]))
        try await store.store(all.filter { $0.topic != topic || !late.map(\.payload).contains($0.payload) })
        let before = try await store.contents()
        #expect(before.doubted("a", .buddy).filter { $0 < 440 } == [])
        try await store.store(Array(late))
        let after = try await store.contents()
        #expect(after.doubted("a", .buddy).filter { $0 < 440 } == [400, 401, 402, 403])
        #expect(try await settled(all, knowledge(["a": #"{ "buddies": ["b"] }"#])) == after)
        // A correction of the neighbour takes the doubt away again.
        try await store.store((399..<405).map { message("b", 1200 * Double($0), 470) })
        let corrected = try await store.contents()
        #expect(corrected.doubted("a", .buddy).filter { (400..<404).contains($0) } == [])
    }

    @Test func whatPeopleDecideHoldsAndJudges() async throws {
        let trust = "a,2025-03-06T13:00:00Z,2025-03-06T14:30:00Z,good,,,,ann,2025-03-07T00:00:00Z,bonfire"
        let contents = try await settled(everything(), knowledge(edits: trust))
        let doubted = contents.readings.filter { $0.station == "a" && $0.tests.contains(.buddy) }
        #expect(doubted.count == 4 && doubted.allSatisfy { $0.flag == .good })
        // Of both neighbours nothing is left to compare with.
        let spoilt = ["b", "c"].map {
            "\($0),2025-03-06T12:00:00Z,2025-03-06T16:00:00Z,fail,,,,ann,2025-03-07T00:00:00Z,hose off"
        }
        let alone = try await settled(everything(), knowledge(edits: spoilt.joined(separator: "\n")))
        #expect(alone.doubted("a", .buddy).filter { (400..<404).contains($0) } == [])
    }

    @Test func companionsThatAreNamedLaterOrNoMoreSettleHistoryAnew() async throws {
        let plain = try SettledStore(try knowledge([:]))
        #expect(try await plain.reconfigure() == [])
        try await plain.store(everything())
        let before = try await plain.contents()
        let named = try SettledStore(try knowledge(), keepingAs: plain)
        #expect(try await named.reconfigure() == ["net"])
        #expect(try await named.contents() == settled(everything(), knowledge()))
        _ = try await named.reconfigure(reprocessing: true)
        #expect(try await named.contents() == settled(everything(), knowledge()))
        let again = try SettledStore(try knowledge([:]), keepingAs: plain)
        #expect(try await again.reconfigure() == ["net"])
        #expect(try await again.contents() == before)
    }

    /// A writer that has looked at the nights before, and one that has not.
    @Test func revisedNightsAreLookedAtAgain() async throws {
        let revised = (216..<432).map { (index: Int) -> SentMessage in
            message("b", 1200 * Double(index), 440 + Double(index % 5))
        }
        let store = try SettledStore(try knowledge())
        try await store.takeTurns([everything(), [], revised, []])
        let contents = try await store.contents()
        #expect(try await settled(everything() + revised, knowledge()) == contents)
        #expect(
            try await settled(everything(), knowledge()).doubted("a", .buddy) != contents.doubted("a", .buddy)
        )
    }

    /// What is to be compared is noted together with what makes it so.
    @Test func aWriterThatIsStoppedBetweenTwoSlicesForgetsNothing() async throws {
        let messages = everything()
        let whole = try await settled(messages, knowledge())
        let store = try SettledStore(try knowledge())
        var random = SeededGenerator(seed: 1)
        let late = messages.filter { _ in random.uniform() < 0.05 }
        try await store.store(messages.filter { !late.map(\.payload).contains($0.payload) })
        try await store.store(late, Arrival(batch: 50, settlingProbability: 0), draining: false)
        for slices in 1..<40 { try await store.settle(slices: slices) }
        try await store.store([])
        #expect(try await store.contents() == whole)
    }

    /// Of decades without a reading, none is a day to be settled or compared.
    @Test func yearsWithoutReadingsAreNoWork() async throws {
        let store = try SettledStore(try knowledge())
        let (year, day) = (365 * 24 * hour, 24 * hour)
        let times = [-40 * year, -40 * year + day, -12 * year, 0, 2 * day]
        try await store.store(times.flatMap { time in ["a", "b", "c"].map { message($0, time, 430) } })
        let before = try await store.contents()
        #expect(
            before.readings.count == 15 && before.means[.day]?.values.allSatisfy { $0.count == 5 } == true
        )
        // Five readings of three series are settled and compared, and before most of them years passed over.
        #expect(try await store.reprocess() <= 3 * 5 * 3)
        #expect(try await store.contents() == before)
        // Nor are they any where nothing is compared.
        let other = try SettledStore(try knowledge([:]), keepingAs: store)
        #expect(try await other.reprocess() <= 3 * 5 * 2)
    }

    /// A sensor that is calibrated against a station which it is compared with in turn.
    @Test(arguments: 0..<3 as Range<UInt64>)
    func calibrationRestsOnNoComparison(seed: UInt64) async throws {
        let folder = try TemporaryFolder()
        let range = #""gross_range": { "fail": [300, 3000], "suspect": [370, 1000] }"#
        let place = #""kind": "fixed", "position": { "longitude": 116.4, "latitude": 39.9 }"#
        let common = #""id": "i", "gas": "co2", "unit": "ppm", "standard_uncertainty": 1"#
        let text = """
            { "id": "net", "names": "Net", "credit": "none", "stations": [
              { "id": "a", "names": "A", \(place), "instruments": [{ \(common), "scale": "uncalibrated", \(range),
                "companions": { "buddies": ["b"] }, "calibration": { "method": "transfer", "scale": "WMO-CO2-X2019",
                  "reference": { "station": "b", "instrument": "i" }, "minimum_span": 1, "minimum_pairs": 10,
                  "periods": [["2025-03-04T00:00:00Z", "2025-03-06T00:00:00Z"]] } }] },
              { "id": "b", "names": "B", \(place), "instruments": [{ \(common), "scale": "WMO-CO2-X2019", \(range),
                "companions": { "buddies": ["a"] } }] } ] }
            """
        let file = folder.file("network.json")
        try Data(text.utf8).write(to: file)
        let knowledge = try NetworkKnowledge(files: [NetworkFile(path: file.path)])
        let messages =
            air("a", seed: 1) + air("b", seed: 2) { (250..<255).contains($0) ? -25 : 5 }
        let inOrder = try await settled(messages, knowledge)
        #expect(inOrder.calibrations["a/i"]?.count == 1)
        #expect(inOrder.doubted("b", .buddy).contains(252))
        // Once both have been compared, what comes late calibrates anew.
        let late = messages[280..<290]
        let store = try SettledStore(knowledge)
        try await store.takeTurns([Array(messages[..<280] + messages[290...]), [], Array(late), []])
        #expect(try await store.contents() == inOrder)
        var random = SeededGenerator(seed: seed)
        let arrival = Arrival(batch: 90, seed: seed, settlingProbability: 0.5, writers: 2)
        #expect(try await settled(messages.shuffled(using: &random), knowledge, arrival) == inOrder)
    }
}
