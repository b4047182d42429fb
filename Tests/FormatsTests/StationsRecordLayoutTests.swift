import Foundation
import Observations
import Quantities
import TestSupport
import Testing

@testable import Formats

/// A network of one station `a`, measuring CO2 in ppm and CH4 in ppb, and the layout of its record.
func network(record: String, in folder: TemporaryFolder) throws -> NetworkFile {
    let text = """
        { "id": "net", "names": "Net", "credit": "none", "record": \(record), "stations": [
          { "id": "a", "names": "A", "kind": "vehicle", "instruments": [
            { "id": "i", "gas": "co2", "unit": "ppm", "scale": "unstated",
              "gross_range": { "fail": [300, 3000], "suspect": [370, 1000] } },
            { "id": "j", "gas": "ch4", "unit": "ppb", "scale": "unstated",
              "gross_range": { "fail": [1000, 9000], "suspect": [1700, 5000] } }] }] }
        """
    let file = folder.file("network.json")
    try Data(text.utf8).write(to: file)
    return try NetworkFile(path: file.path)
}

/// Rows of a text in the layout given.
private func rows(_ text: String, _ record: String) async throws -> [RecordedRow] {
    let folder = try TemporaryFolder()
    let file = folder.file("record.txt")
    try Data(text.utf8).write(to: file)
    return try await readRecord(at: file.path, for: try network(record: record, in: folder))
}

private func times(_ text: String, _ members: String) async throws -> [String] {
    let record =
        #"{ "format": "csv", "station": "a", "values": [{ "gas": "co2", "column": "co2" }], \#(members) }"#
    return try await rows(text, record).map { $0.time.description }
}

@Suite struct RecordLayoutTests {
    @Test func timesComeInManyForms() async throws {
        let local = #""time": "t", "time_format": "YYYY-MM-DD hh:mm:ss", "time_zone": "+08:00""#
        #expect(try await times("t,co2\n2025-03-01 08:00:07.25,400", local) == ["2025-03-01T00:00:07.250Z"])
        let plain = #""time": "t", "time_zone": "-05:30""#
        #expect(
            try await times("t,co2\n2025-03-01T00:00:00,1\n2025-03-01 00:00:00Z,1\n2025-03-01 00:00,1", plain)
                == ["2025-03-01T05:30:00Z", "2025-03-01T00:00:00Z", "2025-03-01T05:30:00Z"]
        )
        let split = #""time": ["d", "t"], "time_format": "DD.MM.YYYY hh:mm", "time_zone": "UTC""#
        #expect(try await times("d,t,co2\n28.02.2025,23:59,1", split) == ["2025-02-28T23:59:00Z"])
        let seconds = #""time": "t", "time_format": "unix_s""#
        #expect(try await times("t,co2\n1490388183.709,1", seconds) == ["2017-03-24T20:43:03.709Z"])
        let milliseconds = #""time": "t", "time_format": "unix_ms""#
        #expect(try await times("t,co2\n1490388183709,1", milliseconds) == ["2017-03-24T20:43:03.709Z"])
        let day = #""time": "t", "time_format": "YYYYMMDD", "time_zone": "UTC""#
        #expect(try await times("t,co2\n19580329,1", day) == ["1958-03-29T00:00:00Z"])
    }

    @Test(arguments: [
        "2025-02-29 00:00:00", "2025-02-28 24:00:00", "2025-02-28", "2025-02-28 00:00:00 ?",
        "2025-02-28 00:00:00.",
        "2025-2-28 00:00:00", "", "99999999999999999999",
    ])
    func impossibleTimesAreRefused(text: String) async {
        let pattern = #""time": "t", "time_format": "YYYY-MM-DD hh:mm:ss", "time_zone": "UTC""#
        for members in [pattern, #""time": "t", "time_format": "unix_ms""#] {
            let error = await #expect(throws: RecordError.self) {
                try await times("t,co2\n\(text),1", members)
            }
            #expect(error?.line.contains("line 2") == true)
        }
    }

    @Test func theLayoutOfAFileIsDescribed() async throws {
        let text = """
            # made by hand
            "# with; a quote
            zeit;co2;ch4;t;p;flagge;flasche;fehler
            2025-03-01T00:00:00Z; 421,5 ;1,9875;285,15;101325;U;;0,5
            2025-03-01T00:01:00Z;-999,99;--;;;N;95;
            2025-03-01T00:02:00Z;nan;NULL;284,15;;?;;
            """
        let record = """
            { "format": "csv", "separator": ";", "decimal_mark": ",", "skip_lines": 2, "time": "zeit", "station": "a",
              "missing_numbers": [-999.99], "missing_words": ["--"], "bottle": "flasche",
              "values": [{ "gas": "co2", "column": "co2", "uncertainty": "fehler", "flag": "flagge",
                           "flag_alphabet": "icos" },
                         { "gas": "ch4", "column": "ch4", "unit": "ppm" }],
              "conditions": [{ "name": "t", "column": "t", "unit": "K" },
                             { "name": "p", "column": "p", "unit": "Pa" }] }
            """
        let rows = try await rows(text, record)
        #expect(rows.map { $0.values[0].value } == [421.5, nil, nil])
        #expect(rows[0].values[0].standardUncertainty == 0.5)
        // In the unit of the instrument.
        #expect(rows.map { $0.values[1].value } == [1987.5, nil, nil])
        #expect(rows.map { $0.values[0].verdict?.flag } == [nil, .fail, .suspect])
        #expect(rows[0].conditions["t"] == 12 && rows[0].conditions["p"] == 1013.25)
        #expect(rows[1].conditions.isEmpty && rows[2].conditions.entries.map(\.name) == ["t"])
        #expect(rows.map(\.bottle) == [nil, "95", nil])
    }

    @Test(
        arguments: [
            (RecordedFlags.icos, "U", nil), (.icos, "O", nil), (.icos, "N", .fail), (.icos, "K", .fail),
            (.noaa, "...", nil), (.noaa, ".S.", nil), (.noaa, "X..", .fail), (.noaa, "..P", nil),
            (.uataq, "0", nil), (.uataq, "-2", .fail), (.qartod, "1", nil), (.qartod, "3", .suspect),
            (.qartod, "4", .fail),
            (.qartod, "", nil),
        ] as [(RecordedFlags, String, QualityFlag?)]
    )
    func theFlagsOfTheSourceCanOnlyMakeWorse(alphabet: RecordedFlags, text: String, flag: QualityFlag?) {
        let verdict = alphabet.verdict(Array(text.utf8).span)
        #expect(verdict?.flag == flag)
        #expect(verdict == nil || verdict?.tests == .deviceFlag)
    }

    @Test(arguments: [
        (#""time": "t", "time_format": "YYYY-MM-DD""#, "time_zone"),
        (#""time": "t", "time_zone": "Asia/Shanghai""#, "Asia/Shanghai"),
        (#""time": "t", "time_format": "hh:mm", "time_zone": "UTC""#, "year"),
        (#""time": "t", "time_format": "YYYY-MM-DD x", "time_zone": "UTC""#, "`x`"),
        (#""time": [] "#, "no column"),
        (#""time": "t", "separator": "x""#, "separator"),
        (#""time": "t", "decimal_mark": ",""#, "decimal_mark"),
        (#""time": "t", "skip_lines": -1"#, "skip_lines"),
        (#""time": "t", "conditions": [{ "name": "t", "column": "t", "unit": "hPa" }]"#, "hPa"),
        (#""time": "t", "conditions": [{ "name": "temp", "column": "t", "unit": "K" }]"#, "name"),
        (#""time": "t", "seperator": ";""#, "separator"),
    ])
    func whatCannotBeIsNamed(members: String, words: String) throws {
        let folder = try TemporaryFolder()
        let values = #""values": [{ "gas": "co2", "column": "co2" }]"#
        let error = #expect(throws: ConfigurationError.self) {
            try network(record: #"{ "format": "csv", "station": "a", \#(values), \#(members) }"#, in: folder)
        }
        #expect(error?.line.contains(words) == true, "\(error?.line ?? "")")
    }

    @Test func conversionsGoToOurUnits() {
        #expect(Conditions.conversion(of: "t", from: "degF")?(50).rounded() == 10)
        #expect(Conditions.conversion(of: "p", from: "Torr")?(760) == 1013.25)
        #expect(Conditions.conversion(of: "ws", from: "km/h")?(36) == 10)
        #expect(Conditions.conversion(of: "rh", from: "/")?(0.5) == 50)
        #expect(Conditions.conversion(of: "p", from: "Cel") == nil)
    }
}
