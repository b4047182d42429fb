import Formats
import Inversion
import Pipeline

/// What gathering emissions in fewer unknowns cost, as text and for `--json`.
struct BasisSummary: Encodable {
    let fullStates: Int
    let states: Int
    let meanAggregationError: Double
    let largestAggregationError: Double
    let unit: String
    let droppedTotals: [String]

    enum CodingKeys: String, CodingKey {
        case states, unit
        case fullStates = "full_states"
        case meanAggregationError = "aggregation_error_rms"
        case largestAggregationError = "aggregation_error_largest"
        case droppedTotals = "totals_left_out"
    }

    init(_ reduced: ReducedProblem) {
        fullStates = reduced.fullStateCount
        states = reduced.input.problem.stateCount
        meanAggregationError = reduced.meanError
        largestAggregationError = reduced.largestError
        unit = reduced.input.unit
        droppedTotals = reduced.droppedTotals
    }

    var text: String {
        let unit = unit.isEmpty ? "" : " \(unit)"
        var line =
            "basis: \(states) unknowns for \(fullStates); aggregation error "
            + "\(AlignedTable.fixed(meanAggregationError, 4))\(unit) rms, at most "
            + "\(AlignedTable.fixed(largestAggregationError, 4))\(unit)"
        if !droppedTotals.isEmpty {
            line +=
                "\ntotals that cut through a basis function are left out: "
                + droppedTotals.joined(separator: ", ")
        }
        return line
    }
}
