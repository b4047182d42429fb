import Foundation
import Geo
import Inversion
import LinearAlgebra
import Quantities
import Report
import Verification

/// Puts the results of a case into the vocabulary of a report. No number is computed here that is not a
/// unit conversion.
struct ReportAssembly {
    let definition: Case
    let results: [ProblemResult]
    let map: ReportMap
    var provenance: Provenance
    /// What the case gives beside the inversion.
    var content = TemplateContent()
    var caveats: [LocalizedName] = []
    var priorFlux: ScaledFlux?
    /// What people follow up, and the names of the files of its history.
    var reviewCases: (cases: [ReviewCase], inputs: [String]) = ([], [])
    /// Differences in scope that were left, by quantity.
    var openParts: [String: [ScopePart]] = [:]

    /// CO2 is read in ppm, the other gases in ppb.
    var displayUnit: MoleFractionUnit { definition.gas == .co2 ? .partsPerMillion : .partsPerBillion }

    /// Facilities whose residuals the case gives.
    var facilities: [FacilityFinding] = []

    var groups: [ComparisonGroup] { results.map(group) }

    func report() -> VerificationReport {
        let groups = groups
        var report = VerificationReport(
            title: definition.title,
            summary: definition.summary,
            gas: definition.gas,
            period: definition.period,
            groups: groups,
            map: map,
            fit: results.first.map(fit) ?? [],
            fitUnit: displayUnit.rawValue,
            states: results.flatMap(states),
            diagnostics: results.flatMap(diagnostics),
            observations: results.prefix(1).flatMap(observationUse),
            caveats: definition.caveats + caveats + results.prefix(1).flatMap(automaticCaveats)
                + solverCaveats,
            provenance: provenance
        )
        report.scope = scope
        report.observationInputs = observationInputs
        report.fitInputs = inputNames
        report.isFitTuned = results.first?.prepared.isModelErrorTuned ?? false
        report.solvers = solverTables
        report.region = definition.report.region
        report.content = templateContent(groups: groups)
        return report
    }

    /// What stands against what, and how it was found.
    private var scope: [(name: LocalizedName, value: LocalizedName)] {
        [
            (LocalizedName(english: "Inventory", chinese: "清单"), inventoryLabel),
            (
                LocalizedName(english: "Method", chinese: "方法"),
                LocalizedName(
                    english: "exact linear Gaussian inversion (Rodgers 2000); totals with full covariance",
                    chinese: "线性高斯精确反演（Rodgers 2000），总量含完整协方差"
                )
            ),
        ]
    }

    private var inventoryLabel: LocalizedName {
        switch definition.inversion {
        case .footprints(let plan): plan.inventory.label
        case .fluxes(let plan): plan.inventory.label
        case .problems:
            LocalizedName(
                english: "prior of the problem files, taken as the declared figure",
                chinese: "以问题文件中的先验作为申报值"
            )
        }
    }

    private func group(_ result: ProblemResult) -> ComparisonGroup {
        var group = ComparisonGroup(
            title: result.prepared.title,
            unit: result.prepared.unit,
            comparisons: result.comparisons,
            correlations: result.comparisons.count > 1 ? result.totals.correlations.storage : []
        )
        group.role = result.prepared.role
        group.facilities = result.comparisons.indices.filter {
            definition.report.facilities.contains(result.comparisons[$0].region.english)
        }
        group.inputs = inputNames
        return group
    }

    private func fit(_ result: ProblemResult) -> [ObservationFit] {
        let display = displayUnit
        var row = 0
        var fits: [ObservationFit] = []
        for observation in result.prepared.observations {
            guard let value = observation.value else { continue }
            var prior = Double.nan
            var posterior = Double.nan
            if observation.isUsed {
                prior = result.posterior.modelledPrior[row]
                posterior = result.posterior.modelledPosterior[row]
                row += 1
            }
            var fit = ObservationFit(
                time: observation.time,
                observed: display.fromPartsPerMillion(value),
                sigma: display.fromPartsPerMillion(totalSigma(observation, in: result)),
                prior: display.fromPartsPerMillion(prior),
                posterior: display.fromPartsPerMillion(posterior),
                isUsed: observation.isUsed
            )
            fit.source = observation.source
            fits.append(fit)
        }
        return fits
    }

    /// Measurement and model error together, ppm.
    private func totalSigma(_ observation: ObservationRow, in result: ProblemResult) -> Double {
        let model = result.prepared.modelErrorPartsPerMillion ?? 0
        return ((observation.sigma ?? .nan) * (observation.sigma ?? .nan) + model * model).squareRoot()
    }

    private func states(_ result: ProblemResult) -> [StateRow] {
        let posterior = result.posterior
        let sigma = posterior.sigma
        return result.prepared.stateLabels.indices.map { index in
            var row = StateRow(
                name: result.prepared.stateLabels[index].name,
                unit: result.prepared.stateLabels[index].unit,
                prior: Estimate(
                    mean: posterior.priorMean[index],
                    standardDeviation: posterior.priorSigma[index]
                ),
                posterior: Estimate(mean: posterior.mean[index], standardDeviation: sigma[index]),
                averagingKernel: posterior.averagingKernelDiagonal[index]
            )
            row.inversion = results.count > 1 ? result.prepared.title : nil
            return row
        }
    }

    private func observationUse(_ result: ProblemResult) -> [ObservationUse] {
        let rows = result.prepared.observations
        let sources = Set(rows.map(\.source)).sorted { $0.english < $1.english }
        return sources.map { source in
            let own = rows.filter { $0.source == source }
            let excluded: [(reason: LocalizedName, count: Int)] = Exclusion.allCases.compactMap { exclusion in
                let count = own.count { $0.exclusion == exclusion }
                return count == 0 ? nil : (exclusion.reason, count)
            }
            return ObservationUse(
                name: source,
                available: own.count,
                used: own.count { $0.isUsed },
                scale: result.prepared.scale.rawValue,
                excluded: excluded
            )
        }
    }

    /// What the run itself knows a reader must be told.
    private func automaticCaveats(_ result: ProblemResult) -> [LocalizedName] {
        let rows = result.prepared.observations
        let incomplete = rows.count { $0.exclusion == .incompleteFootprint }
        guard incomplete > 0 else { return [] }
        return [
            LocalizedName(
                english: """
                    \(incomplete) of \(rows.count) observations were not used because their footprints are \
                    incomplete: the sensitivity to the boundary of the domain is below the threshold of the case.
                    """,
                chinese: """
                    \(rows.count)个观测中有\(incomplete)个因足迹不完整（对区域边界的敏感度低于设定阈值）未被使用。
                    """
            )
        ]
    }
}
