import Archive
import Foundation
import Ingest
import Quantities

/// `crosswind export`: out of the store.
struct ExportVerb: Verb {
    let name = "export"
    let summary = "write readings, means, enhancements or dead letters of a store as CSV or JSON"
    let operands = "readings|enhancement|dead-letters"
    let discussion = """
        Times are UTC, mole fractions and their standard uncertainties ppm, positions WGS 84. `tests` is a bit
        mask: 1 missing value, 2 gross range, 4 location, 8 instrument state, 16 uncertainty.

        With --interval, one row a window that starts at `start`: the mean of the readings of a minute, of the
        minutes of an hour, of the hours of a day, `complete` from 75 % of the readings the nominal step would
        give. Readings that are not used are counted with their flags. The uncertainty of the readings is taken as
        common to the window, so that averaging does not reduce it; what is missing adds to it.

        `enhancement` is the value above the background: the smooth curve of NOAA's fit, for records of a year and
        more, or a running percentile; of the instrument itself or of an upwind station.

          crosswind export readings --store readings.sqlite --station car --format csv --output car.csv
          crosswind export readings --store readings.sqlite --interval hour --scale WMO-CO2-X2019
          crosswind export enhancement --store readings.sqlite --station car --gas co2 --background percentile
        """
    let options: [OptionSpecification] = [
        .value("store", "FILE", "the SQLite store"),
        .value("station", "ID", "only this station; may be given several times"),
        .value("gas", "GAS", "only co2, ch4, n2o or co"),
        .value("from", "TIME", "only from this moment on (ISO 8601 with zone)"),
        .value("to", "TIME", "only before this moment"),
        .value(
            "flags",
            "LIST",
            "only readings with these flags, e.g. good,suspect; means and enhancements: good"
        ),
        .value("scale", "SCALE", "convert to WMO-CO2-X2007 or WMO-CO2-X2019; other scales are refused"),
        .value("interval", "INTERVAL", "means over a minute, hour or day"),
        .value("step", "SECONDS", "time between readings where none is missing (found from each series)"),
        .value("background", "METHOD", "curve or percentile (curve)"),
        .value("background-station", "ID", "take the background from this station (the station itself)"),
        .value("percentile", "PERCENT", "for --background percentile (5)"),
        .value("window-hours", "HOURS", "for --background percentile, centred (24)"),
        .value("format", "FORMAT", "csv or json (csv)"),
        .value("output", "FILE", "written beside and renamed into place; standard output where not given"),
    ]

    func run(_ options: Options) async throws -> ExitStatus {
        guard options.operands.count == 1, let subject = options.operands.first,
            let table = ExportTable(rawValue: subject)
        else {
            throw UsageError.operands(expected: "`readings`, `enhancement` or `dead-letters`", verb: name)
        }
        let settings = try ExportSettings(options, table, verb: name)
        if table == .enhancement {
            for needed in ["station", "gas"] { _ = try options.required(needed) }
        }
        let store = try options.required("store")
        let query = try query(options)
        let output = options.text("output")
        let rows = try await readArchive(at: store) { archive in
            let sink = try ExportSink(output: output, store: store)
            let rows = try table.write(archive, query, settings, to: sink)
            try sink.finish()
            return rows
        }
        if let output { Terminal.note("\(rows) rows in \(output)") }
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
        guard start <= end else {
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

/// A file being written beside its final place, or standard output.
final class ExportSink {
    private let output: String?
    private let partial: String?
    private let handle: FileHandle
    private var buffer = Data()

    /// - Parameter store: what is read; it is never replaced by the output.
    init(output: String?, store: String) throws {
        guard let output else {
            self.output = nil
            partial = nil
            handle = .standardOutput
            return
        }
        let target = try OutputPath(output, inputs: [store, store + "-wal", store + "-shm"]).path
        self.output = target
        let path = target + ".partial-\(ProcessInfo.processInfo.processIdentifier)"
        guard FileManager.default.createFile(atPath: path, contents: nil),
            let handle = FileHandle(forWritingAtPath: path)
        else { throw OutputError(path: output, reason: String(cString: strerror(errno))) }
        partial = path
        self.handle = handle
    }

    deinit {
        if let partial { try? FileManager.default.removeItem(atPath: partial) }
    }

    func write(_ text: String) throws {
        buffer.append(contentsOf: text.utf8)
        if buffer.count > 1 << 20 { try flush() }
    }

    func finish() throws {
        try flush()
        guard let output, let partial else { return }
        try? handle.synchronize()
        guard rename(partial, output) == 0 else {
            throw OutputError(path: output, reason: String(cString: strerror(errno)))
        }
    }

    private func flush() throws {
        defer { buffer.removeAll(keepingCapacity: true) }
        do {
            try handle.write(contentsOf: buffer)
        } catch {
            guard let output else { return try Terminal.judge(error) }
            throw OutputError(path: output, reason: (error as NSError).localizedDescription)
        }
    }
}
