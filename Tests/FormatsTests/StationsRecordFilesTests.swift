import Foundation
import Observations
import Quantities
import TestSupport
import Testing

@testable import Formats

private func readRows(_ file: String, _ record: String) async throws -> [RecordedRow] {
    let folder = try TemporaryFolder()
    let path = try #require(Places.shared("stations/\(file)")).path
    return try await readRecord(at: path, for: try network(record: record, in: folder))
}

private let stations = Places.shared("stations")

/// Real files of instruments and archives.
@Suite(.enabled(if: stations != nil)) struct RecordFilesTests {
    private static let tail = #", "co", "co sd", "co n""#
    private static func crds(withCO: Bool) -> String {
        """
        { "format": "csv", "separator": "blanks", "skip_lines": 3, "time": ["date", "time"],
          "time_format": "YYMMDD hhmmss", "time_zone": "UTC", "station": "a",
          "columns": ["date", "time", "type", "port", "ch4", "ch4 sd", "ch4 n", "co2", "co2 sd",
                      "co2 n"\(withCO ? tail : "")],
          "values": [{ "gas": "ch4", "column": "ch4", "unit": "ppb" }, { "gas": "co2", "column": "co2" }] }
        """
    }

    @Test func towerFilesWithoutUsableHeaderAreRead() async throws {
        let month = try await readRows(
            "openghg/CRDS/tac.picarro.1minute.100m.201208.dat",
            Self.crds(withCO: false)
        )
        #expect(month.count == 27_739)
        #expect(month[0].time.description == "2012-07-24T17:45:30Z" && month[0].values[0].value == nil)
        let valid = month.filter { $0.values[1].value != nil }
        #expect(!valid.isEmpty && valid.allSatisfy { (350...600).contains($0.values[1].value ?? 0) })
        let twice = try await readRows(
            "openghg/CRDS/bsd.picarro.1minute.42m.dupes.dat",
            Self.crds(withCO: true)
        )
        #expect(twice.count == 6 && Set(twice.map(\.time)).count == 3)
        #expect(twice[0] == twice[3] && twice[0].values.map(\.value) == [1960.84, 409.69])
    }

    @Test func lowCostNodesMarkMissingValuesAndMeanUTC() async throws {
        let record = """
            { "format": "csv", "time": "datetime", "time_zone": "UTC", "station": "a", "missing_numbers": [-999],
              "values": [{ "gas": "co2", "column": "co2_ppm" }] }
            """
        let rows = try await readRows("openghg/BEACO2N/175_BELLAHOUSTONACADEMY.csv", record)
        // The local times of this file belong to another continent; the count of seconds agrees with `datetime`.
        let epoch = record.replacing(
            #""datetime", "time_zone": "UTC""#,
            with: #""epoch", "time_format": "unix_s""#
        )
        let counted = try await readRows("openghg/BEACO2N/175_BELLAHOUSTONACADEMY.csv", epoch)
        #expect(rows == counted && rows.count == 27)
        #expect(rows[0].values[0].value == nil && rows[1].values[0].value == 410.7)
        #expect(rows[0].time.description == "2021-07-15T11:00:00Z")
    }

    @Test func midCostSensorsComeWithWeatherAndBottles() async throws {
        let folder = "munich-colocation"
        let weather = try await readRows(
            "\(folder)/4_Dilution_Correction__Sensor_GMP343_Measurement.csv",
            """
            { "format": "csv", "time": "datetime", "time_zone": "UTC", "station": "a",
              "values": [{ "gas": "co2", "column": "CO2_dry" }],
              "conditions": [{ "name": "h2o", "column": "h2o_v%", "unit": "%" },
                { "name": "p", "column": "bme280_pressure", "unit": "hPa" },
                { "name": "rh", "column": "sht45_humidity", "unit": "%" }] }
            """
        )
        #expect(weather.count == 8535)
        #expect(weather[0].values[0].value == 491.6452709873015)
        #expect(
            weather[0].conditions["h2o"] == 1.09061105036169
                && weather[0].conditions["p"] == 939.5183333333333
        )
        let bottles = try await readRows(
            "\(folder)/1_Calibration_Correction__Sensor_GMP343_Calibration.csv",
            """
            { "format": "csv", "time": "datetime", "time_zone": "UTC", "station": "a", "bottle": "cal_bottle_id",
              "values": [{ "gas": "co2", "column": "CO2_out_of_sensor" }] }
            """
        )
        #expect(bottles.count == 180 && bottles[0].bottle == "95.0" && Set(bottles.map(\.bottle)).count == 2)
        #expect(bottles[0].time.description == "2025-03-11T02:02:03.352Z")
    }

    @Test func archivesOfDaysMonthsAndYears() async throws {
        let days = try await readRows(
            "mauna-loa/co2-ppm-daily.csv",
            """
            { "format": "csv", "time": "date", "time_format": "YYYY-MM-DD", "time_zone": "UTC", "station": "a",
              "values": [{ "gas": "co2", "column": "value" }] }
            """
        )
        #expect(days.count == 18_304 && days[0].values[0].value == 316.16)
        let months = try await readRows(
            "wdcgg-asia/wlg236n0.dat",
            """
            { "format": "csv", "separator": "blanks", "skip_lines": 25, "station": "a", "time": ["y", "m"],
              "time_format": "YYYY MM", "time_zone": "UTC", "missing_numbers": [-999.999],
              "columns": ["y", "m", "co2", "v", "nd", "sd", "f", "ratio a", "ratio b"],
              "values": [{ "gas": "co2", "column": "co2" }] }
            """
        )
        #expect(months[0].time.description == "1990-08-01T00:00:00Z" && months[0].values[0].value == 348.93)
        let flagged = try await readRows(
            "openghg/ICOS/tta.co2.1minute.222m.min.dat",
            """
            { "format": "csv", "separator": "blanks", "skip_lines": 1, "station": "a", "time_zone": "UTC",
              "time": ["Year", "Month", "Day", "Hour", "Minute"], "time_format": "YYYY MM DD hh mm",
              "columns": ["Site", "Year", "Month", "Day", "Hour", "Minute", "Date", "co2", "sd", "n", "Flag", "id",
                          "y", "m", "d", "h", "min"],
              "missing_numbers": [-999.99], "values": [{ "gas": "co2", "column": "co2", "uncertainty": "sd",
                "flag": "Flag", "flag_alphabet": "icos" }] }
            """
        )
        #expect(flagged[0].values[0].value == nil && flagged[0].values[0].verdict?.flag == .fail)
        #expect(flagged[1].values[0].value == 401.645 && flagged[1].values[0].verdict == nil)
    }

    @Test func aDeadChannelIsNoMeasurement() async throws {
        let rows = try await readRows(
            "dead-channel/CFADS2274-20170324-204310Z-DataLog_User.dat",
            #"{ "format": "picarro", "station": "a" }"#
        )
        #expect(rows.count == 1082)
        let row = rows[0]
        #expect(row.time.description == "2017-03-24T20:43:03.709Z")
        #expect(rows.allSatisfy { $0.values[0].gas == .co2 && $0.values[0].value == nil })
        // The analyser measures no water, so its dry channel of methane is dead too; the moist one is suspect.
        #expect(abs((row.values[1].value ?? 0) - 1898.440171) < 1e-6)
        #expect(row.values[1].verdict == QualityVerdict(flag: .suspect, tests: .waterVapour))
        #expect(row.conditions["dry"] == 0 && row.conditions["h2o"] == 0)
        #expect(row.fix?.latitude == 33.521461248 && row.fix?.longitude == -86.804445366)
        #expect(row.state.first { $0.name == "cp" }?.value == 140.00889587)
        #expect(rows[500].fix?.speedMetresPerSecond == nil)
    }
}
