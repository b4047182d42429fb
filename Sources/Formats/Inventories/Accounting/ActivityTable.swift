public import Inventory

/// Activity data from a CSV file with a header in English or Chinese.
///
/// Columns: `region`, `carrier`, `period`, `quantity`, `unit`, `scope`, `use`, `quality` and `source` are required;
/// `facility`, `sector`, `u_percent` (half of the 95 % interval), `as_of` and `note` may be there. The statistical
/// scope has no default, because figures of different scopes must never meet.
public enum ActivityTable {
    private static let columns: [String: [String]] = [
        "region": ["地区", "区域", "省份", "城市"], "facility": ["设施", "企业", "单位名称"], "sector": ["行业", "部门"],
        "carrier": ["能源品种", "燃料", "品种", "fuel"], "period": ["年份", "时间", "时期", "year"],
        "quantity": ["数量", "消费量", "实物量"], "unit": ["单位", "计量单位"], "scope": ["口径", "统计口径"],
        "use": ["用途"], "quality": ["数据质量", "tier"], "u_percent": ["不确定度", "不确定度%"],
        "source": ["来源", "数据来源"], "as_of": ["截至日期", "发布日期"], "note": ["备注"],
    ]
    private static let required = [
        "region", "carrier", "period", "quantity", "unit", "scope", "use", "quality", "source",
    ]

    /// - Throws: ``AccountingError`` with line and column.
    public static func read(csvFile file: String, _ catalogue: FuelCatalogue) throws(AccountingError)
        -> [ActivityRecord]
    {
        let table = try TableRows(csvFile: file, columns: columns, required: required)
        guard !table.rows.isEmpty else {
            throw AccountingError(
                .unusable("the table has no rows", remedy: "give at least one"),
                at: TablePlace(file: file)
            )
        }
        var records: [ActivityRecord] = []
        for row in table.rows { records.append(try record(row, catalogue)) }
        return records
    }

    private static func record(
        _ row: TableRow,
        _ catalogue: FuelCatalogue
    ) throws(AccountingError) -> ActivityRecord {
        let use = try row.term("use", CarrierUse.self)
        let named = try row.requiredText("carrier")
        let carrier =
            use == .release
            ? named : try catalogue.carrier(named: named, at: row.place.at("carrier")).key
        guard let period = AccountingPeriod(try row.requiredText("period")) else {
            throw AccountingError(
                .unusable(
                    "`\(row.text("period"))` is no period",
                    remedy: "write 2019 or 2019-01-01/2019-06-30"
                ),
                at: row.place.at("period")
            )
        }
        return ActivityRecord(
            place: row.place,
            region: try row.requiredText("region"),
            facility: row.text("facility"),
            sector: row.text("sector"),
            carrier: carrier,
            period: period,
            quantity: try row.requiredNumber("quantity"),
            unit: try AmountUnit(spelling: try row.requiredText("unit"), at: row.place.at("unit")),
            scope: try row.term("scope", StatisticalScope.self),
            use: use,
            quality: try row.term("quality", DataQuality.self),
            percent95: try row.number("u_percent"),
            source: try row.requiredText("source"),
            asOf: row.text("as_of")
        )
    }
}
