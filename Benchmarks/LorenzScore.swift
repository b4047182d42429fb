import Foundation
import Inversion
import LinearAlgebra
import TestSupport

/// The local ensemble filter on the ring of Lorenz (1996) with 7 members: its error beside the documented 0.22 of the
/// python package `dapper` (set-up `sakov2008`: LETKF, N = 7, inflation 1.04, radius 4), and its time beside the 4.1 s
/// that the package takes for 1000 cycles.
struct LorenzScore: Race {
    let name = "lorenz-score"
    private let seeds: Range<UInt64> = 1..<6
    /// 20 time units of burn-in, then 205.
    private let twin = Lorenz96Twin(members: 7, burnIn: 400, cycles: 4100)

    func run() async throws {
        let ring = Lorenz96()
        let local = try LocalObservations(
            placeOfState: Array(0..<ring.size),
            placeCount: ring.size,
            observationCount: ring.size,
            taper: GaspariCohn(radius: 4),
            distance: ring.distance
        )
        let filter = LocalEnsembleFilter(inflation: .multiplicative(1.04))
        let clock = ContinuousClock()
        var scores: [Double] = []
        let start = clock.now
        for seed in seeds {
            scores.append(
                try await twin.score(seed: seed) { forecast, observations in
                    let prior = Ensemble(members: Matrix(rows: ring.size, columns: 7, storage: forecast))
                    let observed = try ObservedEnsemble(
                        predictions: prior.members,
                        observations: observations,
                        error: .independent([Double](repeating: 1, count: ring.size))
                    )
                    return try await filter.analysis(of: prior, observed, local).members.storage
                }
            )
        }
        let cycles = Double(seeds.count * (twin.burnIn + twin.cycles))
        let seconds = (clock.now - start) / .seconds(1) / cycles * 1000
        let mean = scores.reduce(0, +) / Double(scores.count)
        let each = scores.map { String(format: "%.3f", $0) }.joined(separator: " ")
        print("crosswind: rmse \(String(format: "%.3f", mean)) (seeds: \(each)), documented 0.22 to 0.25")
        print("crosswind: \(String(format: "%.2f", seconds)) s per 1000 cycles; dapper, published: 4.1 s")
    }
}
