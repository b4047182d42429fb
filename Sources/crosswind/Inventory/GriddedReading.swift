import Concurrent
import Formats
import Inventory
import Quantities

/// What a command line says of the gridded inventory that is read: its files and what they do not tell themselves.
struct GriddedReading: Sendable {
    static let options: [OptionSpecification] = [
        .value("year", "YEAR", "the year, where neither the file name nor an attribute gives it"),
        .value("month", "1..12", "the month of a monthly product whose name gives none"),
        .value("carbon", "NAME", "of products that count carbon: molar (44.0095/12.011, default) or 44/12"),
        .value("categories", "NAME,...", "sectors, fuels or variables to add up (all but sums)"),
        .value("earth-radius", "METRES", "of the sphere on which the source took areas (6371007.2)"),
        .value(
            "mapping",
            "KEY=VALUE,...",
            "how to read a file of no known layout: gas, unit, variable, longitude,\n"
                + "latitude, source, period=month|year, missing=NUMBER of cells without a\n"
                + "value; unit!=UNIT overrules another unit in the file"
        ),
        .flag("allow-mismatch", "end with status 0 although the totals differ"),
    ]

    let paths: [String]
    let reading: FluxReadOptions
    let allowsMismatch: Bool

    init(_ options: Options) throws(UsageError) {
        guard !options.operands.isEmpty else {
            throw .operands(expected: "one file, or the sector files of one product", verb: options.verb)
        }
        var reading = FluxReadOptions()
        reading.year = try Self.integer("year", 1900...2200, options)
        reading.month = try Self.integer("month", 1...12, options)
        reading.carbon = try Self.carbon(options) ?? reading.carbon
        if let metres = try options.number("earth-radius") {
            guard (6.3e6...6.4e6).contains(metres) else {
                throw .badValue(
                    "earth-radius",
                    "\(metres)",
                    expected: "metres from 6300000 to 6400000",
                    verb: options.verb
                )
            }
            reading.earthRadiusMetres = metres
        }
        let categories = options.text("categories")?.split(separator: ",").map(String.init)
        if let categories, categories.isEmpty || Set(categories).count != categories.count {
            throw .badValue(
                "categories",
                categories.joined(separator: ","),
                expected: "a list of names, each once",
                verb: options.verb
            )
        }
        // Of several files it is the files that are chosen.
        reading.categories = options.operands.count == 1 ? categories : nil
        reading.mapping = try options.text("mapping").map { text throws(UsageError) in
            try MappingOption.parse(text, verb: options.verb)
        }
        self.reading = reading
        paths = try Self.chosen(options.operands, categories, options.verb)
        allowsMismatch = options.isSet("allow-mismatch")
    }

    /// Of several sector files those that are asked for; no sector twice, since one of them would be passed over.
    private static func chosen(
        _ paths: [String],
        _ categories: [String]?,
        _ verb: String
    ) throws(UsageError) -> [String] {
        guard paths.count > 1 else { return paths }
        let codes = paths.map { EDGARSectors.code(inFileName: $0) ?? "" }
        for (place, code) in codes.enumerated() where !code.isEmpty && codes[..<place].contains(code) {
            throw .operands(expected: "each sector once: \(code) is given by \(paths[place]) too", verb: verb)
        }
        guard let categories else { return paths }
        if let unknown = categories.first(where: { !codes.contains($0) }) {
            let expected = "a sector of the files: \(codes.filter { !$0.isEmpty }.joined(separator: ", "))"
            throw .badValue("categories", unknown, expected: expected, verb: verb)
        }
        return zip(paths, codes).filter { categories.contains($0.1) }.map(\.0)
    }

    private static func integer(
        _ name: String,
        _ range: ClosedRange<Int>,
        _ options: Options
    ) throws(UsageError) -> Int? {
        guard let value = try options.integer(name) else { return nil }
        guard range.contains(value) else {
            let expected = "from \(range.lowerBound) to \(range.upperBound)"
            throw .badValue(name, "\(value)", expected: expected, verb: options.verb)
        }
        return value
    }

    private static func carbon(_ options: Options) throws(UsageError) -> CarbonRatio? {
        guard let text = options.text("carbon") else { return nil }
        if text == "molar" { return .molarMasses }
        guard let ratio = CarbonRatio(rawValue: text) else {
            throw .badValue("carbon", text, expected: "molar or 44/12", verb: options.verb)
        }
        return ratio
    }

    /// Reads the files; the parent of a confined process is told which.
    func read() async throws -> FluxProduct {
        let heartbeat = Heartbeat.inherited
        heartbeat.reading(paths[0])
        defer { heartbeat.doneReading() }
        let product = try await InventoryWork.read(paths, reading)
        if let wanted = reading.categories, paths.count == 1 {
            let known = product.conversion.categories
            if let unknown = wanted.first(where: { !known.contains($0) }) {
                throw InventoryFault.noCategory(path: paths[0], name: unknown, known: known)
            }
        }
        warn(product)
        return product
    }

    /// On standard error, so that it is seen beside any output.
    private func warn(_ product: FluxProduct) {
        let name = Terminal.plain(paths[0])
        let uptake = product.uptake
        if uptake.cells > 0 {
            let tonnes = AlignedTable.fixed(uptake.tonnes, 0)
            Terminal.note(
                "warning: \(uptake.cells) cells of \(name) are below zero, \(tonnes) t in all: uptake, or an error "
                    + "of the file; the total counts them"
            )
        }
        if let stated = product.conversion.overruledUnit {
            Terminal.note(
                "warning: \(name) states the unit `\(Terminal.plain(stated))`; the mapping overrules it with "
                    + "`\(product.conversion.unit)`"
            )
        }
    }

    /// - Throws: ``InventoryFault/totalsDiffer(path:relativeDifference:)`` unless that is allowed.
    func requireTotals(_ product: FluxProduct) throws(InventoryFault) {
        guard let totals = product.totals, !totals.passes, !allowsMismatch else { return }
        throw .totalsDiffer(path: paths[0], relativeDifference: totals.relativeDifference)
    }
}

/// The value of `--mapping`.
enum MappingOption {
    private static let keys = [
        "gas", "unit", "unit!", "variable", "longitude", "latitude", "source", "period", "missing",
    ]

    static func parse(_ text: String, verb: String) throws(UsageError) -> FluxMapping {
        var values: [String: String] = [:]
        for part in text.split(separator: ",") {
            let pair = part.split(separator: "=", maxSplits: 1).map {
                $0.trimmingPrefix { $0 == " " }
            }.map(String.init)
            guard pair.count == 2, keys.contains(pair[0]) else {
                let hint = nearest(to: pair.first ?? "", among: keys).map { "; is it `\($0)`?" } ?? ""
                let expected = "KEY=VALUE with one of \(keys.joined(separator: ", "))\(hint)"
                throw .badValue("mapping", String(part), expected: expected, verb: verb)
            }
            guard values.updateValue(pair[1], forKey: pair[0]) == nil else {
                throw .badValue("mapping", text, expected: "each key once: `\(pair[0])` twice", verb: verb)
            }
        }
        guard let gas = values["gas"].flatMap({ Gas(rawValue: $0.lowercased()) }) else {
            let known = Gas.allCases.map(\.rawValue).joined(separator: ", ")
            throw .badValue("mapping", text, expected: "complete: gas=\(known)", verb: verb)
        }
        var mapping = FluxMapping(gas: gas)
        mapping.variable = values["variable"]
        if values["unit"] != nil, values["unit!"] != nil {
            throw .badValue("mapping", text, expected: "unit= or unit!=, not both", verb: verb)
        }
        mapping.unit = values["unit!"] ?? values["unit"]
        mapping.overrulesUnit = values["unit!"] != nil
        if let word = values["missing"] {
            guard let missing = Double(word), missing.isFinite else {
                throw .badValue("mapping", text, expected: "missing=NUMBER, such as -9999", verb: verb)
            }
            mapping.missing = missing
        }
        mapping.longitude = values["longitude"]
        mapping.latitude = values["latitude"]
        mapping.source = values["source"]
        if let period = values["period"] {
            guard ["month", "year"].contains(period) else {
                throw .badValue("mapping", text, expected: "period=month or period=year", verb: verb)
            }
            mapping.isMonthly = period == "month"
        }
        return mapping
    }
}
