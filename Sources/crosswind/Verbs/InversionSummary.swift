import Formats
import Inversion
import LinearAlgebra
import Quantities

/// What `crosswind invert` says of a solved problem, for programs and for people.
struct InversionSummary: Encodable {
    struct Input: Encodable {
        let name: String
        let sha256: String
    }

    /// With groups left out, or with single observations left out where the Jacobian is read by rows.
    enum Diagnosis: Encodable {
        case byGroups(DiagnosticsSummary)
        case byRows(RowDiagnosticsSummary)

        func encode(to encoder: any Encoder) throws {
            switch self {
            case .byGroups(let summary): try summary.encode(to: encoder)
            case .byRows(let summary): try summary.encode(to: encoder)
            }
        }

        var text: String {
            switch self {
            case .byGroups(let summary): summary.text
            case .byRows(let summary): summary.text
            }
        }
    }

    let stateName: [String]
    let priorMean: [Double]
    let priorSigma: [Double]
    let posteriorMean: [Double]
    let posteriorSigma: [Double]
    /// Absent where ``covarianceNote`` or ``notAvailable`` says so.
    let posteriorCovariance: [[Double?]]?
    /// Where the covariance is, if not here.
    let covarianceNote: String?
    let averagingKernelDiagonal: [Double]
    let dofs: Double
    let costPerObservation: Double
    let innovationChiSquare: Double
    let logEvidence: Double
    let observations: Int
    let states: Int
    let space: SolutionSpace
    /// Why not the cheaper one; absent where it is.
    let spaceReason: String?
    /// Bound of what rounding does, in posterior standard deviations.
    let roundingError: Double
    let software: String
    let blasCore: String
    let blasThreads: Int
    /// What makes the solution doubtful; absent where nothing does.
    let warnings: [String]?
    let input: Input
    /// Absent where the file states no totals and no emissions.
    let totals: TotalsSummary?
    /// Absent without `--solver`.
    let solvers: SolverComparison?
    /// Absent without `--diagnostics`.
    let diagnostics: Diagnosis?
    /// Absent without `--errors`.
    let errors: ErrorModelSummary?
    /// Absent without `--basis`.
    let basis: BasisSummary?
    /// Absent where the Jacobian was in memory.
    let notAvailable: MissingByRows?

    enum CodingKeys: String, CodingKey {
        case stateName = "state_name"
        case priorMean = "prior_mean"
        case priorSigma = "prior_sigma"
        case posteriorMean = "posterior_mean"
        case posteriorSigma = "posterior_sigma"
        case posteriorCovariance = "posterior_covariance"
        case covarianceNote = "posterior_covariance_note"
        case averagingKernelDiagonal = "averaging_kernel_diagonal"
        case dofs
        case costPerObservation = "cost_per_observation"
        case innovationChiSquare = "innovation_chi2"
        case logEvidence = "log_evidence"
        case observations, states, space, software
        case spaceReason = "space_reason"
        case roundingError = "rounding_error_in_sigma"
        case blasCore = "blas_core"
        case blasThreads = "blas_threads"
        case warnings, input, totals, solvers, diagnostics
        case errors = "error_model"
        case basis
        case notAvailable = "not_available"
    }

    init(
        _ posterior: Posterior,
        input file: FileProvenance.Input,
        totals: TotalsSummary?,
        solvers: SolverComparison?,
        diagnostics: Diagnosis?,
        errors: ErrorModelSummary? = nil,
        basis: BasisSummary? = nil,
        notAvailable: MissingByRows? = nil,
        posteriorFile: String? = nil
    ) {
        stateName = posterior.stateNames
        priorMean = posterior.priorMean
        priorSigma = posterior.priorSigma
        posteriorMean = posterior.mean
        posteriorSigma = posterior.sigma
        posteriorCovariance = MatrixInText.rows(posterior.covariance)
        covarianceNote = MatrixInText.whereabouts(states: posterior.mean.count, file: posteriorFile)
        averagingKernelDiagonal = posterior.averagingKernelDiagonal
        dofs = posterior.degreesOfFreedomForSignal
        costPerObservation = posterior.costPerObservation
        innovationChiSquare = posterior.innovationChiSquare
        logEvidence = posterior.logEvidence
        observations = posterior.modelledPrior.count
        states = posterior.mean.count
        space = posterior.space
        spaceReason = posterior.refused?.told
        roundingError = posterior.roundingError
        let found = Self.warnings(posterior) + Self.warnings(totals)
        warnings = found.isEmpty ? nil : found
        software = "crosswind \(Version.current)"
        blasCore = BLASConfiguration.core
        blasThreads = BLASConfiguration.threads
        input = Input(name: file.name, sha256: file.sha256)
        self.totals = totals
        self.solvers = solvers
        self.diagnostics = diagnostics
        self.errors = errors
        self.basis = basis
        self.notAvailable = notAvailable
    }

    /// Chances of honest errors below which observations, prior and model cannot all be right.
    private static let leastChance = 1e-6

    /// Totals told better than by their prior by this factor have six digits less in the covariance of the state.
    private static let mostGain = 1e5

    private static func warnings(_ totals: TotalsSummary?) -> [String] {
        guard let totals else { return [] }
        return totals.entries.compactMap { total -> String? in
            guard let sigma = total.posteriorSigma, total.priorSigma > 0, total.priorSigma > mostGain * sigma
            else { return nil }
            return "the deviation of total `\(total.name)` has few digits: it is told more than 100,000 "
                + "times better than by its prior"
        }
    }

    private static func warnings(_ posterior: Posterior) -> [String] {
        let check = Diagnostics.chiSquareCheck(of: posterior)
        guard check.ratio > 2, check.upperTail < leastChance else { return [] }
        let ratio = AlignedTable.scientific(check.ratio)
        return [
            "the observations contradict each other or the prior: innovation chi2/n is \(ratio) and not near 1, "
                + "so that the deviations are too small"
        ]
    }

    /// States in the table of a problem that is larger than memory.
    private static let mostStatesByRows = 40

    /// An aligned table of the states and one line of diagnostics.
    var text: String {
        let shown = notAvailable == nil ? states : min(states, Self.mostStatesByRows)
        let rows = stateName.indices.prefix(shown).map { index in
            [
                stateName[index],
                AlignedTable.fixed(priorMean[index], 5), "+- " + AlignedTable.fixed(priorSigma[index], 5),
                AlignedTable.fixed(posteriorMean[index], 5),
                "+- " + AlignedTable.fixed(posteriorSigma[index], 5),
                AlignedTable.fixed(averagingKernelDiagonal[index], 3),
            ]
        }
        let table = AlignedTable.text(
            header: ["state", "prior", "", "posterior", "", "kernel"],
            rows: rows
        )
        let cut = shown < states ? "\n\(states - shown) more states: see --json or --output" : ""
        return table + cut + "\n"
            + "\(observations) observations, \(states) states, solved in \(space.rawValue) space\n"
            + (spaceReason.map { $0 + "\n" } ?? "")
            + "DOFS \(AlignedTable.fixed(dofs, 4)), J/n \(AlignedTable.fixed(costPerObservation, 4)), "
            + "log evidence \(AlignedTable.fixed(logEvidence, 3))"
            + (warnings ?? []).map { "\nwarning: \($0)" }.joined()
            + (totals.map { "\n\n" + $0.text } ?? "") + (solvers.map { "\n\n" + $0.text } ?? "")
            + (diagnostics.map { "\n\n" + $0.text } ?? "")
            + (errors.map { "\n\n" + $0.text } ?? "") + (basis.map { "\n\n" + $0.text } ?? "")
            + (notAvailable.map { "\n\n" + $0.text } ?? "")
    }
}
