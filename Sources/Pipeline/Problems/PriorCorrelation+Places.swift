import Formats
import Geo
import Inversion
import LinearAlgebra

extension PriorCorrelation {
    /// Of the elements of a problem that have a place, over great-circle distances in kilometres; elements of
    /// different kind, sector, period or class never correlate.
    ///
    /// - Returns: nil when the file has no places, or fewer than two that could correlate.
    static func betweenPlaces(of input: LinearProblemInput, form: Form) throws(InversionError) -> Self? {
        guard let places = input.statePlaces else { return nil }
        var distances = Matrix(rows: places.count, columns: places.count)
        var pairs = 0
        for row in places.indices {
            for column in 0..<row {
                var distance = Double.infinity
                if let a = places[row], let b = places[column], input.mayCorrelate(row, column) {
                    distance = a.distanceMetres(to: b) / 1000
                    pairs += 1
                }
                distances[row, column] = distance
                distances[column, row] = distance
            }
        }
        return pairs > 0 ? try PriorCorrelation(form: form, distances: distances) : nil
    }

    /// Kilometres between elements that may correlate, ascending.
    var finiteDistances: [Double] {
        var found: [Double] = []
        for row in 0..<distances.rows {
            for column in 0..<row where distances[row, column].isFinite {
                found.append(distances[row, column])
            }
        }
        return found.sorted()
    }
}

extension LinearProblemInput {
    /// Whether two elements stand for the same thing at two places.
    fileprivate func mayCorrelate(_ a: Int, _ b: Int) -> Bool {
        if let classes = stateClasses, classes[a] != classes[b] { return false }
        guard let elements = state?.elements else { return true }
        let (first, second) = (elements[a], elements[b])
        return first.kind == second.kind && first.sector == second.sector && first.period == second.period
    }

    /// Elements that are emissions by their kind; all where the file tells no kinds.
    var emissionElements: [Int] { elements { $0.isEmission } ?? Array(problem.priorMean.indices) }

    /// Elements of the inflow and of the background; empty where the file tells no kinds.
    var backgroundElements: [Int] { elements { $0 == .boundary || $0 == .background } ?? [] }

    private func elements(where isMeant: (StateElement.Kind) -> Bool) -> [Int]? {
        state.map { state in state.elements.indices.filter { isMeant(state.elements[$0].kind) } }
    }
}
