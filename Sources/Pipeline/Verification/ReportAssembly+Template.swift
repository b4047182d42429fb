import Digests
import Formats
import Foundation
import Geo
import Inventory
import Inversion
import LinearAlgebra
import Quantities
import Report
import Verification

/// A prior flux and the state element that scales each cell.
struct ScaledFlux: Sendable {
    var prior: FluxField
    /// Index of the element, -1 where none scales the cell; in the order of the cells.
    var elements: [Int32]
}

// The parts of the template that follow from the inversion.
extension ReportAssembly {
    /// T11: what measurement, model and prior contribute to the posterior variance of each quantity.
    ///
    /// With G = S Hᵀ R⁻¹ and S = (I - A) B (I - A)ᵀ + G R Gᵀ (Rodgers 2000, 3.2.2), the part of independent observation
    /// errors in wᵀ S w is the sum of (G w)² R, and the rest is that of the prior.
    func budget(_ result: ProblemResult) -> [BudgetRow] {
        guard case .independent(let sigmas) = result.prepared.problem.observationError else { return [] }
        let model = result.prepared.modelErrorPartsPerMillion ?? 0
        let inputs = inputNames
        return zip(result.prepared.quantities, result.comparisons).flatMap {
            quantity,
            comparison -> [BudgetRow] in
            let gain = gain(of: quantity.weights, result, sigmas)
            let model = zip(gain, sigmas).reduce(0) { $0 + $1.0 * $1.0 * min(model * model, $1.1 * $1.1) }
            let observed = zip(gain, sigmas).reduce(0) { $0 + $1.0 * $1.0 * $1.1 * $1.1 }
            let total = comparison.posterior.standardDeviation * comparison.posterior.standardDeviation
            let parts: [(LocalizedName, Double, LocalizedName)] = [
                (BudgetText.measurement, observed - model, BudgetText.fromSigmas),
                (BudgetText.model, model, BudgetText.fromModel(result.prepared.isModelErrorTuned)),
                (BudgetText.prior, total < observed ? 0 : total - observed, BudgetText.rest),
                (BudgetText.total, total, BudgetText.sum),
            ]
            return parts.filter { !($0.1 <= 0) }.map { component, variance, basis in
                BudgetRow(
                    component: component,
                    quantity: quantity.name,
                    unit: result.prepared.unit,
                    standardDeviation: variance.squareRoot(),
                    share: variance / total,
                    basis: basis,
                    inputs: inputs
                )
            }
        }
    }

    /// Gᵀ w: what a unit of each observation adds to the quantity.
    private func gain(of weights: [Double], _ result: ProblemResult, _ sigmas: [Double]) -> [Double] {
        let covariance = result.posterior.covariance
        let jacobian = result.prepared.problem.jacobian
        let states = weights.count
        let projected = (0..<states).map { row in
            (0..<states).reduce(0) { $0 + covariance[row, $1] * weights[$1] }
        }
        return sigmas.indices.map { row in
            let change = (0..<states).reduce(0) { $0 + jacobian[row, $1] * projected[$1] }
            return change / (sigmas[row] * sigmas[row])
        }
    }

    /// What the results follow from; the history of review cases is read beside them.
    var inputNames: [String] {
        provenance.inputs.map(\.name).filter { !reviewCases.inputs.contains($0) }
    }

    /// The files that hold the observations; all of a run whose problem came from elsewhere.
    var observationInputs: [String] {
        let roles = [CaseInput.Role.problem, .readings, .observations, .soundings].map(\.name)
        let found = provenance.inputs.filter { roles.contains($0.role) }.map(\.name)
        return found.isEmpty ? inputNames : found
    }

    /// F3: prior, posterior and their difference on one grid; the first two in the same colours.
    func fluxMaps() -> [ReportMap.Layer] {
        guard let flux = priorFlux, let posterior = results.first?.posterior,
            flux.elements.count == flux.prior.microMolesPerSquareMetreSecond.count
        else { return [] }
        let isLarge = flux.prior.gas == .co2
        let prior = flux.prior.microMolesPerSquareMetreSecond.map { $0 * (isLarge ? 1 : 1000) }
        let scaled = zip(prior, flux.elements).map { value, element -> Double in
            posterior.mean.indices.contains(Int(element)) ? value * posterior.mean[Int(element)] : .nan
        }
        let difference = zip(scaled, prior).map { $0 - $1 }
        let layers: [(String, String, [Double], Bool)] = [
            ("Prior", "先验", prior, true), ("Posterior", "后验", scaled, true),
            ("Posterior less prior", "后验减先验", difference, false),
        ]
        return layers.map { english, chinese, values, isLogarithmic in
            var layer = ReportMap.Layer(
                name: LocalizedName(
                    english: "\(english) \(flux.prior.gas.formula) flux",
                    chinese: "\(chinese)\(flux.prior.gas.formula)通量"
                ),
                unit: isLarge ? "µmol m⁻² s⁻¹" : "nmol m⁻² s⁻¹",
                grid: .longitudeLatitude(flux.prior.grid),
                values: values,
                isLogarithmic: isLogarithmic
            )
            layer.isDifference = !isLogarithmic
            if !layer.isDifference { layer.companions = [prior, scaled] }
            return layer
        }
    }

    /// What the case gives, with what follows from the inversion.
    func templateContent(groups: [ComparisonGroup]) -> TemplateContent {
        var content = content
        content.budget += results.flatMap(budget)
        content.findings += findings(groups).rows()
        content.fluxMaps = fluxMaps()
        return content
    }

    private func findings(_ groups: [ComparisonGroup]) -> ReportFindings {
        ReportFindings(
            groups: groups,
            fit: results.first.map { $0.posterior.costPerObservation },
            cases: reviewCases.cases,
            caseInputs: reviewCases.inputs,
            openParts: openParts,
            facilities: facilities
        )
    }

    /// What asks for a case, with the rows of `comparisons.csv` as they will be written.
    func openings() -> [CaseOpening] {
        let groups = groups
        let csv = ComparisonTable(groups).csv
        var hash = SHA256()
        hash.update(Array(csv.utf8))
        let digest = hash.hexDigest()
        let first = groups.indices.map { groups[..<$0].reduce(2) { $0 + $1.comparisons.count } }
        return findings(groups).openings(
            gas: definition.gas,
            period: definition.period,
            source: definition.name
        ) { EvidenceOrigin(file: "comparisons.csv", sha256: digest, line: first[$0] + $1) }
    }
}

extension ComparisonTable {
    /// The rows of `comparisons.csv`.
    init(_ groups: [ComparisonGroup]) {
        self.init(language: .english)
        for group in groups { append(group.comparisons, unit: group.unit) }
    }
}

private enum BudgetText {
    static let measurement = LocalizedName(english: "Measurement", chinese: "测量")
    static let model = LocalizedName(
        english: "Transport and representation",
        chinese: "传输与代表性"
    )
    static let prior = LocalizedName(english: "Prior, background included", chinese: "先验（含背景）")
    static let total = LocalizedName(english: "Posterior", chinese: "后验合计")
    static let fromSigmas = LocalizedName(
        english: "standard uncertainty of each observation",
        chinese: "各观测的标准不确定度"
    )
    static let rest = LocalizedName(english: "what the observations leave", chinese: "观测未能约束的部分")
    static let sum = LocalizedName(english: "sum of the variances", chinese: "方差之和")

    static func fromModel(_ isTuned: Bool) -> LocalizedName {
        isTuned
            ? LocalizedName(english: "set from the innovations", chinese: "由新息确定")
            : LocalizedName(english: "stated in the case", chinese: "由算例给定")
    }
}
