import Foundation
import Inventory
import Quantities

/// An account as a person reads it.
struct AccountText {
    let tables: AccountTables

    func text(_ language: Language) -> String {
        let scale = MassScale(largest: tables.largestMass, language: language)
        let shown = tables.all.filter { !$0.rows.isEmpty }.map { $0.text(language, scale) }
        return ([head(language, scale)] + shown).joined(separator: "\n\n")
    }

    private func head(_ language: Language, _ scale: MassScale) -> String {
        let (account, boundary) = (tables.result.account, tables.result.boundary)
        let total = account.total(boundary) ?? Estimate(mean: 0, standardDeviation: 0)
        let mass = scale.text(total.mean, halfWidth: total.half95)
        let percent = AmountFigure.percent(100 * total.half95 / abs(total.mean))
        let report = account.potentials.rawValue.uppercased()
        return switch language {
        case .english:
            """
            account of \(account.year): \(account.scope.names.english) (\(account.scope.names.chinese)), \
            warming potentials of \(report)
            \(boundary.names.english): \(mass) \(scale.unit) CO₂e (95 %, ± \(percent) %)
            """
        case .chinese:
            """
            \(account.year)年核算: 口径为\(account.scope.names.chinese), 全球变暖潜势取自\(report)
            \(boundary.names.chinese): \(mass) \(scale.unit)CO₂当量 (95%区间, ± \(percent)%)
            """
        }
    }
}
