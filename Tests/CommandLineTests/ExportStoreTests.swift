import Archive
import Foundation
import Observations
import Quantities
import TestSupport
import Testing

@Test func storedMeansEqualComputedOnesWhereTheStepIsDeclared() async throws {
    let script = try StoreScript()
    var generator = SeededGenerator(seed: 7)
    let readings = (0..<5760).map { index in
        ReadingStore.reading(
            Double(index) * 30,
            400 + Double.random(in: 0...20, using: &generator),
            flag: index % 9 == 4 ? .suspect : .good
        )
    }
    try await script.store(atHour: 1, readings)
    let day = AggregateInterval.day.window(containing: ReadingStore.start)
    try await script.transact(atHour: 2) { writer in
        let series = try #require(try writer.allSeries().first)
        let period = Period(start: day.start, end: day.end.advanced(bySeconds: 86_400))
        for interval in AggregateInterval.allCases {
            let settings = AggregationSettings(interval: interval, nominalStepSeconds: 30)
            let means = try Aggregation.aggregates(of: readings, settings)
            try writer.replaceAggregates(series.id, interval, in: period, with: means)
        }
    }
    for (interval, count) in [("minute", 2880), ("hour", 48), ("day", 2)] {
        let stored = rows(try await script.export("means", "--interval", interval).standardOutput)
        let computed = rows(
            try await script.export("readings", "--interval", interval, "--step", "30").standardOutput
        )
        #expect(stored.allSatisfy { $0["nominal_step_s"] == "30.0" })
        #expect(stored.count == count && stored == computed)
    }
    let late = try await script.export("means", "--interval", "day", "--from", StoreScript.hour(1))
    #expect(rows(late.standardOutput).map { $0["start"] } == ["2024-05-02T00:00:00Z"])
}

@Test func fitsAreExportedWithTheirStandardErrors() async throws {
    let script = try StoreScript()
    try await script.store(atHour: 1, [ReadingStore.reading(0, 400)])
    let start = ReadingStore.start
    try await script.transact(atHour: 2) { writer in
        let series = try #require(try writer.allSeries().first)
        let all = Period(start: start, end: start.advanced(bySeconds: 86_400))
        let detail = """
            {"beyond_limit":false,"count":4,"names":["intercept","slope","t"],"remark":"two, bottles",\
            "rmse_ppm":0.05}
            """
        let fit = CalibrationRow(
            period: all,
            kind: "transfer",
            coefficients: [-1.5, 1.01, 0.2],
            covariance: [0.04, 0, 0, 0, 0.0001, 0, 0, 0, 0.25],
            detail: detail
        )
        try writer.replaceCalibrations(series.id, in: all, with: [fit])
    }
    struct Row: Decodable, Equatable {
        let start: String
        let kind: String
        let intercept_ppm: Double
        let intercept_standard_error_ppm: Double
        let slope: Double
        let slope_standard_error: Double
        let predictors: [String]
        let predictor_standard_errors: [String]
        let rmse_ppm: Double
        let count: Int
        let beyond_limit: Bool
        let remark: String
    }
    let json = try await script.export("calibrations", "--format", "json")
    #expect(
        try JSONDecoder().decode([Row].self, from: Data(json.standardOutput.utf8)) == [
            Row(
                start: "2024-05-01T00:00:00Z",
                kind: "transfer",
                intercept_ppm: -1.5,
                intercept_standard_error_ppm: 0.2,
                slope: 1.01,
                slope_standard_error: 0.01,
                predictors: ["t=0.2"],
                predictor_standard_errors: ["t=0.5"],
                rmse_ppm: 0.05,
                count: 4,
                beyond_limit: false,
                remark: "two, bottles"
            )
        ]
    )
    let csv = try await script.export("calibrations")
    #expect(csv.standardOutput.contains("\"two, bottles\""))
}

@Test func receiptsTellWhatIsMissing() async throws {
    let script = try StoreScript()
    try await script.transact(atHour: 1) { writer in
        let roof = writer.station("roof", network: "net")
        for sequence: Int64 in [0, 1, 2, 5, 6, 9] { try writer.receive(sequence, boot: "b", of: roof) }
        for sequence: Int64 in [.min + 1, .max - 1] {
            try writer.receive(sequence, boot: "c", of: writer.station("wild", network: "net"))
        }
    }
    let run = try await script.export("receipts", "--station", "roof")

    #expect(
        rows(run.standardOutput) == [
            [
                "network": "net", "station": "roof", "boot": "b", "first": "0", "last": "9",
                "received": "6", "missing": "4", "ranges": "0-2 5-6 9-9", "gaps": "3-4 7-8",
            ]
        ]
    )
    let wild = try await script.export("receipts", "--station", "wild")
    #expect(wild.status == 0 && rows(wild.standardOutput)[0]["missing"] == "\(Int64.max)")
}

@Test func deadLettersOfAPeriod() async throws {
    let script = try StoreScript()
    for hour in [1.0, 2, 3] {
        try await script.transact(atHour: hour) { writer in
            try writer.reject(
                Rejection(reason: "syntax", detail: "line\n\"\(min(hour, 2))\""),
                topic: [UInt8]("t".utf8).span.bytes,
                payload: [0xFF, UInt8(min(hour, 2))].span.bytes,
                decoder: "native/1"
            )
        }
    }
    struct Row: Decodable {
        let detail: String
        let payload: String
        let payload_encoding: String
        let repeats: Int
    }
    let run = try await script.export("dead-letters", "--format", "json", "--from", StoreScript.hour(1.5))
    let letters = try JSONDecoder().decode([Row].self, from: Data(run.standardOutput.utf8))

    #expect(letters.map(\.detail) == ["line\n\"2.0\""])
    #expect(letters.first?.payload == "/wI=" && letters.first?.payload_encoding == "base64")
    #expect(letters.first?.repeats == 1)
    let early = try await script.export("dead-letters", "--to", StoreScript.hour(1.5))
    #expect(early.standardOutput.contains("/wE=") && !early.standardOutput.contains("/wI="))
}

@Test func conditionsBecomeColumns() async throws {
    var reading = ReadingStore.reading(0, 400, flag: .suspect)
    reading.tests = [.spike, .operatorEdit]
    reading.conditions = ["p": 950.5, "cavity": 140, "flag": 3]
    let store = try await ReadingStore([reading, ReadingStore.reading(60, 401)])
    let run = try await store.export("readings", "--conditions", "all", "--scale", "WMO-CO2-X2019")

    let table = rows(run.standardOutput)
    #expect(table[0]["p"] == "950.5" && table[0]["cavity"] == "140.0" && table[0]["condition_flag"] == "3.0")
    #expect(table[0]["flag"] == "suspect" && table[0]["test_names"] == "spike operator_edit")
    #expect(table[1]["p"] == "")
    let chosen = try await store.export("readings", "--conditions", "rh,p,rh")
    #expect(chosen.standardOutput.split(separator: "\n")[0].hasSuffix("raw_message,rh,p"))
}

@Test(arguments: [
    ("qartod", ["1", "3", "4", "9"]), ("icos", ["U", "U", "N", ""]), ("noaa", ["...", ".S.", "X..", "*.."]),
    ("hj212", ["N", "N", "M", "B"]), ("uataq", ["0", "0", "-1", "-9999"]),
])
func flagsAreWrittenInOtherVocabularies(vocabulary: String, expected: [String]) async throws {
    let store = try await ReadingStore([
        ReadingStore.reading(0, 400), ReadingStore.reading(1, 400, flag: .suspect),
        ReadingStore.reading(2, 400, flag: .fail), ReadingStore.reading(3, nil, flag: .missing),
    ])
    let run = try await store.export("readings", "--flag-vocabulary", vocabulary)

    #expect(rows(run.standardOutput).map { $0["flag"] } == expected)
}

@Test func theHeaderDescribesStationsAndTests() async throws {
    let file = Places.repository.appending(path: "stations/hamburg-vehicle.json")
    let script = try StoreScript()
    let text = try String(contentsOf: file, encoding: .utf8).replacing("hamburg-vehicle", with: "net")
    try await script.record(atHour: 0, "network", text)
    let reading = ReadingStore.reading(0, 400, station: "car", instrument: "g2301-co2", scale: .unstated)
    try await script.store(atHour: 1, [reading, ReadingStore.reading(0, 400)])
    let run = try await script.export(
        "readings",
        "--header",
        "--flag-vocabulary",
        "icos",
        "--from",
        "2024-01-01T00:00:00Z"
    )

    #expect(run.status == 0, "\(run.standardError)")
    let remarks = run.standardOutput.split(separator: "\n").filter { $0.hasPrefix("#") }
    #expect(remarks.first == "# crosswind \(Version.current), table readings")
    #expect(remarks[1].hasPrefix("# command: crosswind export readings --header"))
    for part in [
        "# period: 2024-01-01T00:00:00Z to end", "# as of: now", "U = good",
        "# series net/car/g2301-co2/co2: Survey car; vehicle; inlet 0.5 m above ground; scale unstated",
        "2 gross_range: fail 350..3000 ppm, suspect 380..1500 ppm (version 2)",
        "# series net/roof/i/co2: not described",
    ] { #expect(remarks.contains { $0.contains(part) }, "\(part)") }
    let table = run.standardOutput.split(separator: "\n").drop { $0.hasPrefix("#") }.joined(separator: "\n")
    #expect(rows(table).count == 2)
}

@Test func theLegendOfANetworkFileNeedsNoStore() async throws {
    struct Row: Decodable {
        let station: String; let mask: Int; let test: String; let test_name_zh: String; let threshold: String
    }
    let file = Places.repository.appending(path: "stations/hamburg-vehicle.json").path
    let run = try await ProgramRun.run(
        Places.crosswind,
        ["export", "legend", "--network", file, "--format", "json"]
    )

    #expect(run.status == 0, "\(run.standardError)")
    let legend = try JSONDecoder().decode([Row].self, from: Data(run.standardOutput.utf8))
    let range = try #require(legend.first { $0.test == "gross_range" })
    #expect(range.mask == 2 && range.test_name_zh == "总量程" && range.station == "car")
    #expect(range.threshold == "fail 350..3000 ppm, suspect 380..1500 ppm")
}
