import Concurrent
import LinearAlgebra

/// The local ensemble transform Kalman filter (Hunt, Kostelich and Szunyogh 2007, Physica D 230, 112): an analysis
/// for each place with the observations near it, so that few members do not correlate what is far apart.
public struct LocalEnsembleFilter: Sendable {
    public var inflation: Inflation

    public init(inflation: Inflation = .none) { self.inflation = inflation }

    /// Places are shared among concurrent tasks; each place is computed by itself, so that the result does not depend
    /// on how many there are.
    ///
    /// - Throws: ``EnsembleError`` when shapes differ, observation errors are correlated or a value is not finite.
    public func analysis(
        of prior: Ensemble,
        _ observed: ObservedEnsemble,
        _ local: LocalObservations
    ) async throws -> Ensemble {
        try validate(prior, observed, local)
        let places = local.placeCount
        let inflation = inflation
        let parts = try await parallelMap(count: places, chunks: min(places, Self.chunks)) { range in
            try range.map { try Self.analyse($0, prior, observed, local, inflation) }
        }
        var result = prior
        for (place, part) in parts.joined().enumerated() {
            for (row, state) in local.statesOfPlace[place].enumerated() {
                result.mean[state] = part.mean[row]
                for member in 0..<prior.memberCount {
                    result.deviations[state, member] = part.deviations[row, member]
                }
            }
        }
        return result
    }

    /// The same analysis with all observations counting in full everywhere.
    public func globalAnalysis(
        of prior: Ensemble,
        _ observed: ObservedEnsemble
    ) throws(EnsembleError) -> Ensemble {
        try inflation.validate()
        guard prior.memberCount == observed.memberCount else {
            throw .problem(
                .wrongLength(of: "members", expected: prior.memberCount, actual: observed.memberCount)
            )
        }
        do {
            let transform = try EnsembleTransform(gram: observed.gram, projected: observed.projected)
            return inflation.applied(to: transform.apply(to: prior), prior: prior)
        } catch { throw .problem(.algebra("gram matrix of the ensemble", error)) }
    }

    /// Tasks of one analysis: several for each of a few cores, and not so many that small states pay for them.
    private static let chunks = 8

    private static func analyse(
        _ place: Int,
        _ prior: Ensemble,
        _ observed: ObservedEnsemble,
        _ local: LocalObservations,
        _ inflation: Inflation
    ) throws(EnsembleError) -> Ensemble {
        let members = prior.memberCount
        let range = local.starts[place]..<local.starts[place + 1]
        var deviations: [Double] = []
        deviations.reserveCapacity(range.count * members)
        var innovations: [Double] = []
        innovations.reserveCapacity(range.count)
        for index in range {
            let observation = local.observations[index]
            let scale = local.weights[index].squareRoot()
            let start = observation * members
            for member in start..<(start + members) {
                deviations.append(observed.deviations.storage[member] * scale)
            }
            innovations.append(observed.innovations[observation] * scale)
        }
        let near = Matrix(rows: range.count, columns: members, storage: deviations)
        let here = part(of: prior, states: local.statesOfPlace[place])
        do {
            let transform = try EnsembleTransform(
                gram: .transposedProduct(of: near),
                projected: near.transposedTimes(innovations)
            )
            return inflation.applied(to: transform.apply(to: here), prior: here)
        } catch { throw .problem(.algebra("gram matrix of place \(place)", error)) }
    }

    private static func part(of prior: Ensemble, states: [Int]) -> Ensemble {
        let members = prior.memberCount
        var deviations: [Double] = []
        deviations.reserveCapacity(states.count * members)
        for state in states {
            deviations += prior.deviations.storage[(state * members)..<((state + 1) * members)]
        }
        return Ensemble(
            mean: states.map { prior.mean[$0] },
            deviations: Matrix(rows: states.count, columns: members, storage: deviations)
        )
    }

    private func validate(
        _ prior: Ensemble,
        _ observed: ObservedEnsemble,
        _ local: LocalObservations
    ) throws(EnsembleError) {
        try inflation.validate()
        guard observed.isDiagonal else { throw .problem(.correlatedObservations) }
        do {
            try checkLength("members of the predictions", observed.memberCount, prior.memberCount)
            try checkLength("localised observations", local.observationCount, observed.observationCount)
            try checkLength("localised states", local.stateCount, prior.stateCount)
            try checkFinite("ensemble", prior.mean + prior.deviations.storage)
        } catch { throw .problem(error) }
    }
}
