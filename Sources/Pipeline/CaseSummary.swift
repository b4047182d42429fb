import Formats
import Inversion
import LinearAlgebra
import Quantities
import Report
import Verification

/// The figures of a run for machines: the `--json` of `crosswind run` and the file `summary.json`.
public struct CaseSummary: Encodable, Sendable {
    /// One compared quantity, in the unit of its problem.
    public struct Quantity: Encodable, Sendable {
        public let name: String
        public let inventory: Double
        public let inventorySigma: Double
        public let prior: Double
        public let priorSigma: Double
        public let posterior: Double
        public let posteriorSigma: Double
        public let lower95: Double
        public let upper95: Double
        public let uncertaintyReduction: Double
        public let z: Double
        public let verdict: String
        public let truth: Double?
        /// What emits and what takes up, with their signs; they add up to the posterior.
        public let source: Double?
        public let sink: Double?
    }

    /// The quantities by one solver beside the exact one.
    public struct SolverFigures: Encodable, Sendable {
        public let solver: String
        public let posterior: [Double]
        public let posteriorSigma: [Double]
        /// From the exact solution, in its standard deviations.
        public let differenceInSigma: [Double]
        /// In the unit of the quantities; absent without chance.
        public let monteCarloError: [Double]?
        /// By share in percent.
        public let percentiles: [String: [Double]]?
        public let largestRHat: Double?
        public let fewestEffectiveDraws: Double?
        public let remarks: [String]
    }

    /// One solved inverse problem.
    public struct Problem: Encodable, Sendable {
        public let title: String
        public let unit: String
        public let observations: Int
        public let used: Int
        public let excluded: [String: Int]
        public let modelErrorPpm: Double?
        public let dofs: Double
        public let costPerObservation: Double
        public let space: String
        public let stateName: [String]
        public let priorMean: [Double]
        public let posteriorMean: [Double]
        public let posteriorSigma: [Double]
        public let quantities: [Quantity]
        /// Posterior covariance of the quantities, row-major.
        public let quantityCovariance: [Double]
        public let quantityCorrelation: [Double]
        /// Absent where the case names no further solvers.
        public let solvers: [SolverFigures]?
        /// Why an exchange file was left out; absent where none was.
        public let note: String?
    }

    public let name: String
    public let gas: String
    public let software: String
    public let problems: [Problem]
    public let inputs: [String: String]
    public let outputs: [String]
    /// Absent where the case opens no review cases.
    public let cases: CaseChangesSummary?

    /// - Parameter outputs: paths of the files written.
    public init(_ result: CaseResult, outputs: [String] = []) {
        name = result.definition.name
        gas = result.definition.gas.rawValue
        software = result.report.provenance.software
        problems = result.problems.map(Self.problem)
        inputs = Dictionary(
            result.report.provenance.inputs.map { ($0.name, $0.sha256) },
            uniquingKeysWith: { first, _ in first }
        )
        self.outputs = outputs
        cases = result.cases?.summary
    }

    private static func problem(_ result: ProblemResult) -> Problem {
        let rows = result.prepared.observations
        var excluded: [String: Int] = [:]
        for row in rows {
            if let exclusion = row.exclusion { excluded[exclusion.rawValue, default: 0] += 1 }
        }
        return Problem(
            title: result.prepared.title.english,
            unit: result.prepared.unit.english,
            observations: rows.count,
            used: rows.count { $0.isUsed },
            excluded: excluded,
            modelErrorPpm: result.prepared.modelErrorPartsPerMillion,
            dofs: result.posterior.degreesOfFreedomForSignal,
            costPerObservation: result.posterior.costPerObservation,
            space: result.posterior.space.rawValue,
            stateName: result.posterior.stateNames,
            priorMean: result.posterior.priorMean,
            posteriorMean: result.posterior.mean,
            posteriorSigma: result.posterior.sigma,
            quantities: result.comparisons.indices.map { quantity(result, $0) },
            quantityCovariance: result.totals.covariance.storage,
            quantityCorrelation: result.totals.correlations.storage,
            solvers: result.solvers.isEmpty
                ? nil : result.solvers.map { SolverFigures($0, exact: result.totals) },
            note: ProblemProducts.refusal(result.prepared.input)?.line
        )
    }

    private static func quantity(_ result: ProblemResult, _ index: Int) -> Quantity {
        let comparison = result.comparisons[index]
        let totals = result.solution.totals
        return Quantity(
            name: comparison.region.english,
            inventory: comparison.inventory.mean,
            inventorySigma: comparison.inventory.standardDeviation,
            prior: comparison.prior.mean,
            priorSigma: comparison.prior.standardDeviation,
            posterior: comparison.posterior.mean,
            posteriorSigma: comparison.posterior.standardDeviation,
            lower95: comparison.posterior.lower95,
            upper95: comparison.posterior.upper95,
            uncertaintyReduction: comparison.uncertaintyReduction,
            z: comparison.zScore,
            verdict: comparison.verdict.rawValue,
            truth: comparison.truth,
            source: totals?.sources[index].mean,
            sink: totals?.sinks[index].mean
        )
    }
}

extension CaseSummary.SolverFigures {
    init(_ result: SolverResult, exact: FunctionalTotals) {
        let found = result.state.totals?.values.posterior ?? []
        let diagnostics = result.state.draws?.diagnostics
        solver = result.solver.rawValue
        posterior = found.map(\.mean)
        posteriorSigma = found.map(\.standardDeviation)
        differenceInSigma = zip(found, exact.posterior).map {
            ($0.mean - $1.mean) / $1.standardDeviation
        }
        monteCarloError = result.state.totals?.meanError
        percentiles = result.state.totals?.percentiles.map {
            Dictionary(uniqueKeysWithValues: zip(Percentiles.labels, $0))
        }
        largestRHat = diagnostics?.map(\.rHat).max()
        fewestEffectiveDraws = diagnostics?.map { min($0.bulkEffectiveDraws, $0.tailEffectiveDraws) }.min()
        remarks = result.remarks
    }
}
