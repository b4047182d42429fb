import Formats
import Foundation
import Inventory
import Quantities

/// The account for programs. Keys are stable, masses in t CO2e.
struct AccountSummary: Encodable {
    struct Total: Encodable {
        let dimension: String
        let name: String
        let tonnes: Double
        let standardDeviation: Double
        let lower95: Double
        let upper95: Double
        let percent95: Double?
        let tonnesOfGas: Double?

        init(_ total: AccountTotal) {
            dimension = total.dimension.rawValue
            name = total.name
            tonnes = total.emission.mean
            standardDeviation = total.emission.standardDeviation
            (lower95, upper95) = (total.emission.lower95, total.emission.upper95)
            percent95 = total.percent95.isFinite ? total.percent95 : nil
            tonnesOfGas = total.tonnesOfGas
        }
    }

    struct Trend: Encodable {
        let baseYear: Int
        let percent: Double
        let halfWidthPercentPoints: Double
        /// By draws, where there are any.
        let draws: MonteCarloInventory.Sum?
    }

    struct Reference: Encodable {
        let referenceTonnes: Double
        let sectoralTonnes: Double
        let differencePercent: Double
        let needsExplanation: Bool
        let rows: [ReferenceApproach.Row]
    }

    let year: Int
    let scope: StatisticalScope
    let warmingPotentials: AssessmentReport
    let boundary: AccountBoundary
    let total: Total?
    let totals: [Total]
    let naiveSumTonnes: Double
    let lines: [AccountLine]
    let warnings: [AccountWarning]
    let tierOne: [TierOneTable.Row]?
    let tierOneTotalPercent: Double?
    let trend: Trend?
    let keyCategories: KeyCategories
    let monteCarlo: MonteCarloInventory?
    let referenceApproach: Reference?
    let outputs: [String]
    let software: String

    init(_ result: AccountResult, outputs: [String]) {
        let account = result.account
        year = account.year
        scope = account.scope
        warmingPotentials = account.potentials
        boundary = result.boundary
        totals = account.totals.map(Total.init)
        total = totals.first { $0.dimension == "boundary" && $0.name == result.boundary.rawValue }
        naiveSumTonnes = account.naiveSumTonnes
        lines = account.lines
        warnings = account.warnings
        tierOne = result.base == nil ? nil : result.table.rows
        tierOneTotalPercent = result.table.totalPercent.isFinite ? result.table.totalPercent : nil
        trend = result.base.map {
            Trend(
                baseYear: $0.year,
                percent: result.table.trendPercent,
                halfWidthPercentPoints: result.table.trendPercentPoints,
                draws: result.trendDraws
            )
        }
        keyCategories = result.keys
        monteCarlo = result.draws
        referenceApproach = result.reference.map {
            Reference(
                referenceTonnes: $0.referenceTonnes,
                sectoralTonnes: $0.sectoralTonnes,
                differencePercent: $0.differencePercent,
                needsExplanation: $0.isFlagged,
                rows: $0.rows
            )
        }
        self.outputs = outputs
        software = "crosswind \(Version.current)"
    }
}
