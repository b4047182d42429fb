import CSV
import Observations
import Quantities

extension RecordMapping {
    static let keys = [
        "format", "time", "time_format", "time_zone", "station", "station_column", "station_index",
        "station_names", "values", "position", "state", "conditions", "bottle", "separator", "decimal_mark",
        "skip_lines", "columns", "missing_numbers", "missing_words",
    ]

    init(_ object: ConfigurationObject, stations: [String]) throws(ConfigurationError) {
        guard let format = Format(rawValue: try object.text("format")) else {
            throw object.error("format", "neither `csv` nor `netcdf` nor `picarro`")
        }
        self.format = format
        layout = try Layout(object, format)
        // A user log has columns of known names.
        let isKnown = format == .picarro
        time =
            isKnown && !object.has("time")
            ? TimeSource(columns: [], format: .iso8601) : try Self.timeSource(object)
        station = try Self.stationSource(object, stations: stations)
        values = isKnown && !object.has("values") ? [] : try Self.valueSources(object)
        position = object.has("position") ? try Self.positionSource(object) : nil
        state = try Self.stateSources(object)
        conditions = try Self.conditionSources(object)
        bottle = try optionalText("bottle", of: object)
        guard format == .netCDF else { return }
        // Its times have units of their own, and its rows no text.
        let isPlain = layout == Layout() && time.columns.count == 1 && time.format == .iso8601
        guard isPlain, conditions.isEmpty, bottle == nil, values.allSatisfy({ $0.flag == nil }) else {
            throw object.error("format", "a netCDF record has only time, station, values and state")
        }
    }

    private static func timeSource(_ object: ConfigurationObject) throws(ConfigurationError) -> TimeSource {
        let columns: [String]
        if let several = try? object.texts("time") {
            columns = several
        } else {
            columns = [try object.text("time")]
        }
        guard !columns.isEmpty else { throw object.error("time", "names no column") }
        let zone = try optionalText("time_zone", of: object)
        let name = try optionalText("time_format", of: object) ?? "iso8601"
        do {
            return TimeSource(columns: columns, format: try RecordTimeFormat(name, zone: zone))
        } catch {
            throw object.error(object.has("time_format") ? "time_format" : "time_zone", error.words)
        }
    }

    private static func valueSources(_ object: ConfigurationObject) throws(ConfigurationError)
        -> [ValueSource]
    {
        let keys = ["gas", "column", "uncertainty", "unit", "flag", "flag_alphabet"]
        var values: [ValueSource] = []
        for value in try object.objects("values", known: keys) {
            values.append(
                ValueSource(
                    gas: try readGas(value),
                    column: try value.text("column"),
                    uncertainty: try optionalText("uncertainty", of: value),
                    unit: try readUnit(value),
                    flag: try flagSource(value)
                )
            )
        }
        return values
    }

    private static func readUnit(_ value: ConfigurationObject) throws(ConfigurationError) -> MoleFractionUnit?
    {
        guard let text = try optionalText("unit", of: value) else { return nil }
        guard let unit = MoleFractionUnit(spelling: text) else {
            throw value.error("unit", "`\(text)` is not a unit of mole fractions")
        }
        return unit
    }

    private static func flagSource(_ value: ConfigurationObject) throws(ConfigurationError) -> FlagSource? {
        guard let column = try optionalText("flag", of: value) else { return nil }
        let name = try value.text("flag_alphabet")
        guard let alphabet = RecordedFlags(rawValue: name) else {
            let known = RecordedFlags.allCases.map { $0.rawValue }.joined(separator: ", ")
            throw value.error("flag_alphabet", "`\(name)` is not one of \(known)")
        }
        return FlagSource(column: column, alphabet: alphabet)
    }

    private static func stateSources(_ object: ConfigurationObject) throws(ConfigurationError)
        -> [StateSource]
    {
        guard object.has("state") else { return [] }
        var state: [StateSource] = []
        for quantity in try object.objects("state", known: ["name", "column"]) {
            state.append(StateSource(name: try quantity.text("name"), column: try quantity.text("column")))
        }
        return state
    }

    private static func conditionSources(
        _ object: ConfigurationObject
    ) throws(ConfigurationError) -> [ConditionSource] {
        guard object.has("conditions") else { return [] }
        var conditions: [ConditionSource] = []
        for quantity in try object.objects("conditions", known: ["name", "column", "unit"]) {
            let name = try quantity.text("name")
            guard Conditions.commonNames.contains(name) else {
                throw quantity.error("name", "not one of \(Conditions.commonNames.joined(separator: ", "))")
            }
            let unit = try quantity.text("unit")
            guard let conversion = Conditions.conversion(of: name, from: unit) else {
                throw quantity.error("unit", "`\(unit)` is not a unit of `\(name)`")
            }
            conditions.append(
                ConditionSource(name: name, column: try quantity.text("column"), conversion: conversion)
            )
        }
        return conditions
    }

    private static func stationSource(
        _ object: ConfigurationObject,
        stations: [String]
    ) throws(ConfigurationError) -> StationSource {
        if object.has("station_column") { return .column(try object.text("station_column")) }
        if object.has("station_index") {
            return .index(
                variable: try object.text("station_index"),
                names: try object.text("station_names")
            )
        }
        let name = try object.text("station")
        guard stations.contains(name) else {
            let advice = nearest(to: name, among: stations).map { ", did you mean `\($0)`?" } ?? ""
            throw object.error("station", "no station `\(name)`\(advice)")
        }
        return .constant(name)
    }

    private static func positionSource(
        _ record: ConfigurationObject
    ) throws(ConfigurationError) -> PositionSource {
        let object = try record.object(
            "position",
            known: ["longitude", "latitude", "altitude", "accuracy", "satellites", "speed"]
        )
        return PositionSource(
            longitude: try object.text("longitude"),
            latitude: try object.text("latitude"),
            altitude: try optionalText("altitude", of: object),
            accuracy: try optionalText("accuracy", of: object),
            satellites: try optionalText("satellites", of: object),
            speed: try optionalText("speed", of: object)
        )
    }
}

extension RecordMapping.Layout {
    fileprivate init(
        _ object: ConfigurationObject,
        _ format: RecordMapping.Format
    ) throws(ConfigurationError) {
        self.init()
        if format == .picarro { dialect = .blanks }
        if let separator = try optionalText("separator", of: object) {
            dialect = try Self.dialect(separator, object)
        }
        if let mark = try optionalText("decimal_mark", of: object) {
            guard mark == "." || mark == "," else {
                throw object.error("decimal_mark", "neither `.` nor `,`")
            }
            decimalMark = mark == "," ? UInt8(ascii: ",") : UInt8(ascii: ".")
            guard dialect.separator != .byte(decimalMark) else {
                throw object.error("decimal_mark", "the same as the separator")
            }
        }
        if object.has("skip_lines") {
            guard let count = Int(exactly: try object.number("skip_lines")), (0...10_000).contains(count)
            else {
                throw object.error("skip_lines", "not a number of lines")
            }
            skippedLines = count
        }
        if object.has("columns") { columns = try object.texts("columns") }
        if object.has("missing_numbers") { missingNumbers = try object.numbers("missing_numbers") }
        if object.has("missing_words") {
            missingWords = try object.texts("missing_words").map { $0.lowercased() }
        }
    }

    private static func dialect(
        _ separator: String,
        _ object: ConfigurationObject
    ) throws(ConfigurationError) -> CSVDialect {
        switch separator {
        case "blanks": return .blanks
        case "tab": return CSVDialect(separator: .byte(UInt8(ascii: "\t")))
        default:
            let marks = [UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: "|"), UInt8(ascii: "\t")]
            guard separator.utf8.count == 1, let byte = separator.utf8.first, marks.contains(byte) else {
                throw object.error("separator", "not one of `,` `;` `|` `tab` `blanks`")
            }
            return CSVDialect(separator: .byte(byte))
        }
    }
}

private func optionalText(
    _ key: String,
    of object: ConfigurationObject
) throws(ConfigurationError) -> String? {
    object.has(key) ? try object.text(key) : nil
}
