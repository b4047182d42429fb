import Formats
import Inversion
import Pipeline

/// Solvers side by side, as text and for `--json`.
struct SolverComparison: Encodable {
    struct Entry: Encodable {
        let solver: String
        let mean: [Double]
        /// Null where it is not known.
        let sigma: [Double?]
        /// Of each element: `lower`, `upper`, or null where no bound holds it; absent where none is held.
        let atBound: [String?]?
        let meanError: [Double]?
        let dofs: Double?
        let isSameModel: Bool
        let departure: Double
        let departureInErrors: Double?
        let spreadDifference: Double
        let remarks: [String]
        /// By share in percent.
        let percentiles: [String: [Double]]?
        let rHat: [Double]?
        let bulkEffectiveDraws: [Double]?
        let tailEffectiveDraws: [Double]?
        let totals: TotalsSummary?

        enum CodingKeys: String, CodingKey {
            case solver, mean, sigma, dofs, remarks, percentiles, totals
            case atBound = "at_bound"
            case rHat = "r_hat"
            case bulkEffectiveDraws = "bulk_effective_draws"
            case tailEffectiveDraws = "tail_effective_draws"
            case meanError = "monte_carlo_error"
            case isSameModel = "same_model"
            case departure = "largest_departure_in_sigma"
            case departureInErrors = "largest_departure_in_monte_carlo_errors"
            case spreadDifference = "largest_relative_difference_of_sigma"
        }

        init(_ result: SolverResult, _ reference: SolverResult) {
            solver = result.solver.rawValue
            mean = result.mean
            sigma = result.sigma.map(MatrixInText.known)
            atBound = result.state.boundStates?.map {
                switch $0 {
                case .atLower: "lower"
                case .atUpper: "upper"
                case .free: nil
                }
            }
            meanError = result.meanError
            dofs = result.degreesOfFreedomForSignal
            isSameModel = result.isSameModel
            departure = result.departure(from: reference)
            departureInErrors = result.departureInMonteCarloErrors(from: reference)
            spreadDifference = result.spreadDifference(from: reference)
            remarks = result.remarks
            percentiles = result.state.percentiles.map {
                Dictionary(uniqueKeysWithValues: zip(Percentiles.labels, $0))
            }
            let diagnostics = result.state.draws?.diagnostics
            rHat = diagnostics?.map(\.rHat)
            bulkEffectiveDraws = diagnostics?.map(\.bulkEffectiveDraws)
            tailEffectiveDraws = diagnostics?.map(\.tailEffectiveDraws)
            totals = result.state.totals.map(TotalsSummary.init)
        }
    }

    private let stateNames: [String]
    let entries: [Entry]
    /// Solvers that the errors of the problem do not suit.
    var leftOut: [(solver: String, reason: String)] = []

    /// States shown in the table; a longer state is in `--json`.
    private static let mostStates = 40

    init(stateNames: [String], reference: SolverResult, results: [SolverResult]) {
        self.stateNames = stateNames
        entries = results.map { Entry($0, reference) }
    }

    func encode(to encoder: any Encoder) throws { try entries.encode(to: encoder) }

    /// A table of states by solvers, and one of how far each is from the exact solution.
    var text: String {
        let shown = stateNames.indices.prefix(Self.mostStates)
        let states = AlignedTable.text(
            header: ["state"] + entries.map(\.solver),
            rows: shown.map { index in
                [stateNames[index]]
                    + entries.map {
                        AlignedTable.fixed($0.mean[index], 5)
                            + ($0.sigma[index].map { " +- " + AlignedTable.fixed($0, 5) } ?? " at bound")
                    }
            }
        )
        let left = stateNames.count - shown.count
        let cut = left > 0 ? "\n\(left) more states: see --json" : ""
        let agreement = AlignedTable.text(
            header: ["from the exact solution", "in sigma", "in MC errors", "sigma differs by"],
            rows: entries.map { entry in
                [
                    entry.solver + (entry.isSameModel ? "" : " (another model)"),
                    Self.small(entry.departure),
                    entry.departureInErrors.map { AlignedTable.fixed($0, 2) } ?? "",
                    Self.small(entry.spreadDifference),
                ]
            }
        )
        let remarks =
            entries.flatMap { entry in entry.remarks.map { "\(entry.solver): \($0)" } }
            + leftOut.map { "\($0.solver): left out, as \($0.reason)" }
        return ([states + cut, agreement] + [remarks.joined(separator: "\n")]).joined(separator: "\n\n")
    }

    private static func small(_ value: Double) -> String {
        value != 0 && value < 1e-4 ? AlignedTable.scientific(value) : AlignedTable.fixed(value, 4)
    }
}
