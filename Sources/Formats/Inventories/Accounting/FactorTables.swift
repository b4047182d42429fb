import Foundation
public import Inventory
import Quantities

extension FuelCatalogue {
    /// Reads `fuels.csv`.
    ///
    /// - Throws: ``AccountingError`` with line and column.
    public init(csvFile file: String) throws(AccountingError) {
        let names = [
            "carrier", "name_en", "name_zh", "state", "basis", "tce_per_unit", "lower_t_per_unit",
            "upper_t_per_unit",
            "made_from", "source",
        ]
        let table = try TableRows(csvFile: file, columns: names, required: names)
        var carriers: [Carrier] = []
        for row in table.rows { carriers.append(try Carrier(row)) }
        self.init(carriers)
    }
}

extension Carrier {
    fileprivate init(_ row: TableRow) throws(AccountingError) {
        guard let state = State(rawValue: row.text("state")) else {
            throw AccountingError(
                .unknownWord(
                    row.text("state"),
                    nearest: nil,
                    known: ["solid", "liquid", "gas", "heat", "electricity"]
                ),
                at: row.place.at("state")
            )
        }
        let lower = try row.requiredNumber("lower_t_per_unit")
        let upper = try row.requiredNumber("upper_t_per_unit")
        guard lower <= upper else {
            throw AccountingError(
                .badNumber(row.text("upper_t_per_unit"), reason: "below the lower bound"),
                at: row.place.at("upper_t_per_unit")
            )
        }
        let chinese = row.text("name_zh")
        self.init(
            key: try row.requiredText("carrier"),
            names: LocalizedName(
                english: try row.requiredText("name_en"),
                chinese: chinese.isEmpty ? nil : chinese
            ),
            state: state,
            basis: try row.basis(),
            coalEquivalentPerUnit: try row.requiredNumber("tce_per_unit"),
            boundsTonnesPerUnit: lower...upper,
            madeFrom: row.text("made_from").split(separator: " ").map(String.init),
            source: try row.requiredText("source")
        )
    }
}

extension TableRow {
    /// The basis as files spell it; a factor without one is refused, for nothing tells what it is per.
    fileprivate func basis() throws(AccountingError) -> BasisUnit {
        let text = text("basis")
        guard !text.isEmpty else {
            throw AccountingError(
                .unusable(
                    "a factor without a basis",
                    remedy:
                        "say what it is per: \(BasisUnit.allCases.map(\.rawValue).joined(separator: ", "))"
                ),
                at: place.at("basis")
            )
        }
        guard let basis = BasisUnit(rawValue: text) else {
            let known = BasisUnit.allCases.map(\.rawValue)
            throw AccountingError(
                .unknownWord(text, nearest: nearest(to: text, among: known), known: known),
                at: place.at("basis")
            )
        }
        return basis
    }

    fileprivate func bounded(_ name: String, _ prefix: String) throws(AccountingError) -> BoundedValue? {
        guard let value = try number(name) else { return nil }
        let (lower, upper) = (try number("\(prefix)_lower"), try number("\(prefix)_upper"))
        guard (lower ?? value) <= value, value <= (upper ?? value) else {
            throw AccountingError(
                .badNumber(text(name), reason: "outside its own bounds"),
                at: place.at(name)
            )
        }
        return BoundedValue(value, lower: lower, upper: upper)
    }
}

extension FactorSet {
    private static let names = [
        "set", "version", "carrier", "gas", "basis", "ncv_gj", "ncv_lower", "ncv_upper", "carbon_tc_per_gj",
        "ef_t_per_gj", "ef_lower", "ef_upper", "oxidation", "t_per_unit", "u_percent", "source", "note",
        "warning", "note_zh", "warning_zh",
    ]

    /// Reads a set: `set`, `version`, `carrier`, `basis` and `source` are required, and either the parts of a factor
    /// or `t_per_unit`; where both are there they must agree.
    ///
    /// - Throws: ``AccountingError`` with line and column, also for factors that the carbon of the fuel excludes.
    public init(csvFile file: String, _ catalogue: FuelCatalogue) throws(AccountingError) {
        let table = try TableRows(
            csvFile: file,
            columns: Self.names,
            required: ["set", "version", "carrier", "basis", "source"]
        )
        guard let first = table.rows.first else {
            throw AccountingError(
                .unusable("the table has no rows", remedy: "give at least one"),
                at: TablePlace(file: file)
            )
        }
        let (id, version) = (try first.requiredText("set"), try first.requiredText("version"))
        var records: [FactorRecord] = []
        for row in table.rows {
            for (column, value) in [("set", id), ("version", version)] where row.text(column) != value {
                throw AccountingError(
                    .unusable(
                        "`\(row.text(column))` in a table of `\(value)`",
                        remedy: "one file holds one set"
                    ),
                    at: row.place.at(column)
                )
            }
            let record = try Self.record(row, catalogue)
            if let twin = records.first(where: {
                $0.carrier == record.carrier && $0.species == record.species
            }) {
                throw AccountingError(
                    .unusable(
                        "a second factor of `\(record.carrier)`; the first is in \(twin.place)",
                        remedy: "keep one"
                    ),
                    at: row.place.at("carrier")
                )
            }
            records.append(record)
        }
        self.init(id: id, version: version, records: records)
    }

    private static func record(_ row: TableRow, _ catalogue: FuelCatalogue) throws(AccountingError)
        -> FactorRecord
    {
        let name = try row.requiredText("carrier")
        let carrier = try catalogue.carrier(named: name, at: row.place.at("carrier"))
        var parts = FactorRecord.Row(basis: try row.basis(), source: try row.requiredText("source"))
        let gas = row.text("gas").lowercased()
        if !gas.isEmpty { parts.species = gas }
        parts.calorificValue = try row.bounded("ncv_gj", "ncv")
        parts.carbonTonnesPerGigajoule = try row.number("carbon_tc_per_gj")
        parts.emissionFactor = try row.bounded("ef_t_per_gj", "ef")
        parts.oxidation = try row.number("oxidation")
        parts.tonnesPerUnit = try row.number("t_per_unit")
        parts.percent95 = try row.number("u_percent")
        parts.note = row.text("note")
        parts.warning = row.text("warning")
        parts.chineseNote = row.text("note_zh")
        parts.chineseWarning = row.text("warning_zh")
        return try FactorRecord(carrier: carrier, row: parts, at: row.place)
    }
}

extension GridFactors {
    /// Reads `grid-electricity.csv`.
    ///
    /// - Throws: ``AccountingError`` with line and column.
    public init(csvFile file: String) throws(AccountingError) {
        let names = ["level", "region", "region_en", "within", "year", "kg_per_kwh", "source", "note"]
        let table = try TableRows(csvFile: file, columns: names + ["note_zh"], required: names)
        var records: [Record] = []
        for row in table.rows {
            let value = try row.requiredNumber("kg_per_kwh")
            // A factor in t/MWh has the same digits; one in g/kWh or t/10k kWh has not.
            guard value <= 1.4 else {
                throw AccountingError(
                    .badNumber(
                        row.text("kg_per_kwh"),
                        reason: "more than an old lignite plant gives off, in kg/kWh"
                    ),
                    at: row.place.at("kg_per_kwh")
                )
            }
            var record =
                Record(
                    level: try row.requiredText("level"),
                    region: try row.requiredText("region"),
                    regionEnglish: row.text("region_en"),
                    within: row.text("within"),
                    year: try row.whole("year"),
                    kilogramsPerKilowattHour: value,
                    source: try row.requiredText("source"),
                    note: row.text("note"),
                    place: row.place
                )
            record.chineseNote = row.text("note_zh")
            records.append(record)
        }
        self.init(records)
    }
}

extension WarmingPotentials {
    /// Reads one report's column of `gwp-100.csv`.
    ///
    /// - Throws: ``AccountingError`` with line and column.
    public init(csvFile file: String, report: AssessmentReport) throws(AccountingError) {
        let names = ["species", "gas", "source"] + AssessmentReport.allCases.map(\.rawValue)
        let table = try TableRows(csvFile: file, columns: names, required: names)
        var species: [String: Species] = [:]
        for row in table.rows {
            species[try row.requiredText("species")] = Species(
                gas: try row.term("gas", GreenhouseGas.self),
                potential: try row.requiredNumber(report.rawValue)
            )
        }
        self.init(report: report, source: table.rows.first?.text("source") ?? "", species: species)
    }
}
