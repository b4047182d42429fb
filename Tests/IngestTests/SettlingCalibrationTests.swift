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

private func knowledge(_ calibration: String, edits: String? = nil) throws -> NetworkKnowledge {
    let folder = try TemporaryFolder()
    let place = #""kind": "fixed", "position": { "longitude": 11.6, "latitude": 48.1 }"#
    let instrument = """
        "id": "i", "gas": "co2", "unit": "ppm", "standard_uncertainty": 1,
        "gross_range": { "fail": [300, 3000], "suspect": [370, 1000] }
        """
    let text = """
        { "id": "net", "names": "Net", "credit": "none", "stations": [
          { "id": "a", "names": "A", \(place), "instruments": [{ "scale": "uncalibrated", \(instrument),
            "calibration": \(calibration) }] },
          { "id": "hub", "names": "Hub", \(place),
            "instruments": [{ "scale": "WMO-CO2-X2019", \(instrument) }] } ] }
        """
    let file = folder.file("network.json")
    try Data(text.utf8).write(to: file)
    if let edits {
        let table = "station,start,end,flag,tests,bottle_old,bottle_new,who,when,why\n" + edits
        try Data(table.utf8).write(to: URL(filePath: OperatorEditsFile.path(besideNetwork: file.path)))
    }
    return try NetworkKnowledge(files: [NetworkFile(path: file.path)])
}

private let bottles = """
    { "method": "bottles", "target": "middle", "target_limit": 0.5, "bottles": [
      { "id": "high", "value": 522.34, "uncertainty": 0.05, "scale": "WMO-CO2-X2019" },
      { "id": "low", "value": 403.04, "uncertainty": 0.05, "scale": "WMO-CO2-X2019" },
      { "id": "middle", "value": 450, "uncertainty": 0.05, "scale": "WMO-CO2-X2019" } ] }
    """

private func message(
    _ station: String,
    _ seconds: Double,
    _ value: Double,
    bottle: String? = nil
) -> SentMessage {
    let time = start.advanced(bySeconds: seconds)
    let gas = bottle.map { #","bottle":"\#($0)""# } ?? ""
    return SentMessage(
        topic: observationTopic(network: "net", station: station),
        payload: Array(#"{"v":1,"ts":"\#(time)","co2":\#(value)\#(gas)}"#.utf8)
    )
}

/// What the instrument shows: its zero wanders from one calibration to the next.
private func shown(_ truth: Double, _ seconds: Double) -> Double {
    0.95 * truth + 3 + [0, 0.4, -0.3, 0.8, 0.1][min(4, Int(seconds / (24 * hour)))]
}

/// Ten minutes of each bottle.
private func calibration(at seconds: Double, _ bottles: KeyValuePairs<String, Double>) -> [SentMessage] {
    bottles.enumerated().flatMap { place, bottle in
        (0..<20).map { index in
            let moment = seconds + 600 * Double(place) + 30 * Double(index)
            return message("a", moment, shown(bottle.value, seconds), bottle: bottle.key)
        }
    }
}

/// ppm; never the same for long.
private func truth(_ index: Int) -> Double { 430 + Double(index * 7 % 13) / 8 }

/// Four days of air, every ten minutes but for the half hour after each midnight.
private func air() -> [SentMessage] {
    (0..<4 * 144).compactMap { index in
        guard index % 144 >= 3 else { return nil }
        return message("a", 600 * Double(index), shown(truth(index), 600 * Double(index)))
    }
}

private func calibrations(_ days: [Int]) -> [SentMessage] {
    days.flatMap { calibration(at: 24 * hour * Double($0), ["high": 522.34, "low": 403.04]) }
}

@Suite struct SettlingCalibrationTests {
    private func settled(
        _ messages: [SentMessage],
        _ knowledge: NetworkKnowledge,
        _ arrival: Arrival = Arrival()
    ) async throws -> SettledContents {
        let store = try SettledStore(knowledge)
        try await store.store(messages, arrival)
        return try await store.contents()
    }

    @Test func bottlesGiveCalibratedValues() async throws {
        let contents = try await settled(air() + calibrations([0, 1, 2, 3]), knowledge(bottles))
        #expect(contents.calibrations["a/i"]?.count == 4)
        let readings = contents.readings
        for reading in readings where (reading.tests.contains(.calibrationGas)) {
            #expect(reading.flag == .fail && reading.scale == .uncalibrated)
        }
        let calibrated = readings.filter { !$0.tests.contains(.calibrationGas) }
        #expect(calibrated.count == air().count && calibrated.allSatisfy { $0.scale == .co2X2019 })
        // Just before a calibration the zero of the day before has been interpolated away; just after it is right.
        let fresh = calibrated.filter {
            $0.time.seconds(since: start).truncatingRemainder(dividingBy: 24 * hour) < hour
        }
        #expect(fresh.count == 12)
        for reading in fresh {
            let index = Int(reading.time.seconds(since: start) / 600)
            #expect(abs((reading.valuePartsPerMillion ?? 0) - truth(index)) < 0.1)
        }
        #expect(contents.means[.day]?["a/i"]?.count == 4)
    }

    @Test func aLateCalibrationChangesTheStretchBetweenItsNeighboursAlone() async throws {
        let store = try SettledStore(try knowledge(bottles))
        try await store.store(air() + calibrations([0, 1, 3]))
        let before = try await store.contents()
        let late = calibrations([2])
        try await store.store(late)
        let after = try await store.contents()
        let changed = Set(after.changedMoments(since: before))
        let expected = after.readings.map(\.time).filter {
            let hours = $0.seconds(since: start) / hour
            return hours >= 24.5 && hours < 72
        }
        #expect(changed == Set(expected) && changed.count == 2 * 141 + 40)
        let hours = after.changedWindows(.hour, since: before).map { $0.seconds(since: start) / hour }
        #expect(hours.first == 24 && hours.last == 71 && hours.count == 48)
        let days = after.changedWindows(.day, since: before).map { $0.seconds(since: start) / hour }
        #expect(days == [24, 48])
        #expect(try await settled(air() + calibrations([0, 1, 2, 3]), knowledge(bottles)) == after)
    }

    /// A check of the target that missed spoils the stretch up to half the way to the checks beside it, across a
    /// calibration.
    @Test func aLateCheckOfTheTargetCountsAcrossCalibrations() async throws {
        let check = { (day: Double, value: Double) in
            calibration(at: day * 24 * hour + 1200, ["middle": value])
        }
        let early = air() + calibrations([0, 1, 2, 3]) + check(0, 450)
        let store = try SettledStore(try knowledge(bottles))
        try await store.store(early)
        try await store.store(check(3, 460))
        let contents = try await store.contents()
        #expect(contents.readings.contains { $0.tests.contains(.targetBias) })
        #expect(try await settled(early + check(3, 460), knowledge(bottles)) == contents)
    }

    @Test func aWriterKnowsTheCalibrationsThatCameToAnother() async throws {
        let air = air()
        // Between the third and the fourth calibration.
        let late = Array(air[320..<380])
        let early = Array(air[..<320] + air[380...]) + calibrations([0, 1, 3])
        let store = try SettledStore(try knowledge(bottles))
        try await store.takeTurns([early, calibrations([2]), late])
        let whole = try await settled(air + calibrations([0, 1, 2, 3]), knowledge(bottles))
        #expect(try await store.contents() == whole)
    }

    @Test(arguments: 0..<12 as Range<UInt64>)
    func bottlesInAnyOrderByAnyWriterGiveTheSame(seed: UInt64) async throws {
        let checks =
            calibration(at: 25 * hour + 15, ["middle": 452])
            + calibration(at: 74 * hour + 15, ["middle": 450])
        let messages = air() + calibrations([0, 1, 2, 3]) + checks
        var random = SeededGenerator(seed: seed)
        let arrival = Arrival(batch: 60, seed: seed, settlingProbability: 0.6, writers: Int(1 + seed % 2))
        // Whole runs and stretches of air, and every other time single readings.
        let pieces = stride(from: 0, to: messages.count, by: seed % 4 < 2 ? 47 : 1).map {
            Array(messages[$0..<min($0 + 47, messages.count)].prefix(seed % 4 < 2 ? 47 : 1))
        }
        let shuffled = pieces.shuffled(using: &random).flatMap { $0 }
        #expect(shuffled.count == messages.count)
        let inOrder = try await settled(messages, knowledge(bottles))
        #expect(try await settled(shuffled, knowledge(bottles), arrival) == inOrder)
    }

    /// Nobody had told the logger that the second calibration had begun.
    @Test func airThatAnEditCallsABottleCalibrates() async throws {
        let announced = calibrations([0]) + calibration(at: 48 * hour, ["low": 403.04])
        let unannounced = (0..<20).map { index in
            message("a", 48 * hour + 600 + 30 * Double(index), shown(522.34, 48 * hour))
        }
        let edit = "a,2025-03-03T00:10:00Z,2025-03-03T00:20:00Z,,,air,high,ann,2025-03-05T00:00:00Z,forgotten"
        let edited = try knowledge(bottles, edits: edit)
        let store = try SettledStore(edited)
        try await store.store(air() + announced)
        try await store.store(unannounced)
        let contents = try await store.contents()
        let records = try #require(contents.calibrations["a/i"])
        #expect(records.map(\.kind) == ["bottles", "bottles"])
        let asAnnounced = try await settled(
            air() + calibrations([0]) + calibration(at: 48 * hour, ["low": 403.04, "high": 522.34]),
            knowledge(bottles)
        )
        #expect(asAnnounced.calibrations == contents.calibrations)
        let values = contents.readings.map(\.valuePartsPerMillion)
        #expect(asAnnounced.readings.map(\.valuePartsPerMillion) == values)
    }

    private let transfer = """
        { "method": "transfer", "reference": { "station": "hub", "instrument": "i" },
          "periods": [["2025-03-01T00:00:00Z", "2025-03-01T05:00:00Z"]] }
        """

    private func pair() -> (spoke: [SentMessage], hub: [SentMessage]) {
        var random = SeededGenerator(seed: 3)
        let truths = (0..<600).map { _ in 420 + 40 * random.uniform() }
        return (
            truths.enumerated().map { message("a", 60 * Double($0), 0.95 * $1 + 3) },
            truths.enumerated().map { message("hub", 60 * Double($0) + 20, $1) }
        )
    }

    @Test func aStationIsSettledAnewWhenItsReferenceChanges() async throws {
        let (spoke, hub) = pair()
        let store = try SettledStore(try knowledge(transfer))
        try await store.store(spoke)
        let alone = try await store.contents()
        #expect(alone.readings.allSatisfy { $0.scale == .uncalibrated && $0.flag != .good })
        try await store.store(Array(hub.prefix(250)))
        let calibrated = try await store.contents()
        #expect(calibrated.calibrations["a/i"]?.count == 1)
        let own = calibrated.readings.filter { $0.station == "a" }
        #expect(own.count == 600 && own.allSatisfy { $0.scale == .co2X2019 })
        // Corrected by a technician: the same minute again with another value.
        let revised = (0..<100).map { message("hub", 60 * Double($0) + 20, 425 + Double($0 % 30)) }
        try await store.store(revised)
        let after = try await store.contents()
        let renewed = after.readings.filter { $0.station == "a" }
        #expect(zip(own, renewed).allSatisfy { $0.valuePartsPerMillion != $1.valuePartsPerMillion })
        let apart = Array(hub.suffix(200))
        try await store.store(apart)
        let later = try await store.contents()
        #expect(later.changedMoments(since: after).allSatisfy { $0.seconds(since: start) >= 300 * 60 })
        #expect(later.calibrations == after.calibrations)
    }

    @Test func noReferenceRestsOnItself() throws {
        let circle = transfer.replacing(#""station": "hub""#, with: #""station": "a""#)
        let error = #expect(throws: ConfigurationError.self) { try knowledge(circle) }
        #expect(error.map { "\($0)".contains("`a` rests on itself") } == true)
    }

    @Test(arguments: 0..<6 as Range<UInt64>)
    func transfersInAnyOrderByAnyWriterGiveTheSame(seed: UInt64) async throws {
        let (spoke, hub) = pair()
        var random = SeededGenerator(seed: seed)
        let arrival = Arrival(batch: 90, seed: seed, settlingProbability: 0.5, writers: Int(1 + seed % 2))
        let shuffled = (spoke + hub).shuffled(using: &random)
        let inOrder = try await settled(hub + spoke, knowledge(transfer))
        #expect(try await settled(shuffled, knowledge(transfer), arrival) == inOrder)
    }
}
