public import Inventory

/// Supply of fuels from a CSV file, for the reference approach.
///
/// Columns: `carrier`, `unit`, `production` and `source` are required; `imports`, `exports`, `bunkers`,
/// `stock_change` (positive when stocks grow), `excluded` and `note` may be there, blank for none.
public enum EnergyBalanceTable {
    private static let columns: [String: [String]] = [
        "carrier": ["能源品种", "品种"], "unit": ["单位"], "production": ["生产量", "一次能源生产量"],
        "imports": ["进口量", "调入量"], "exports": ["出口量", "调出量"], "bunkers": ["国际燃料舱"],
        "stock_change": ["库存变化"], "excluded": ["非能源使用", "固碳"], "source": ["来源"], "note": ["备注"],
    ]

    /// - Throws: ``AccountingError`` with line and column.
    public static func read(csvFile file: String, _ catalogue: FuelCatalogue) throws(AccountingError)
        -> [FuelSupply]
    {
        let table = try TableRows(
            csvFile: file,
            columns: columns,
            required: ["carrier", "unit", "production", "source"]
        )
        var supplies: [FuelSupply] = []
        for row in table.rows {
            let unit = try AmountUnit(spelling: try row.requiredText("unit"), at: row.place.at("unit"))
            let named = try row.requiredText("carrier")
            _ = try row.requiredText("source")
            supplies.append(
                FuelSupply(
                    place: row.place,
                    carrier: try catalogue.carrier(named: named, at: row.place.at("carrier")).key,
                    basis: unit.basis,
                    production: try row.requiredNumber("production") * unit.factor,
                    imports: try (row.number("imports") ?? 0) * unit.factor,
                    exports: try (row.number("exports") ?? 0) * unit.factor,
                    internationalBunkers: try (row.number("bunkers") ?? 0) * unit.factor,
                    stockChange: try (row.signedNumber("stock_change") ?? 0) * unit.factor,
                    excluded: try (row.number("excluded") ?? 0) * unit.factor
                )
            )
        }
        return supplies
    }
}

/// Electricity of regions and what they send each other, from two CSV files, for accounts by consumption.
public enum PowerTransferTable {
    /// Reads `region`, `emission`, `emission_unit` (t, 万吨, Mt), `generation`, `generation_unit` and `source`.
    ///
    /// - Throws: ``AccountingError`` with line and column.
    public static func readRegions(csvFile file: String) throws(AccountingError) -> [RegionPower] {
        let names = ["region", "emission", "emission_unit", "generation", "generation_unit", "source"]
        let table = try rows(file, names, required: names)
        var regions: [RegionPower] = []
        for row in table {
            regions.append(
                RegionPower(
                    region: try row.requiredText("region"),
                    generationTonnes: try row.amount("emission", "emission_unit", .tonne),
                    generatedKilowattHours: try row.amount("generation", "generation_unit", .kilowattHour)
                )
            )
        }
        return regions
    }

    /// Reads `from`, `to`, `delivered`, `unit`, `source` and, where known, `loss_percent`.
    ///
    /// - Throws: ``AccountingError`` with line and column.
    public static func readTransfers(csvFile file: String) throws(AccountingError) -> [PowerTransfer] {
        let names = ["from", "to", "delivered", "unit", "source"]
        var transfers: [PowerTransfer] = []
        for row in try rows(file, names + ["loss_percent"], required: names) {
            let loss = try row.number("loss_percent") ?? 0
            guard loss < 100 else {
                throw AccountingError(
                    .badNumber(row.text("loss_percent"), reason: "all of it is lost"),
                    at: row.place.at("loss_percent")
                )
            }
            transfers.append(
                PowerTransfer(
                    from: try row.requiredText("from"),
                    to: try row.requiredText("to"),
                    deliveredKilowattHours: try row.amount("delivered", "unit", .kilowattHour),
                    lossFraction: loss / 100
                )
            )
        }
        return transfers
    }

    private static func rows(
        _ file: String,
        _ names: [String],
        required: [String]
    ) throws(AccountingError) -> [TableRow] {
        try TableRows(csvFile: file, columns: names, required: required).rows
    }
}

extension TableRow {
    /// A number with its unit, which must be of a basis.
    fileprivate func amount(_ column: String, _ unitColumn: String, _ basis: BasisUnit)
        throws(AccountingError)
        -> Double
    {
        let place = place.at(unitColumn)
        let unit = try AmountUnit(spelling: try requiredText(unitColumn), at: place)
        guard unit.basis == basis else {
            throw AccountingError(
                .unusableUnit(unit.spelling, reason: "\(basis.words)s are asked for"),
                at: place
            )
        }
        return try requiredNumber(column) * unit.factor
    }
}
