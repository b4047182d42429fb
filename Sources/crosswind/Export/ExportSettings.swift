import Archive
import Foundation
import Observations
import Quantities

/// How the background of an enhancement is found.
enum BackgroundMethod: String {
    case curve
    case percentile
}

/// What becomes of readings on their way out of the store.
struct ExportSettings: Sendable {
    var format = ExportFormat.csv
    /// All readings are brought to this scale.
    var scale: CalibrationScale?
    var interval: AggregateInterval?
    /// Nil: the usual step of each series.
    var nominalStepSeconds: Double?
    /// Nil: every reading is a row, good ones are averaged.
    var flags: Set<QualityFlag>?
    var background = BackgroundMethod.curve
    /// Nil: each instrument is its own background.
    var backgroundStation: String?
    var percentile = 5.0
    var windowHours = 24.0

    /// The flags of readings that are computed with.
    var usableFlags: Set<QualityFlag> { flags ?? [.good] }

    /// The query, with the flags where rows are selected by them.
    func selecting(_ query: ReadingQuery) -> ReadingQuery {
        var query = query
        query.flags = flags.map { $0.sorted { $0.rawValue < $1.rawValue } }
        return query
    }

    func converted(_ reading: Reading) throws -> Reading {
        guard let scale else { return reading }
        do {
            return try reading.converted(to: scale)
        } catch {
            throw ReadingFault(cause: error, reading: reading)
        }
    }

    /// A reading as far as it is computed with: one that is only counted needs no conversion, and the values of
    /// a warm-up have none.
    func computable(_ reading: Reading) throws -> Reading {
        usableFlags.contains(reading.flag) ? try converted(reading) : reading
    }
}

/// A fault of one reading, with its place in the store.
struct ReadingFault: Fault {
    let cause: ScaleConversionError
    let reading: Reading
    var exitStatus: ExitStatus { cause.exitStatus }
    var what: String { cause.what }
    var place: String { "station \(reading.station), instrument \(reading.instrument), \(reading.time)" }
    var remedy: String { cause.remedy }
}

extension ExportSettings {
    /// - Throws: ``UsageError`` for values that mean nothing, and options that do not go with the table.
    init(_ options: Options, _ table: ExportTable, verb: String) throws(UsageError) {
        if let text = options.text("format") {
            guard let format = ExportFormat(rawValue: text) else {
                throw .badValue("format", text, expected: "`csv` or `json`", verb: verb)
            }
            self.format = format
        }
        try Self.refuseForeign(options, table, verb: verb)
        if let text = options.text("scale") { scale = try Self.scale(text, verb: verb) }
        if let text = options.text("interval") {
            guard let interval = AggregateInterval(rawValue: text) else {
                throw .badValue("interval", text, expected: "minute, hour or day", verb: verb)
            }
            self.interval = interval
        }
        nominalStepSeconds = try Self.positive("step", options, atMost: 1e6, verb: verb)
        if let text = options.text("flags") { flags = try Self.flags(text, verb: verb) }
        if let text = options.text("background") {
            guard let method = BackgroundMethod(rawValue: text) else {
                throw .badValue("background", text, expected: "`curve` or `percentile`", verb: verb)
            }
            background = method
        }
        backgroundStation = options.text("background-station")
        percentile = try Self.positive("percentile", options, atMost: 100, verb: verb) ?? percentile
        windowHours = try Self.positive("window-hours", options, atMost: 1e6, verb: verb) ?? windowHours
    }

    private static func positive(
        _ name: String,
        _ options: Options,
        atMost limit: Double,
        verb: String
    ) throws(UsageError) -> Double? {
        guard let value = try options.number(name) else { return nil }
        guard value > 0, value <= limit else {
            throw .badValue(name, "\(value)", expected: "above 0 and at most \(Int(limit))", verb: verb)
        }
        return value
    }

    private static func scale(_ text: String, verb: String) throws(UsageError) -> CalibrationScale {
        let known: [CalibrationScale] = [.co2X2007, .co2X2019]
        guard let scale = known.first(where: { $0.rawValue == text }) else {
            throw .badValue("scale", text, expected: "WMO-CO2-X2007 or WMO-CO2-X2019", verb: verb)
        }
        return scale
    }

    private static func flags(_ text: String, verb: String) throws(UsageError) -> Set<QualityFlag> {
        let names = Dictionary(uniqueKeysWithValues: QualityFlag.allCases.map { ("\($0)", $0) })
        var flags: Set<QualityFlag> = []
        for name in text.split(separator: ",", omittingEmptySubsequences: false) {
            guard let flag = names[String(name)] else {
                throw .badValue(
                    "flags",
                    text,
                    expected: "a list of \(names.keys.sorted().joined(separator: ", "))",
                    verb: verb
                )
            }
            flags.insert(flag)
        }
        return flags
    }

    /// Options that would have no effect are mistakes.
    private static func refuseForeign(
        _ options: Options,
        _ table: ExportTable,
        verb: String
    ) throws(UsageError) {
        let own: Set<String> =
            switch table {
            case .readings: ["scale", "interval", "step", "flags"]
            case .deadLetters: []
            case .enhancement:
                ["scale", "flags", "background", "background-station", "percentile", "window-hours"]
            }
        let special = [
            "scale", "interval", "step", "flags", "background", "background-station", "percentile",
            "window-hours",
        ]
        for name in special where options.isSet(name) && !own.contains(name) {
            throw .badValue(name, table.rawValue, expected: "a table that --\(name) goes with", verb: verb)
        }
        if options.isSet("step"), !options.isSet("interval") { throw .missingOption("interval", verb: verb) }
    }
}
