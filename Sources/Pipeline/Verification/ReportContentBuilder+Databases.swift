import Formats
import Foundation
import Inventory
import Quantities
import Report
import Verification

extension ReportContentBuilder {
    /// T5, F6, F2 and T8.
    mutating func addDatabases() throws {
        var present: [Totals] = []
        for database in plan.databases {
            guard !database.isOptional || FileManager.default.fileExists(atPath: database.file) else {
                caveats.append(Self.absent(database))
                continue
            }
            present.append(try pointTotals(database) ?? totals(database))
        }
        guard !present.isEmpty else { return }
        Self.findLacking(&present)
        let inputs = present.flatMap { use($0.plan.file, .inventory, $0.plan.credit) }
        content.databases = comparison(present, inputs: inputs)
        content.keyFigures += present.compactMap { totals in
            totals.comparableTotal(totals.plan.year).map { total in
                KeyFigure(
                    name: Self.dated(totals.plan),
                    unit: plan.unit,
                    value: total,
                    table: .subRegions,
                    rowFromEnd: 1
                )
            }
        }
        caveats += present.flatMap { [blank($0), lacking($0), incomplete($0)].compactMap(\.self) }
        for totals in present where totals.lacking.isEmpty && totals.completeYears.count >= 3 {
            try addSeries(totals)
        }
    }

    private static func absent(_ database: ReportPlan.DatabasePlan) -> LocalizedName {
        let file = URL(filePath: database.file).lastPathComponent
        return LocalizedName(
            english:
                "\(database.name.english) is not compared: \(file) is not there. Where its licence does not let it "
                + "be passed on, put your own copy beside the case.",
            chinese: "未比较\(database.name.chinese)：缺少文件 \(file)。若其许可不允许分发，请自行放入算例目录。"
        )
    }

    private func totals(_ database: ReportPlan.DatabasePlan) throws -> Totals {
        let table = try CSVTable.ofCase(database.file)
        var totals = Totals(plan: database)
        for row in table.rows {
            if let only = database.filter, try table.text(row, only.column) != only.text { continue }
            let region = regionName(try table.text(row, database.regionColumn)).english
            guard !region.allSatisfy(\.isWhitespace) else {
                throw row.bad(database.regionColumn, "a row without a region")
            }
            let year = try database.yearColumn.map { try table.year(row, $0) } ?? database.year
            let value = try table.number(row, database.valueColumn) * database.factor
            guard value.isFinite else {
                totals.markBlank(region, year, line: row.place.line)
                continue
            }
            let sigma = try database.sigmaColumn.map { try table.number(row, $0) * database.factor } ?? .nan
            if let column = database.sigmaColumn, sigma < 0 {
                throw row.bad(column, "a standard uncertainty below zero")
            }
            let sum = totals.sums[region]?[year] ?? (0, 0)
            totals.sums[region, default: [:]][year] = (sum.value + value, sum.variance + sigma * sigma)
        }
        totals.dropBlanks()
        guard totals.sums.values.contains(where: { $0[database.year] != nil }) else {
            throw PipelineError.noYear(
                database.year,
                database: database.name.english,
                file: database.file,
                known: totals.years
            )
        }
        return totals
    }

    /// The name of a region under any of its spellings, or the spelling itself.
    func regionName(_ spelling: String) -> LocalizedName {
        plan.regions.first { $0.spellings.contains(spelling) || $0.name.english == spelling }?.name
            ?? outlineNames[spelling] ?? LocalizedName(english: spelling)
    }

    private func comparison(_ present: [Totals], inputs: [String]) -> DatabaseComparison {
        let found = Set(
            present.flatMap { totals in
                totals.sums.filter { $0.value[totals.plan.year] != nil }.keys
            }
        )
        let listed = plan.regions.map(\.name).filter { found.contains($0.english) }
        let others = found.subtracting(listed.map(\.english)).sorted().map(regionName)
        let regions = (listed + others).map { name -> DatabaseComparison.Region in
            var found = region(name, present.map { $0.estimate(name.english, $0.plan.year) })
            for (index, totals) in present.enumerated() where totals.isBlank(name.english, totals.plan.year) {
                found.reasons[index] = LocalizedName(english: "not known", chinese: "未知")
            }
            return found
        }
        var sum = region(
            LocalizedName(english: "All regions", chinese: "合计"),
            present.map { $0.comparableTotal($0.plan.year) }
        )
        sum.isSum = true
        for (index, totals) in present.enumerated() { sum.reasons[index] = noSum(totals) }
        var comparison = DatabaseComparison(
            unit: plan.unit,
            databases: present.map { Self.dated($0.plan) },
            keys: present.map(\.plan.key),
            regions: regions + [sum],
            notes: [Self.note],
            inputs: inputs
        )
        comparison.topDown = Set(present.indices.filter { present[$0].plan.kind == .topDown })
        return comparison
    }

    private static func dated(_ plan: ReportPlan.DatabasePlan) -> LocalizedName {
        LocalizedName(
            english: "\(plan.name.english) \(plan.year)",
            chinese: "\(plan.name.chinese) \(plan.year)年"
        )
    }

    private static let note = LocalizedName(
        english: """
            Databases differ in scope as well as in data; their spread is not the uncertainty of any of them. Stands \
            apart: modified z above 3.5 among at least three.
            """,
        chinese: "各数据库的口径与数据均有差异，其离散度并非任一数据库的不确定度。离群：至少三个数据库中修正 z 值大于 3.5。"
    )

    private func region(_ name: LocalizedName, _ values: [Estimate?]) -> DatabaseComparison.Region {
        let members = values.enumerated().compactMap { index, value in
            value.map { InventoryEnsemble.Member(name: String(index), figure: $0) }
        }
        let ensemble = InventoryEnsemble(members)
        let range = ensemble.map { $0.members.count > 1 ? ($0.greatest - $0.least) / abs($0.median) : .nan }
        let outliers = members.count > 2 ? ensemble?.outliers.compactMap { Int($0.name) } : nil
        return DatabaseComparison.Region(
            name: name,
            values: values,
            median: ensemble?.median ?? .nan,
            relativeRange: range ?? .nan,
            outliers: outliers ?? []
        )
    }

    // MARK: - Series

    private mutating func addSeries(_ totals: Totals) throws {
        let region = plan.region ?? LocalizedName(english: "All regions", chinese: "合计")
        let points = totals.completeYears.compactMap { year in
            totals.total(year).map { (year: year, value: $0) }
        }
        let series = EmissionSeries(
            name: totals.plan.name,
            region: region,
            kind: totals.plan.kind,
            unit: plan.unit,
            points: points,
            inputs: use(totals.plan.file, .inventory, totals.plan.credit)
        )
        content.series.append(series)
        content.trends.append(try Self.trend(series))
    }

    static func trend(_ series: EmissionSeries) throws -> TrendRow {
        let values = series.points.map(\.value.mean)
        let test = try MannKendall(values)
        let slope = try SenSlope(values, times: series.points.map { Double($0.year) })
        let years = series.points.map(\.year)
        let peak = try PeakJudgement(years: years, values: values)
        let probability = test.probability
        return TrendRow(
            subject: series.name,
            unit: LocalizedName(
                english: "\(series.unit.english) per year",
                chinese: "\(series.unit.chinese)·年⁻¹"
            ),
            years: years.first.flatMap { first in years.last.map { "\(first)–\($0)" } } ?? "",
            count: test.count,
            slope: slope.hasInterval
                ? (slope.slope, slope.lower, slope.upper) : (slope.slope, .nan, .nan),
            test: (test.score, test.zScore, probability.value),
            method: probability.null == .exact
                ? LocalizedName(english: "exact", chinese: "精确")
                : LocalizedName(english: "normal", chinese: "正态近似"),
            statement: PeakReading(peak, rises: probability.value <= 0.1 && test.score > 0).text,
            inputs: series.inputs
        )
    }
}
