import Formats
import Foundation
import Inventory
import Quantities
import Report

extension ReportContentBuilder {
    /// T3, and the scope and factor versions of the account.
    mutating func addAccount() throws {
        guard let accounting = plan.accounting else { return }
        let folder = FactorFolder.standard(
            workingDirectory: FileManager.default.currentDirectoryPath,
            executable: CommandLine.arguments.first ?? ""
        )
        let catalogue = try folder.catalogue()
        let grid = AccountingMethod.GridChoice.stated(
            kilogramsPerKilowattHour: accounting.gridFactor,
            source: accounting.gridSource
        )
        let method = try folder.method(sets: accounting.sets, grid: grid)
        let account = try method.account(of: try ActivityTable.read(csvFile: accounting.activity, catalogue))
        try requireSubject(of: account)
        var inputs = use(accounting.activity, .activity, accounting.credit)
        // A changed table changes the account as a changed activity does.
        for file in try folder.files(sets: accounting.sets, grid: grid) { inputs += use(file, .factors) }
        content.sectors = sectors(account, catalogue, inputs)
        let totals = content.sectors.suffix(AccountBoundary.allCases.count { account.total($0) != nil })
        content.keyFigures += totals.enumerated().map { index, total in
            KeyFigure(
                name: total.name,
                unit: total.unit,
                value: total.emission,
                table: .inventory,
                rowFromEnd: totals.count - index
            )
        }
        content.scope.append(
            ScopeFact(
                name: LocalizedName(english: "Statistical scope", chinese: "统计口径"),
                value: account.scope.names,
                inputs: inputs
            )
        )
        content.versions += Self.versions(account)
        caveats += account.warnings.map { Self.sentence($0.text) }
    }

    /// An account of another year or gas than the case's would stand beside figures it says nothing of.
    private func requireSubject(of account: Account) throws(AccountingError) {
        if let period {
            let last = max(period.start.microseconds, period.end.microseconds - 1)
            let years = Self.year(period.start)...Self.year(Instant(microseconds: last))
            if !years.contains(account.year), let line = account.lines.first {
                let span =
                    years.count == 1 ? "\(years.lowerBound)" : "\(years.lowerBound) to \(years.upperBound)"
                throw AccountingError(
                    .unusable(
                        "the activity is of \(account.year) and the case of \(span)",
                        remedy: "give activity of the case's period, or correct `period` in the case"
                    ),
                    at: line.place.at("period")
                )
            }
        }
        guard let gas, let other = account.lines.first(where: { $0.factor.gas.rawValue != gas.rawValue })
        else { return }
        throw AccountingError(
            .unusable(
                "`\(other.carrier)` gives \(other.factor.gas.names.english) and the case is about \(gas.formula)",
                remedy: "leave the row out, choose factor sets of one gas, or correct `gas` in the case"
            ),
            at: other.place
        )
    }

    private static func year(_ instant: Instant) -> Int { Int("\(instant)".prefix(4)) ?? 0 }

    /// A warning as a sentence of a page: without marks of code, with a capital.
    private static func sentence(_ text: LocalizedName) -> LocalizedName {
        let english = text.english.replacing("`", with: "").replacing("_", with: " ")
        return capital(
            LocalizedName(
                english: english + (english.hasSuffix(".") ? "" : "."),
                chinese: text.chinese.replacing("`", with: "")
            )
        )
    }

    private static func capital(_ name: LocalizedName) -> LocalizedName {
        LocalizedName(
            english: name.english.prefix(1).uppercased() + name.english.dropFirst(),
            chinese: name.chinese
        )
    }

    /// Lines by category, then the totals of the boundaries, in 1e4 t.
    private func sectors(_ account: Account, _ catalogue: FuelCatalogue, _ inputs: [String])
        -> [InventorySector]
    {
        let gas = account.lines.allSatisfy { $0.factor.gas == .co2 } ? "CO₂" : "CO₂e"
        let unit = LocalizedName(english: "10⁴ t \(gas)", chinese: "万吨 \(gas)")
        let direct = account.total(AccountBoundary.scope1)?.mean ?? .nan
        let lines = account.lines.sorted {
            ($0.category.rawValue, -$0.tonnes) < ($1.category.rawValue, -$1.tonnes)
        }
        .map { line -> InventorySector in
            let tonnes = line.tonnesCarbonDioxideEquivalent
            var sector = InventorySector(
                name: catalogue.carrier(line.carrier)?.names ?? LocalizedName(english: line.carrier),
                group: Self.capital(line.category.names),
                unit: unit,
                emission: Estimate(
                    mean: tonnes / 1e4,
                    standardDeviation: tonnes / 1e4 * line.percent95 / 100 / Estimate.coverageFactor95
                ),
                share: line.category.isDirect ? tonnes / direct : .nan,
                method: LocalizedName(english: line.factor.key),
                inputs: inputs
            )
            sector.isEmitted = line.category.isDirect
            return sector
        }
        let totals = AccountBoundary.allCases.compactMap { boundary -> InventorySector? in
            guard let total = account.total(boundary) else { return nil }
            var sector = InventorySector(
                name: Self.capital(boundary.names),
                group: LocalizedName(english: "Totals", chinese: "合计"),
                unit: unit,
                emission: total.scaled(by: 1e-4),
                share: .nan,
                method: LocalizedName(english: "sum with correlated factors", chinese: "计入因子相关性的合计"),
                inputs: inputs
            )
            sector.isTotal = true
            return sector
        }
        return lines + totals
    }

    private static func versions(_ account: Account) -> [ScopeFact] {
        var sets: [String] = []
        for line in account.lines {
            let set = "\(line.factor.set) \(line.factor.version)"
            if !sets.contains(set) { sets.append(set) }
        }
        return sets.map {
            ScopeFact(
                name: LocalizedName(english: "Factor set", chinese: "因子集"),
                value: LocalizedName(english: $0)
            )
        }
    }
}
