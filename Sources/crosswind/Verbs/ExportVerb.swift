import Archive
import Foundation
import Ingest
import Quantities

/// `crosswind export`: out of the store.
struct ExportVerb: Verb {
    let name = "export"
    let summary = "write what a store holds, and what follows from it, as tables in CSV or JSON"
    let operands = "TABLE"
    let discussion = """
        Times are UTC, mole fractions and their standard uncertainties ppm, positions WGS 84. Tables:

          readings      what stands: flags of all tests, calibrated values, edits by people. `tests` is a bit mask,
                        `test_names` its words; `revision` counts replaced values, `raw_message` is the message.
                        With --interval one row a window that starts at `start`: the mean of the readings of a
                        minute, of the minutes of an hour, of the hours of a day, `complete` from 75 % of the
                        readings the nominal step would give: that of the network file (nominal_step_s), else
                        the usual one of the day and around it. Readings that are not used are counted with their
                        flags. Their uncertainty is taken as common to the window, so that averaging does not
                        reduce it; what is missing adds to it.
          means         the means that the store keeps, with the same columns
          enhancement   the value above the background: the smooth curve of NOAA's fit, for records of a year and
                        more, a running percentile, or the stations from which the wind blows
          weather       conditions by moment: t, rh, p, h2o, ws, wd, spd, hdg, acc, sat, bat and those of devices
          wind          scalar and vector mean, direction, its deviation (Yamartino), calms
          segments      passages of a vehicle through cells; with --passes their means by day and cell
          calibrations  fits and target checks; with --runs the runs of bottles
          receipts      which messages of each logger are durable, and which are missing
          revisions     values that others have replaced, and when
          dead-letters  what could not be used, with the reason
          legend        instruments and the thresholds of their tests

        --as-of gives what was known at a moment: the values that had come by then, settled by the network file and
        the edits that the store had recorded.

          crosswind export readings --store readings.sqlite --station car --conditions t,spd --output car.csv
          crosswind export readings --store readings.sqlite --interval hour --scale WMO-CO2-X2019
          crosswind export readings --store readings.sqlite --as-of 2025-03-01T00:00:00Z --header
          crosswind export enhancement --store readings.sqlite --station car --gas co2 --background percentile
          crosswind export segments --store readings.sqlite --station car --cell 0.005 --passes
          crosswind export legend --network stations/hamburg-vehicle.json --format json

        Columns keep their names. Conditions come behind them, under their own names; in JSON what is empty is left
        out.

        \(ExportColumns.help)
        """
    let options = (selection + form + computation).map(statingTables)

    /// Tables that do not go without an option say so where it is explained.
    private static func statingTables(_ option: OptionSpecification) -> OptionSpecification {
        let tables = ExportTable.allCases.filter { $0.requiredOptions.contains(option.name) }.map(\.rawValue)
        guard !tables.isEmpty else { return option }
        return OptionSpecification(
            name: option.name,
            valueName: option.valueName,
            help: "\(option.help); required for \(tables.joined(separator: ", "))"
        )
    }

    private static let selection: [OptionSpecification] = [
        .value("store", "FILE", "the SQLite store; required, except for legend --network"),
        .value("station", "ID", "only this station; may be given several times"),
        .value("gas", "GAS", "only co2, ch4, n2o or co"),
        .value("from", "TIME", "only from this moment on (ISO 8601 with zone)"),
        .value("to", "TIME", "only before this moment"),
        .value("as-of", "TIME", "as known at this moment (now)"),
        .value("level", "LEVEL", "settled, or reported: as it came (settled)"),
        .value(
            "flags",
            "LIST",
            "only readings with these flags, e.g. good,suspect; what is computed takes good"
        ),
    ]
    private static let form: [OptionSpecification] = [
        .value("scale", "SCALE", "convert to WMO-CO2-X2007 or WMO-CO2-X2019; other scales are refused"),
        .value("flag-vocabulary", "NAME", "flags of qartod, icos, noaa, hj212 or uataq instead of our words"),
        .value("conditions", "LIST", "columns for conditions, e.g. t,rh,p; or all"),
        .flag("header", "lines that start with # before the table: stations, scales, flags, tests, period"),
        .value(
            "network",
            "FILE",
            "describes the network, for legend and --header (as recorded in the store)"
        ),
        .value("format", "FORMAT", "csv or json (csv)"),
        .value("output", "FILE", "written beside and renamed into place; standard output where not given"),
    ]
    private static let computation: [OptionSpecification] = [
        .value("interval", "INTERVAL", "means over a minute, hour or day"),
        .value(
            "step",
            "SECONDS",
            "time between readings where none is missing (nominal_step_s, or found from the day)"
        ),
        .value("background", "METHOD", "curve, percentile or upwind (curve)"),
        .value("background-station", "ID", "take the background from this station (itself); upwind: several"),
        .value("wind", "ID", "the station whose wind says what is upwind; required for --background upwind"),
        .value("percentile", "PERCENT", "of the readings that make the background, except for curve (5)"),
        .value("window-hours", "HOURS", "for --background percentile, centred (24)"),
        .value("cell", "DEGREES", "side of the cells of segments (0.01)"),
        .value("standstill", "M/S", "a slower vehicle stands (2)"),
        .flag("passes", "daily means of the passages through each cell"),
        .flag("runs", "the runs of bottles instead of the fits"),
    ]

    func run(_ options: Options) async throws -> ExitStatus {
        guard options.operands.count == 1, let subject = options.operands.first else {
            let tables = ExportTable.allCases.map(\.rawValue).joined(separator: ", ")
            throw UsageError.operands(expected: "one of \(tables)", verb: name)
        }
        guard let table = ExportTable(rawValue: subject) else { throw UnknownTable(name: subject) }
        let settings = try ExportSettings(options, table, verb: name)
        let query = try query(options)
        let output = options.text("output")
        let rows: Int
        if table == .legend, let file = settings.networkFile {
            try ExportNames(file: file).check(query, settings)
            let sink = try ExportSink(output: output, inputs: [file])
            rows = try LegendTable.write(file, query, settings, to: sink)
            try sink.finish()
        } else {
            let store = try options.required("store")
            rows = try await readArchive(at: store) { archive in
                let names = try ExportNames(archive, store: store, file: settings.networkFile)
                try names.check(query, settings)
                let sink = try ExportSink(output: output, inputs: [store, store + "-wal", store + "-shm"])
                let export = try ExportRun(table, query, settings, store: store, archive, to: sink)
                let rows = try table.write(archive, export)
                try sink.finish()
                return rows
            }
        }
        if let output { Terminal.note("\(rows) rows in \(output)") }
        if output == nil, rows == 0 { Terminal.note("no rows") }
        return .success
    }

    private func query(_ options: Options) throws(UsageError) -> ReadingQuery {
        var query = ReadingQuery()
        if options.isSet("station") { query.stations = options.texts("station") }
        if let text = options.text("gas") {
            guard let gas = Gas(rawValue: text) else {
                throw .badValue("gas", text, expected: "co2, ch4, n2o or co", verb: name)
            }
            query.gas = gas
        }
        let start = try instant("from", options) ?? Instant(microseconds: .min)
        let end = try instant("to", options) ?? Instant(microseconds: .max)
        guard start < end else {
            throw .badValue("to", "\(end)", expected: "after --from", verb: name)
        }
        if options.isSet("from") || options.isSet("to") { query.period = Period(start: start, end: end) }
        return query
    }

    private func instant(_ name: String, _ options: Options) throws(UsageError) -> Instant? {
        guard let text = options.text(name) else { return nil }
        guard let instant = Instant(iso8601: text) else {
            throw .badValue(name, text, expected: "an ISO 8601 time with zone", verb: self.name)
        }
        return instant
    }
}
