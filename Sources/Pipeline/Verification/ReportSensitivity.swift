import Formats
import Inversion
import LinearAlgebra
import Quantities
import Report
import Verification

/// T9: every combination of the choices that a case asks for, solved anew.
struct ReportSensitivity {
    let axes: [(axis: SensitivityPlan.Axis, values: [Double])]

    /// - Throws: ``ProblemChoiceError`` where the problem does not have what is to be varied.
    func rows(_ result: ProblemResult, inputs: [String]) async throws -> [SensitivityRow] {
        guard !axes.isEmpty else { return [] }
        let prepared = result.prepared
        let variations = try axes.map { try SensitivityPlan.axis($0.axis, $0.values, prepared.input) }
        let matrix = try await SensitivityMatrix(
            of: prepared.problem,
            axes: variations,
            totals: try prepared.functionals()
        )
        return result.comparisons.indices.flatMap { quantity in
            matrix.rows.compactMap { row -> SensitivityRow? in
                guard let estimate = row.result?.totals[quantity] else { return nil }
                let base = result.comparisons[quantity].posterior
                return SensitivityRow(
                    choice: choice(matrix.names(of: row)),
                    quantity: result.comparisons[quantity].region,
                    unit: prepared.unit,
                    posterior: estimate,
                    shift: (estimate.mean - base.mean) / base.standardDeviation,
                    inputs: inputs
                )
            }
        }
    }

    private func choice(_ names: [String]) -> LocalizedName {
        let parts = zip(axes, names)
        return LocalizedName(
            english: parts.map { "\(Self.title($0.axis).english) × \($1)" }.joined(separator: ", "),
            chinese: parts.map { "\(Self.title($0.axis).chinese) × \($1)" }.joined(separator: "，")
        )
    }

    private static func title(_ axis: SensitivityPlan.Axis) -> LocalizedName {
        switch axis {
        case .prior: LocalizedName(english: "prior error", chinese: "先验误差")
        case .background: LocalizedName(english: "background error", chinese: "背景误差")
        case .correlation: LocalizedName(english: "correlation length", chinese: "相关长度")
        case .observations: LocalizedName(english: "observation error", chinese: "观测误差")
        case .modelError: LocalizedName(english: "added model error", chinese: "附加模式误差")
        case .groups: LocalizedName(english: "observations", chinese: "观测分组")
        }
    }
}
