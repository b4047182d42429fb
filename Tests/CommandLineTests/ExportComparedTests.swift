import Foundation
import Quantities
import TestSupport
import Testing

private let network = """
    { "id": "net", "names": "Net", "credit": "none", "stations": [
      { "id": "roof", "names": "Roof", "kind": "fixed", "position": { "longitude": 116.4, "latitude": 39.9 },
        "instruments": [{ "id": "i", "gas": "co2", "unit": "ppm", "scale": "WMO-CO2-X2019",
          "standard_uncertainty": 1, "gross_range": { "fail": [300, 3000], "suspect": [370, 1000] },
          "companions": { "buddies": ["park"] } }] },
      { "id": "park", "names": "Park", "kind": "fixed", "position": { "longitude": 116.5, "latitude": 39.9 },
        "instruments": [{ "id": "i", "gas": "co2", "unit": "ppm", "scale": "WMO-CO2-X2007",
          "standard_uncertainty": 1, "gross_range": { "fail": [300, 3000], "suspect": [370, 1000] } }] },
      { "id": "car", "names": "Car", "kind": "vehicle",
        "instruments": [{ "id": "i", "gas": "co2", "unit": "ppm", "scale": "WMO-CO2-X2019",
          "standard_uncertainty": 1, "gross_range": { "fail": [300, 3000], "suspect": [370, 1000] } }] } ],
      "record": { "format": "csv", "time": "time", "station_column": "station",
        "values": [{ "gas": "co2", "column": "co2" }],
        "position": { "longitude": "lon", "latitude": "lat" } } }
    """

private let start = Instant(CivilTime(year: 2025, month: 3, day: 1))

private func row(_ station: String, _ seconds: Double, _ value: Double, _ place: String = ",") -> String {
    "\(start.advanced(bySeconds: seconds)),\(station),\(value),\(place)"
}

/// Hourly, six days; at hour 130 the roof has what the park has not.
private func stations(_ name: String) -> [String] {
    (0..<144).map { hour in
        let own = name == "roof" && hour == 130 ? 40.0 : 0
        return row(name, 3600 * Double(hour), 425 + Double(hour % 24) / 4 + Double(hour * 7 % 5) + own)
    }
}

/// Ten minutes of settling, then past the roof, with a leak.
private func drive() -> [String] {
    (0..<900).map { second in
        let longitude = 116.4 + Double(second - 650) * 10 / 85_400
        return row("car", 100 * 3600 - 400 + Double(second), 520 + Double(second % 7), "\(longitude),39.9")
    }
}

@Suite struct ExportComparedTests {
    private let folder: TemporaryFolder
    private var store: String { folder.file("store.sqlite").path }

    init() throws {
        folder = try TemporaryFolder()
        try Data(network.utf8).write(to: folder.file("network.json"))
    }

    private func ingest(_ lines: [String]) async throws {
        let file = folder.file("\(UUID().uuidString).csv")
        try Data((["time,station,co2,lon,lat"] + lines).joined(separator: "\n").utf8).write(to: file)
        let arguments = [
            "ingest", "--network", folder.file("network.json").path, "--store", store, file.path,
        ]
        let run = try await ProgramRun.run(Places.crosswind, arguments)
        #expect(run.status == 0, "\(run.standardError)")
    }

    private func export(_ arguments: String...) async throws -> String {
        let run = try await ProgramRun.run(Places.crosswind, ["export"] + arguments + ["--store", store])
        #expect(run.status == 0, "\(run.standardError)")
        return run.standardOutput
    }

    @Test func whatSeriesFoundInEachOtherIsExportedAsItWasKnown() async throws {
        let late = 128..<133
        try await ingest(stations("roof") + drive())
        try await ingest(stations("park").enumerated().filter { !late.contains($0.offset) }.map(\.element))
        let then = try await export("readings")
        let moment = "\(Instant.now())"
        #expect(!then.contains("buddy"))
        try await ingest(Array(stations("park")[late]))
        let now = try await export("readings")

        let doubted = rows(now).filter { $0["test_names"]?.contains("buddy") ?? false }
        #expect(doubted.map { $0["time"] } == ["\(start.advanced(bySeconds: 130 * 3600))"])
        #expect(doubted.first?["flag"] == "suspect" && doubted.first?["station"] == "roof")
        let passed = rows(now).filter { $0["test_names"]?.contains("station_pass") ?? false }
        #expect(
            passed.count == 101 && passed.allSatisfy { $0["station"] == "car" && $0["flag"] == "suspect" }
        )
        #expect(try await export("readings", "--as-of", moment) == then)
        #expect(try await export("readings", "--as-of", "\(Instant.now())") == now)
        let part = ["--from", "\(start.advanced(bySeconds: 129 * 3600))", "--station", "roof"]
        let roof = try await export(
            "readings",
            "--as-of",
            "\(Instant.now())",
            part[0],
            part[1],
            part[2],
            part[3]
        )
        #expect(try await export("readings", part[0], part[1], part[2], part[3]) == roof)
        #expect(roof.contains("buddy"))
    }

    @Test func theLegendNamesCompanionsAndThresholds() async throws {
        try await ingest(stations("roof"))
        let legend = try await export("legend").split(separator: "\n").map(String.init)
        func line(_ station: String, _ test: String) -> String? {
            legend.first { $0.contains(",\(station),") && $0.contains(",\(test),") }
        }
        #expect(line("roof", "buddy")?.contains("> 3 x 1.4826 MAD of 30 nights 22..5 h solar time") == true)
        #expect(line("roof", "buddy")?.contains(": park/i") == true)
        #expect(line("car", "station_pass")?.contains("<= 50 ppm within 500 m") == true)
        #expect(line("car", "station_pass")?.contains(": roof/i, park/i") == true)
        #expect(line("park", "buddy") == nil && line("roof", "station_pass") == nil)
        #expect(line("roof", "comparison_alone") != nil && line("park", "comparison_alone") == nil)
    }
}
