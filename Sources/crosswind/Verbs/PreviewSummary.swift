import Formats
import Inversion
import LinearAlgebra
import Quantities

/// What an inversion will tell before it is made, as text and for `--json`.
struct PreviewSummary: Encodable {
    struct Total: Encodable {
        let name: String
        let priorSigma: Double
        let sigma: Double

        enum CodingKeys: String, CodingKey {
            case name, sigma
            case priorSigma = "prior_sigma"
        }
    }

    struct Cost: Encodable {
        let solver: String
        let seconds: Double
        let megabytes: Double
    }

    struct Candidate: Encodable {
        let name: String
        let dofs: Double
        let informationBits: Double
        /// Standard deviation of each total with it.
        let sigmas: [Double]

        enum CodingKeys: String, CodingKey {
            case name, dofs, sigmas
            case informationBits = "information_bits"
        }
    }

    let stateName: [String]
    let priorSigma: [Double]
    let expectedSigma: [Double]
    let averagingKernelDiagonal: [Double]
    let dofs: Double
    let informationBits: Double
    let observations: Int
    let totals: [Total]
    let costs: [Cost]
    /// Alone, best first; absent without `--candidates`.
    let candidates: [Candidate]?
    /// The first twenty, each the best beside all before it.
    let order: [Candidate]?

    enum CodingKeys: String, CodingKey {
        case dofs, observations, totals, costs, candidates, order
        case stateName = "state_name"
        case priorSigma = "prior_sigma"
        case expectedSigma = "expected_sigma"
        case averagingKernelDiagonal = "averaging_kernel_diagonal"
        case informationBits = "information_bits"
    }

    /// Steps of the choice one after the other: each weighs all candidates anew.
    private static let mostChosen = 20

    init(_ input: LinearProblemInput, candidates file: LinearProblemInput?) throws {
        let stated = try input.totalsPlan()?.functionals
        let sums = try stated ?? LinearFunctionals.elements(of: input.problem.stateNames)
        let preview = try Preview(of: input.problem, totals: sums, rate: .measured())
        try self.init(input, preview, sums, candidates: file)
    }

    /// The same of a problem whose Jacobian is read by rows.
    init(
        _ input: LinearProblemInput,
        _ problem: StreamedProblem<JacobianFileRows>,
        candidates file: LinearProblemInput?
    ) throws {
        let states = input.problem.stateCount
        // Each element as a total of its own would take another matrix of the size of the covariance.
        let sums =
            try input.totalsPlan()?.functionals
            ?? LinearFunctionals(names: [], weights: Matrix(rows: 0, columns: states))
        let preview = try Preview(of: problem, totals: sums, rate: .measured())
        try self.init(input, preview, sums, candidates: file)
    }

    private init(
        _ input: LinearProblemInput,
        _ preview: Preview,
        _ sums: LinearFunctionals,
        candidates file: LinearProblemInput?
    ) throws {
        stateName = preview.stateNames
        priorSigma = preview.priorSigma
        expectedSigma = preview.sigma
        averagingKernelDiagonal = preview.degreesOfFreedom
        dofs = preview.degreesOfFreedomForSignal
        informationBits = preview.information
        observations = preview.observationCount
        totals =
            sums.names == input.problem.stateNames && input.totals == nil
            ? [] : preview.totals.map { Total(name: $0.name, priorSigma: $0.priorSigma, sigma: $0.sigma) }
        costs = preview.costs.map {
            Cost(solver: $0.solver.rawValue, seconds: $0.seconds, megabytes: $0.bytes / 1e6)
        }
        guard let file else {
            (candidates, order) = (nil, nil)
            return
        }
        let design = try Self.design(input.problem.priorError, preview.covariance, file, sums)
        candidates = try design.ranked(by: .information).map(Candidate.init)
        order = try design.chosen(by: .information, count: min(Self.mostChosen, candidates?.count ?? 0))
            .map(Candidate.init)
    }

    /// The network of the problem is taken as built; both have the same states.
    private static func design(
        _ priorError: ErrorModel,
        _ covariance: Matrix,
        _ file: LinearProblemInput,
        _ sums: LinearFunctionals
    ) throws -> NetworkDesign {
        return try NetworkDesign(
            candidates: file.groups.map { try ObservationCandidate.groups($0, of: file.problem) } ?? [],
            priorError: priorError,
            covariance: covariance,
            totals: sums
        )
    }

    var text: String {
        let table = AlignedTable.text(
            header: ["state", "prior +-", "expected +-", "kernel"],
            rows: stateName.indices.map { index in
                [
                    stateName[index], AlignedTable.fixed(priorSigma[index], 5),
                    AlignedTable.fixed(expectedSigma[index], 5),
                    AlignedTable.fixed(averagingKernelDiagonal[index], 3),
                ]
            }
        )
        let summary =
            "\(observations) observations will give DOFS \(AlignedTable.fixed(dofs, 4)), "
            + "\(AlignedTable.fixed(informationBits, 2)) bits"
        let cost = AlignedTable.text(
            header: ["solver", "s, about", "MB, about"],
            rows: costs.map {
                [$0.solver, AlignedTable.fixed($0.seconds, 2), AlignedTable.fixed($0.megabytes, 1)]
            }
        )
        return ([table, summary, totalText, cost] + candidateTexts).filter { !$0.isEmpty }
            .joined(separator: "\n\n")
    }

    private var totalText: String {
        guard !totals.isEmpty else { return "" }
        return AlignedTable.text(
            header: ["total", "prior +-", "expected +-"],
            rows: totals.map {
                [$0.name, AlignedTable.fixed($0.priorSigma, 4), AlignedTable.fixed($0.sigma, 4)]
            }
        )
    }

    private var candidateTexts: [String] {
        func table(_ title: String, _ candidates: [Candidate]?) -> String {
            guard let candidates else { return "" }
            return AlignedTable.text(
                header: [title, "bits", "DOFS"],
                rows: candidates.map {
                    [$0.name, AlignedTable.fixed($0.informationBits, 3), AlignedTable.fixed($0.dofs, 4)]
                }
            )
        }
        return [
            table("candidate, added alone", candidates), table("one after the other, best first", order),
        ]
    }
}

extension PreviewSummary.Candidate {
    init(_ gain: DesignGain) {
        self.init(
            name: gain.candidate,
            dofs: gain.degreesOfFreedom,
            informationBits: gain.information,
            sigmas: gain.sigmas
        )
    }
}
