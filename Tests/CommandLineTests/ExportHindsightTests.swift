import Formats
import Foundation
import Observations
import Quantities
import TestSupport
import Testing

/// - Parameters:
///   - step: the fastest change that air can show, ppm a second.
///   - bottle: content of the low bottle, ppm.
private func network(step: Double, bottle: Double) -> String {
    """
    { "id": "net", "names": { "en": "Net", "zh": "网" }, "credit": "none", "stations": [{
        "id": "roof", "names": { "en": "Roof", "zh": "屋顶" }, "kind": "fixed",
        "position": { "longitude": 10, "latitude": 50 },
        "instruments": [{
            "id": "i", "gas": "co2", "unit": "ppm", "scale": "WMO-CO2-X2007", "inlet_height_m": 12,
            "gross_range": { "fail": [0, 3000], "suspect": [300, 1500] },
            "standard_uncertainty": 0.1,
            "quality": { "rate_of_change": { "per_second": \(step), "longest_step_s": 1000 } },
            "calibration": { "method": "bottles", "scale": "WMO-CO2-X2019", "flush_seconds": 0,
                "maximum_gap_seconds": 700, "minimum_readings": 3, "bottles": [
                { "id": "low", "value": \(bottle), "uncertainty": 0.05, "scale": "WMO-CO2-X2019" },
                { "id": "high", "value": 500, "uncertainty": 0.05, "scale": "WMO-CO2-X2019" },
            ] },
        }],
    }] }
    """
}

private let editsHeader = "station,start,end,flag,bottle_old,bottle_new,who,when,why\n"

private func edit(_ from: Double, _ to: Double, _ flag: String) -> String {
    "roof,\(StoreScript.hour(from)),\(StoreScript.hour(to)),\(flag),,,A,2024-05-02T00:00:00Z,inlet blocked\n"
}

/// A day of a reading every ten minutes, with bottles in the first two hours.
private func record(noise: UInt64) -> [Reading] {
    var generator = SeededGenerator(seed: noise)
    return (0..<144).map { index in
        var reading = ReadingStore.reading(
            Double(index) * 600,
            410 + Double.random(in: -5...5, using: &generator)
        )
        if index < 12 {
            let isLow = index < 6
            reading = ReadingStore.reading(
                Double(index) * 600,
                (isLow ? 398 : 497) + Double.random(in: -0.1...0.1, using: &generator),
                flag: .fail
            )
            reading.bottle = isLow ? "low" : "high"
            reading.tests = .calibrationGas
        }
        reading.conditions = ["t": 20 + Double(index) / 100]
        return reading
    }
}

@Test func whatWasKnownIsExportedAsItWasThen() async throws {
    let script = try StoreScript()
    let first = network(step: 0.012, bottle: 400)
    let edits = editsHeader + edit(10, 12, "suspect")
    try await script.record(atHour: 30, "network", first)
    try await script.record(atHour: 30, "edits", edits)
    try await script.store(atHour: 31, record(noise: 1))
    try await script.settle(
        atHour: 32,
        try NetworkFile(text: first, path: "first").network,
        try OperatorEditsFile(text: edits, path: "first").edits
    )
    let then = try await script.export("readings", "--conditions", "all")
    let bottlesThen = try await script.export("calibrations", "--runs")
    let hoursThen = try await script.export("readings", "--interval", "hour", "--flags", "good,suspect")
    #expect(then.status == 0, "\(then.standardError)")

    // Values, bottles, limits and decisions all change afterwards, and are settled anew.
    var revised = record(noise: 1)
    for index in stride(from: 3, to: 144, by: 5) {
        let changed = record(noise: 2)[index]
        revised[index] = changed
    }
    try await script.store(atHour: 40, revised + [ReadingStore.reading(90_000, 415)])
    let second = network(step: 0.001, bottle: 401)
    let otherEdits = editsHeader + edit(14, 20, "fail")
    try await script.record(atHour: 41, "network", second)
    try await script.record(atHour: 41, "edits", otherEdits)
    try await script.settle(
        atHour: 42,
        try NetworkFile(text: second, path: "second").network,
        try OperatorEditsFile(text: otherEdits, path: "second").edits
    )
    let now = try await script.export("readings", "--conditions", "all")
    #expect(now.standardOutput != then.standardOutput)
    for hour in [33.0, 39] {
        let moment = StoreScript.hour(hour)
        let known = try await script.export("readings", "--conditions", "all", "--as-of", moment)
        #expect(known.status == 0, "\(known.standardError)")
        #expect(known.standardOutput == then.standardOutput)
        let bottles = try await script.export("calibrations", "--runs", "--as-of", moment)
        #expect(bottles.standardOutput == bottlesThen.standardOutput)
        let hours = try await script.export(
            "readings",
            "--interval",
            "hour",
            "--flags",
            "good,suspect",
            "--as-of",
            moment
        )
        #expect(hours.standardOutput == hoursThen.standardOutput)
    }
    let late = try await script.export("readings", "--conditions", "all", "--as-of", StoreScript.hour(50))
    #expect(late.standardOutput == now.standardOutput)

    let table = rows(then.standardOutput)
    #expect(table.contains { $0["test_names"]?.contains("rate_of_change") ?? false })
    #expect(table.contains { $0["test_names"]?.contains("operator_edit") ?? false })
    #expect(table.contains { $0["bottle"] == "low" } && table[50]["scale"] == "WMO-CO2-X2019")
    #expect(rows(bottlesThen.standardOutput).map { $0["bottle"] } == ["low", "high"])
}

@Test func aPartOfWhatWasKnownEqualsThatPartOfAll() async throws {
    let script = try StoreScript()
    try await script.record(atHour: 30, "network", network(step: 0.012, bottle: 400))
    try await script.store(atHour: 31, record(noise: 3))
    let moment = StoreScript.hour(32)
    let all = try await script.export("readings", "--as-of", moment)
    let part = try await script.export(
        "readings",
        "--as-of",
        moment,
        "--from",
        StoreScript.hour(7),
        "--to",
        StoreScript.hour(9)
    )

    let lines = all.standardOutput.split(separator: "\n")
    #expect(part.standardOutput.split(separator: "\n") == [lines[0]] + lines[43..<55])
    let suspect = try await script.export("readings", "--as-of", moment, "--flags", "suspect")
    let expected = rows(all.standardOutput).filter { $0["flag"] == "suspect" }
    #expect(!expected.isEmpty && rows(suspect.standardOutput) == expected)
}

@Test func reportedValuesAreThoseOfTheMessages() async throws {
    let script = try StoreScript()
    try await script.record(atHour: 30, "network", network(step: 0.012, bottle: 400))
    try await script.store(atHour: 31, record(noise: 1))
    let settled = try NetworkFile(text: network(step: 0.012, bottle: 400), path: "n").network
    try await script.settle(atHour: 32, settled, [])
    try await script.store(atHour: 40, [ReadingStore.reading(7200, 999)])

    let reported = rows(try await script.export("readings", "--level", "reported").standardOutput)
    #expect(reported[12]["value_ppm"] == "999.0" && reported[12]["revision"] == "1")
    #expect(reported[20]["scale"] == "WMO-CO2-X2007")
    let then = try await script.export(
        "readings",
        "--level",
        "reported",
        "--as-of",
        StoreScript.hour(39)
    )
    let value = try #require(record(noise: 1)[12].valuePartsPerMillion)
    #expect(rows(then.standardOutput)[12]["value_ppm"] == "\(value)")
    #expect(rows(then.standardOutput)[20]["flag"] == "good")

    let revisions = rows(try await script.export("revisions").standardOutput)
    #expect(revisions.map { $0["value_ppm"] } == ["\(value)"])
    #expect(revisions.first?["superseded"] == StoreScript.hour(40))
}

@Test func nothingIsKnownBeforeTheFirstMessage() async throws {
    let script = try StoreScript()
    try await script.store(atHour: 31, record(noise: 1))
    let early = try await script.export("readings", "--as-of", StoreScript.hour(30))

    #expect(early.status == 65)
    #expect(early.standardError.contains("the first message came at \(StoreScript.hour(31))"))
    #expect(early.standardError.split(separator: "\n").count == 1)
    let undescribed = try await script.export("readings", "--as-of", StoreScript.hour(31.5))
    #expect(undescribed.status == 0)
    #expect(undescribed.standardError.contains("no description of `net`"))
    #expect(rows(undescribed.standardOutput).count == 144)
    let future = try await script.export("readings", "--as-of", "9000-01-01T00:00:00Z")
    #expect(future.status == 64)
}
