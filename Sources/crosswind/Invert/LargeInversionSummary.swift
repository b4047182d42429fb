import Formats
import Inversion
import Quantities

/// What `crosswind invert` says of a problem with a sparse Jacobian, for programs and for people.
struct LargeInversionSummary: Encodable {
    struct Total: Encodable {
        let name: String
        let prior: Double
        let priorSigma: Double
        let mean: Double
        let sigma: Double

        enum CodingKeys: String, CodingKey {
            case name, prior, mean, sigma
            case priorSigma = "prior_sigma"
        }
    }

    let observations: Int
    let states: Int
    let storedElements: Int
    let iterations: Int
    let gradientReduction: Double
    let costPerObservation: Double
    let innovationChiSquareRatio: Double
    /// From the Krylov space of the iterations.
    let dofsAtLeast: Double
    /// From random probes, with their standard error; absent without `--diagnostics`.
    let dofs: Double?
    let dofsError: Double?
    let totals: [Total]
    /// Of the totals after the inversion; absent without totals, and for more than ``MatrixInText`` takes.
    let totalCovariance: [[Double?]]?
    let totalUnit: String
    let software: String
    let input: InversionSummary.Input

    enum CodingKeys: String, CodingKey {
        case observations, states, iterations, dofs, totals, software, input
        case storedElements = "stored_elements"
        case gradientReduction = "gradient_reduction"
        case costPerObservation = "cost_per_observation"
        case innovationChiSquareRatio = "innovation_chi2_per_observation"
        case dofsAtLeast = "dofs_at_least"
        case dofsError = "dofs_standard_error"
        case totalCovariance = "total_covariance"
        case totalUnit = "total_unit"
    }

    init(
        _ posterior: MatrixFreePosterior,
        of problem: LargeProblemInput,
        totals: FunctionalTotals?,
        information: InformationEstimate?,
        input file: FileProvenance.Input
    ) {
        observations = problem.problem.observationCount
        states = problem.problem.stateCount
        storedElements = problem.elementCount
        iterations = posterior.iterations
        let norms = posterior.gradientNorms
        gradientReduction = (norms.first ?? 0) > 0 ? (norms.last ?? 0) / (norms.first ?? 1) : 0
        costPerObservation = posterior.costPerObservation
        innovationChiSquareRatio = posterior.innovationChiSquare / Double(observations)
        dofsAtLeast = posterior.spectrum.degreesOfFreedomForSignal
        dofs = information?.degreesOfFreedomForSignal.mean
        dofsError = information?.degreesOfFreedomForSignal.standardDeviation
        self.totals =
            totals.map { totals in
                totals.names.indices.map { index in
                    let (before, after) = (totals.prior[index], totals.posterior[index])
                    return Total(
                        name: totals.names[index],
                        prior: before.mean,
                        priorSigma: before.standardDeviation,
                        mean: after.mean,
                        sigma: after.standardDeviation
                    )
                }
            } ?? []
        totalCovariance = totals.flatMap { MatrixInText.rows($0.covariance) }
        totalUnit = problem.totalUnit
        software = "crosswind \(Version.current)"
        input = InversionSummary.Input(name: file.name, sha256: file.sha256)
    }

    var text: String {
        var lines: [String] = []
        if !totals.isEmpty {
            lines.append(
                AlignedTable.text(
                    header: [
                        totalUnit.isEmpty ? "total" : "total, \(totalUnit)", "prior", "", "posterior", "",
                    ],
                    rows: totals.map {
                        [
                            $0.name, AlignedTable.fixed($0.prior, 4),
                            "+- " + AlignedTable.fixed($0.priorSigma, 4),
                            AlignedTable.fixed($0.mean, 4), "+- " + AlignedTable.fixed($0.sigma, 4),
                        ]
                    }
                )
            )
        } else {
            lines.append("the file names no totals; the state is in --output")
        }
        lines.append(
            "\(observations) observations, \(states) states, \(storedElements) elements of the Jacobian; conjugate "
                + "gradients, \(iterations) iterations, gradient x \(AlignedTable.scientific(gradientReduction))"
        )
        let degrees =
            dofs.map { "DOFS \(AlignedTable.fixed($0, 2)) +- \(AlignedTable.fixed(dofsError ?? 0, 2))" }
            ?? "DOFS at least \(AlignedTable.fixed(dofsAtLeast, 2))"
        lines.append(
            degrees + ", J/n \(AlignedTable.fixed(costPerObservation, 4)), innovation chi2/n "
                + AlignedTable.fixed(innovationChiSquareRatio, 4)
        )
        return lines.joined(separator: "\n")
    }
}
