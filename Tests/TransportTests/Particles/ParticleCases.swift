import Foundation
import Quantities

@testable import Transport

let releaseTime = Instant(microseconds: 1_700_000_000_000_000)

func following(
    _ receptors: [Receptor],
    _ options: DispersionOptions,
    _ atmosphere: some Atmosphere,
    tasks: Int = 4
) async throws -> [ReceptorParticles] {
    var results: [ReceptorParticles] = []
    try await ParticleRun.run(receptors: receptors, options: options, atmosphere: atmosphere, tasks: tasks) {
        results.append($0)
    }
    return results
}

func following(
    _ receptor: Receptor,
    _ options: DispersionOptions,
    _ atmosphere: some Atmosphere
) async throws -> ReceptorParticles {
    try await following([receptor], options, atmosphere)[0]
}

/// A receptor of one point for each height.
func column(heights: [Double], longitude: Double = 0, time: Instant = releaseTime) -> Receptor {
    let weight = 1 / Double(heights.count)
    return Receptor(
        name: "column",
        time: time,
        points: heights.map {
            ReceptorPoint(longitude: longitude, latitude: 0, heightMetres: $0, weight: weight)
        }
    )
}

/// Chi-square of heights against the shares that bins of equal depth should have.
func chiSquare(_ heights: [Double], depth: Double, shares: [Double]) -> Double {
    var counts = [Double](repeating: 0, count: shares.count)
    for height in heights {
        counts[max(0, min(shares.count - 1, Int(height / depth * Double(shares.count))))] += 1
    }
    return zip(counts, shares).reduce(0) { sum, bin in
        let expected = bin.1 * Double(heights.count)
        return sum + (bin.0 - expected) * (bin.0 - expected) / expected
    }
}

func variance(_ values: [Double]) -> Double {
    let mean = values.reduce(0, +) / Double(values.count)
    return values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count)
}

func sine(_ x: Double) -> Double { sin(x) }
func cosine(_ x: Double) -> Double { cos(x) }
func exponential(_ x: Double) -> Double { exp(x) }
func logarithm(_ x: Double) -> Double { log(x) }
func gaussianShare(from low: Double, to high: Double, mean: Double, sigma: Double) -> Double {
    0.5 * (erf((high - mean) / sigma / 2.squareRoot()) - erf((low - mean) / sigma / 2.squareRoot()))
}
