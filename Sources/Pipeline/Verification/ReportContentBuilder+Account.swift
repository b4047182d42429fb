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
        let method = try folder.method(
            sets: accounting.sets,
            grid: .stated(
                kilogramsPerKilowattHour: accounting.gridFactor,
                source: accounting.gridSource
            )
        )
        let account = try method.account(of: try ActivityTable.read(csvFile: accounting.activity, catalogue))
        let inputs = use(accounting.activity, .activity, accounting.credit)
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
        let unit = LocalizedName(english: "10⁴ t CO₂", chinese: "万吨 CO₂")
        let direct = account.total(AccountBoundary.scope1)?.mean ?? .nan
        let lines = account.lines.sorted {
            ($0.category.rawValue, -$0.tonnes) < ($1.category.rawValue, -$1.tonnes)
        }
        .map { line in
            InventorySector(
                name: catalogue.carrier(line.carrier)?.names ?? LocalizedName(english: line.carrier),
                group: Self.capital(line.category.names),
                unit: unit,
                emission: Estimate(
                    mean: line.tonnes / 1e4,
                    standardDeviation: line.tonnes / 1e4 * line.percent95 / 100
                        / Estimate.coverageFactor95
                ),
                share: line.category.isDirect ? line.tonnes / direct : .nan,
                method: LocalizedName(english: line.factor.key),
                inputs: inputs
            )
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
