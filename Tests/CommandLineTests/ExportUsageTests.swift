import TestSupport
import Testing

@Test(arguments: [
    (["reading"], "unknown table: reading; did you mean readings?"),
    (["nonsense"], "unknown table: nonsense; known: readings, means"),
    ([], "expected one of readings, means"),
    (["readings", "weather"], "expected one of readings, means"),
    (["weather", "--flags", "good"], "`weather` is not a table that --flags goes with (readings"),
    (["receipts", "--from", "2024-01-01T00:00:00Z"], "`receipts` is not a table that --from goes with"),
    (["means"], "option is required: crosswind export --interval"),
    (["segments"], "option is required: crosswind export --station"),
    (["segments", "--station", "car", "--cell", "0"], "above 0"),
    (["calibrations", "--as-of", "2024-01-01T00:00:00Z"], "option is required: crosswind export --runs"),
    (["readings", "--as-of", "yesterday"], "`yesterday` is not a past moment"),
    (["readings", "--level", "raw"], "`raw` is not `reported` or `settled`"),
    (["readings", "--flag-vocabulary", "ioos"], "`ioos` is not one of qartod, icos, noaa, hj212, uataq"),
    (["readings", "--conditions", "t,,p"], "`t,,p` is not `all` or a list"),
    (["readings", "--conditions", "t", "--interval", "hour"], "an option for single readings"),
    (["readings", "--header", "--format", "json"], "`json` is not a format with remarks"),
    (["readings", "--network", "n.json"], "option is required: crosswind export --header"),
    (["readings", "--from", "2024-01-02T00:00:00Z", "--to", "2024-01-02T00:00:00Z"], "is not after --from"),
    (
        [
            "enhancement", "--station", "a", "--gas", "co2", "--background-station", "b",
            "--background-station", "c",
        ],
        "`b, c` is not one station"
    ),
])
func mistakesInExportsAreToldInALine(arguments: [String], expected: String) async throws {
    let run = try await ProgramRun.run(
        Places.crosswind,
        ["export"] + arguments + ["--store", "absent.sqlite"]
    )

    #expect(run.status == 64, "\(run.standardError)")
    #expect(run.standardError.contains(expected), "\(run.standardError)")
    #expect(run.standardError.split(separator: "\n").count == 1)
    #expect(run.standardOutput.isEmpty)
}

@Test func anEmptyChoiceIsSaid() async throws {
    let store = try await ReadingStore([ReadingStore.reading(0, 400)])
    let run = try await store.export("readings", "--from", "2030-01-01T00:00:00Z")

    #expect(run.status == 0)
    #expect(run.standardOutput.split(separator: "\n").count == 1)
    #expect(run.standardError == "no rows\n")
}

@Test func theHelpOfExportNamesEveryTableAndOption() async throws {
    let run = try await ProgramRun.run(Places.crosswind, ["export", "--help"])

    for table in ["readings", "means", "weather", "wind", "segments", "calibrations", "receipts", "legend"] {
        #expect(run.standardOutput.contains("  \(table) "), "\(table)")
    }
    let long = run.standardOutput.split(separator: "\n").filter { $0.count > 120 }
    #expect(long.count <= 1, "\(long)")
}
