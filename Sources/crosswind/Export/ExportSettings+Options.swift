import Archive
import Observations
import Quantities

extension ExportSettings {
    /// - Throws: ``UsageError`` for values that mean nothing, and options that do not go with the table.
    init(_ options: Options, _ table: ExportTable, verb: String) throws(UsageError) {
        try Self.refuseForeign(options, table, verb: verb)
        if let format: ExportFormat = try Self.word("format", options, ["csv", "json"]) {
            self.format = format
        }
        if let text = options.text("scale") { scale = try Self.scale(text, verb: verb) }
        interval = try Self.word("interval", options, AggregateInterval.allCases.map(\.rawValue))
        nominalStepSeconds = try Self.positive("step", options, atMost: 1e6)
        if let text = options.text("flags") { flags = try Self.flags(text, verb: verb) }
        if let text = options.text("level") { level = try Self.level(text, verb: verb) }
        vocabulary = try Self.word("flag-vocabulary", options, FlagVocabulary.allCases.map(\.rawValue))
        if let text = options.text("conditions") { conditions = try Self.conditions(text, verb: verb) }
        hasHeader = options.isSet("header")
        networkFile = options.text("network")
        givesPasses = options.isSet("passes")
        givesRuns = options.isSet("runs")
        try readAsOf(options, verb: verb)
        try readBackground(options)
        cellDegrees = try Self.positive("cell", options, atMost: 10) ?? cellDegrees
        standstillSpeed = try Self.positive("standstill", options, atMost: 100) ?? standstillSpeed
        try refuseUnfit(options, table, verb: verb)
    }

    private mutating func readAsOf(_ options: Options, verb: String) throws(UsageError) {
        guard let text = options.text("as-of") else { return }
        guard let moment = Instant(iso8601: text), moment <= .now() else {
            throw .badValue("as-of", text, expected: "a past moment (ISO 8601 with zone)", verb: verb)
        }
        asOf = moment
    }

    private mutating func readBackground(_ options: Options) throws(UsageError) {
        let methods = BackgroundMethod.allCases.map(\.rawValue)
        background = try Self.word("background", options, methods) ?? background
        backgroundStations = options.texts("background-station")
        windStation = options.text("wind")
        percentile = try Self.positive("percentile", options, atMost: 100) ?? percentile
        windowHours = try Self.positive("window-hours", options, atMost: 1e6) ?? windowHours
    }

    /// A value that is one of some words.
    private static func word<Word: RawRepresentable<String>>(
        _ name: String,
        _ options: Options,
        _ known: [String]
    ) throws(UsageError) -> Word? {
        guard let text = options.text(name) else { return nil }
        guard let word = Word(rawValue: text) else {
            throw .badValue(
                name,
                text,
                expected: "one of \(known.joined(separator: ", "))",
                verb: options.verb
            )
        }
        return word
    }

    private static func positive(
        _ name: String,
        _ options: Options,
        atMost limit: Double
    ) throws(UsageError) -> Double? {
        guard let value = try options.number(name) else { return nil }
        guard value > 0, value <= limit else {
            let expected = "above 0 and at most \(Int(limit))"
            throw .badValue(name, "\(value)", expected: expected, verb: options.verb)
        }
        return value
    }

    private static func level(_ text: String, verb: String) throws(UsageError) -> ReadingQuery.Level {
        switch text {
        case "reported": return .reported
        case "settled": return .settled
        default: throw .badValue("level", text, expected: "`reported` or `settled`", verb: verb)
        }
    }

    private static func conditions(_ text: String, verb: String) throws(UsageError) -> ConditionChoice {
        if text == "all" { return .all }
        var names: [String] = []
        for name in text.split(separator: ",", omittingEmptySubsequences: false).map(String.init) {
            guard !name.isEmpty else {
                throw .badValue("conditions", text, expected: "`all` or a list such as t,rh,p", verb: verb)
            }
            if !names.contains(name) { names.append(name) }
        }
        return .names(names)
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
                let expected = "a list of \(names.keys.sorted().joined(separator: ", "))"
                throw .badValue("flags", text, expected: expected, verb: verb)
            }
            flags.insert(flag)
        }
        return flags
    }
}

extension ExportSettings {
    /// Options that would have no effect on the table are mistakes.
    private static func refuseForeign(
        _ options: Options,
        _ table: ExportTable,
        verb: String
    ) throws(UsageError) {
        let special = Set(ExportTable.allCases.flatMap(\.options))
        for name in special.sorted() where options.isSet(name) && !table.options.contains(name) {
            let fit = ExportTable.allCases.filter { $0.options.contains(name) }.map(\.rawValue)
            let expected = "a table that --\(name) goes with (\(fit.joined(separator: ", ")))"
            throw .badValue(name, table.rawValue, expected: expected, verb: verb)
        }
        for name in table.requiredOptions { _ = try options.required(name) }
    }

    /// Options that would have no effect beside others, or that need others.
    private func refuseUnfit(_ options: Options, _ table: ExportTable, verb: String) throws(UsageError) {
        func needs(_ name: String, _ other: String) throws(UsageError) {
            guard options.isSet(name), !options.isSet(other) else { return }
            throw .missingOption(other, verb: verb)
        }
        try needs("step", "interval")
        if table == .calibrations { try needs("as-of", "runs") }
        if table != .legend { try needs("network", "header") }
        if conditions != .none, interval != nil {
            throw .badValue("conditions", "--interval", expected: "an option for single readings", verb: verb)
        }
        if hasHeader, format != .csv {
            throw .badValue(
                "header",
                "json",
                expected: "a format with remarks; see `export legend`",
                verb: verb
            )
        }
        if table == .legend {
            guard options.isSet("network") || options.isSet("store") else {
                throw .missingOption("network", verb: verb)
            }
            if networkFile != nil { try refuse(options, ["store", "as-of"], beside: "network", verb) }
        }
        guard background == .upwind else {
            if windStation != nil {
                throw .badValue("wind", "\(background)", expected: "--background upwind", verb: verb)
            }
            if backgroundStations.count > 1 {
                let names = backgroundStations.joined(separator: ", ")
                throw .badValue("background-station", names, expected: "one station", verb: verb)
            }
            return
        }
        if windStation == nil { throw .missingOption("wind", verb: verb) }
        try refuse(options, ["window-hours", "as-of"], beside: "background upwind", verb)
    }

    private func refuse(
        _ options: Options,
        _ names: [String],
        beside other: String,
        _ verb: String
    ) throws(UsageError) {
        for name in names where options.isSet(name) {
            throw .badValue(name, "--\(other)", expected: "an option that goes with it", verb: verb)
        }
    }
}
