import Concurrent
import Foundation

/// How far apart two errors of a weather model still go together: the correlation is the product of
/// exp(-distance / length) in the horizontal, the vertical and in time.
public struct ErrorScales: Equatable, Sendable {
    public let horizontalMetres: Double
    public let verticalMetres: Double
    public let seconds: Double

    /// Nil unless all are positive and finite.
    public init?(horizontalMetres: Double, verticalMetres: Double, seconds: Double) {
        guard [horizontalMetres, verticalMetres, seconds].allSatisfy({ $0 > 0 && $0 < .infinity }) else {
            return nil
        }
        self.horizontalMetres = horizontalMetres
        self.verticalMetres = verticalMetres
        self.seconds = seconds
    }
}

/// A random field of mean 0 and variance 1 over place and time with exponential correlations: a pure function of its
/// seed, so that all particles of all threads meet the same error at the same place.
///
/// A sum of waves whose wave numbers follow the spectrum of the correlation (Bochner's theorem; Rahimi and Recht
/// 2007, "Random features for large-scale kernel machines"): Cauchy for an exponential in one dimension, the
/// two-dimensional Cauchy distribution for one of the distance in the plane.
struct CorrelatedField: Sendable {
    private struct Wave: Sendable {
        /// Per metre east, north and up, and per second.
        let number: SIMD4<Double>
        let phase: Double
    }

    private let waves: [Wave]
    private let amplitude: Double

    /// Enough that the sum is near to normal.
    static let usualWaves = 96

    init(_ scales: ErrorScales, seed: UInt64, stream: UInt64, waves count: Int = usualWaves) {
        var random = RandomStream(seed: seed, stream: stream)
        waves = (0..<count).map { _ in
            // A bivariate normal over the root of a chi-square of one degree of freedom.
            let horizontal = 1 / max(1e-9, abs(random.normal())) / scales.horizontalMetres
            let east = random.normal() * horizontal
            let north = random.normal() * horizontal
            let up = tan(.pi * (random.uniform() - 0.5)) / scales.verticalMetres
            let later = tan(.pi * (random.uniform() - 0.5)) / scales.seconds
            return Wave(number: SIMD4(east, north, up, later), phase: 2 * .pi * random.uniform())
        }
        amplitude = (2 / Double(count)).squareRoot()
    }

    /// - Parameters:
    ///   - east: metres from any fixed place, as north; up: m above ground; seconds: since any fixed time.
    func value(east: Double, north: Double, up: Double, seconds: Double) -> Double {
        let place = SIMD4(east, north, up, seconds)
        var sum = 0.0
        for wave in waves { sum += cos((wave.number * place).sum() + wave.phase) }
        return amplitude * sum
    }
}
