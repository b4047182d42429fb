public import Formats
import Inversion
import LinearAlgebra
import Quantities

/// A problem on a basis, with the aggregation error in its observation errors.
public struct ReducedProblem: Sendable {
    public let input: LinearProblemInput
    /// Elements of the problem that was reduced.
    public let fullStateCount: Int
    /// Of the aggregation error of the observations: root mean square and largest deviation.
    public let meanError: Double
    public let largestError: Double
    /// Totals of the file that the basis cannot follow: they mix parts of one basis function.
    public let droppedTotals: [String]
    /// The problem that was reduced, and what leads from it to ``input``.
    public let full: LinearProblemInput
    private let aggregation: Aggregation

    /// More observations would need a matrix of their errors beyond 1.6 GB.
    static let mostObservations = 14_000

    /// Means over the parts, weighted by what each element adds to the totals of the file, or alike without totals.
    ///
    /// - Throws: ``ProblemChoiceError`` or ``InversionError``.
    public init(_ full: LinearProblemInput, on choice: BasisChoice) throws {
        guard full.problem.observationCount <= Self.mostObservations else {
            throw ProblemChoiceError.tooManyObservations(most: Self.mostObservations)
        }
        let basis = try choice.basis(of: full)
        let members = basis.members
        let weights = Self.weights(full, members)
        let restriction = try Aggregation.means(over: basis, weights: weights)
        let elements = Self.elements(full, members, areRegions: choice == .regions)
        let reduction = try Aggregation(
            of: full.problem,
            restriction: restriction,
            names: elements.map(\.name)
        )
        var reduced = LinearProblemInput(
            problem: reduction.problem,
            longitudes: full.longitudes,
            latitudes: full.latitudes,
            times: full.times,
            unit: full.unit,
            title: full.title
        )
        reduced.groups = full.groups
        reduced.state = try full.state.map { _ in try StateVector(elements) }
        reduced.lowerBounds = full.lowerBounds.map { Self.bounds($0, restriction, members, -.infinity) }
        reduced.upperBounds = full.upperBounds.map { Self.bounds($0, restriction, members, .infinity) }
        reduced.totalUnit = full.totalUnit
        reduced.emissions = full.emissions.map { Self.emissions($0, members) }
        let followed = try full.totals.map { try Self.followed($0, reduction, restriction, full) }
        reduced.totals = followed?.kept
        droppedTotals = followed?.dropped ?? []
        input = reduced
        self.full = full
        aggregation = reduction
        fullStateCount = full.problem.stateCount
        let squares = reduction.sigma.reduce(0) { $0 + $1 * $1 }
        meanError = (squares / Double(reduction.sigma.count)).squareRoot()
        largestError = reduction.sigma.max() ?? 0
    }

    /// Solutions on the elements of the problem that was reduced: means, deviations and covariances alone, of those
    /// that have a covariance. The exact one is the solution of the full problem.
    ///
    /// - Throws: ``InversionError``.
    public func refined(_ solutions: [SolvedState]) throws -> [SolvedState] {
        let known = solutions.compactMap { solution in solution.covariance.map { (solution, $0) } }
        guard !known.isEmpty else { return [] }
        let refinement = try Refinement(aggregation, of: full.problem)
        return known.map { solution, reduced in
            let covariance = refinement.covariance(reduced)
            var refined = SolvedState(
                solver: solution.solver,
                stateNames: full.problem.stateNames,
                mean: refinement.mean(solution.mean),
                sigma: covariance.diagonal.map(standardDeviation(ofVariance:))
            )
            refined.covariance = covariance
            refined.degreesOfFreedomForSignal = solution.degreesOfFreedomForSignal
            refined.remarks = solution.remarks
            return refined
        }
    }

    private static func weights(_ full: LinearProblemInput, _ members: [[Int]]) -> [Double] {
        let count = full.problem.stateCount
        var weights = [Double](repeating: 0, count: count)
        if let emissions = full.emissions {
            weights = emissions.perUnit.map(abs)
        } else {
            for (place, weight) in (full.totals?.weights.storage ?? []).enumerated() {
                weights[place % count] += abs(weight)
            }
        }
        // A part in no total is a plain mean.
        for cells in members where cells.reduce(0, { $0 + weights[$1] }) == 0 {
            for cell in cells { weights[cell] = 1 }
        }
        return weights
    }

    /// The bounds of means: none where an element has none.
    private static func bounds(
        _ bounds: [Double],
        _ restriction: Matrix,
        _ members: [[Int]],
        _ missing: Double
    ) -> [Double] {
        members.enumerated().map { part, cells in
            guard cells.allSatisfy({ bounds[$0].isFinite }) else { return missing }
            return cells.reduce(0) { $0 + restriction[part, $1] * bounds[$1] }
        }
    }

    /// Of a part whose elements all emit or all take up, weighted by what they emit: one unit of it is one unit of
    /// each.
    private static func emissions(_ full: StateEmissions, _ members: [[Int]]) -> StateEmissions {
        StateEmissions(
            perUnit: members.map { cells in cells.reduce(0) { $0 + full.perUnit[$1] } },
            unit: full.unit
        )
    }

    private static func elements(
        _ full: LinearProblemInput,
        _ members: [[Int]],
        areRegions: Bool
    ) -> [StateElement] {
        let names = full.problem.stateNames
        return members.enumerated().map { part, cells in
            let own = full.state.map { state in cells.map { state.elements[$0] } } ?? []
            let regions = Set(own.map(\.region))
            let region = regions.count == 1 ? regions.first ?? "" : ""
            let first = own.first
            var name = names[cells[0]]
            if cells.count > 1 {
                let part = areRegions ? region : "part \(part + 1)"
                let isUptake = (full.emissions?.perUnit[cells[0]] ?? 0) < 0
                let words = [part, first?.sector ?? "", first?.period ?? "", isUptake ? "uptake" : ""]
                name = words.filter { !$0.isEmpty }.joined(separator: " ") + " (\(cells.count))"
            }
            return StateElement(
                name,
                kind: first?.kind ?? .flux,
                region: region,
                sector: first?.sector ?? "",
                period: first?.period ?? "",
                unit: first?.unit ?? "1"
            )
        }
    }

    /// W x is known of the reduced state where W = W Γ* Γ; of other totals a part would be missing.
    private static func followed(
        _ totals: LinearFunctionals,
        _ reduction: Aggregation,
        _ restriction: Matrix,
        _ full: LinearProblemInput
    ) throws -> (kept: LinearFunctionals?, dropped: [String]) {
        let reducedWeights = totals.weights.times(reduction.prolongation)
        let back = reducedWeights.times(restriction)
        let columns = totals.weights.columns
        let sigma = full.problem.priorError.sigma
        var kept: [Int] = []
        for row in totals.names.indices {
            var (missing, size) = (0.0, 0.0)
            for column in 0..<columns {
                let weight = totals.weights[row, column] * sigma[column]
                missing = max(missing, abs(weight - back[row, column] * sigma[column]))
                size = max(size, abs(weight))
            }
            if missing <= 1e-9 * size { kept.append(row) }
        }
        let dropped = totals.names.indices.filter { !kept.contains($0) }.map { totals.names[$0] }
        guard !kept.isEmpty else { return (nil, dropped) }
        let functionals = try LinearFunctionals(
            names: kept.map { totals.names[$0] },
            weights: Matrix(
                rows: kept.count,
                columns: reducedWeights.columns,
                storage: kept.flatMap { reducedWeights.rows($0..<($0 + 1)).storage }
            ),
            offsets: kept.map { totals.offsets[$0] }
        )
        return (functionals, dropped)
    }
}
