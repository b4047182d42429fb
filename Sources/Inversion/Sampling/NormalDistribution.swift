import Foundation

/// The standard normal distribution.
enum NormalDistribution {
    /// Probability below `value`.
    static func cumulative(_ value: Double) -> Double { erfc(-value / 2.0.squareRoot()) / 2 }

    /// The value below which a share `probability` lies; infinite at 0 and 1, NaN outside.
    ///
    /// Starts from the rational approximation 26.2.23 of Abramowitz and Stegun (1964), good to 4.5e-4, and refines
    /// it by Halley's iteration on the complementary error function to about 1e-15.
    static func quantile(_ probability: Double) -> Double {
        guard probability > 0, probability < 1 else {
            return probability == 0 ? -.infinity : probability == 1 ? .infinity : .nan
        }
        let tail = min(probability, 1 - probability)
        let t = (-2 * log(tail)).squareRoot()
        let ratio =
            (2.515517 + t * (0.802853 + t * 0.010328)) / (1 + t * (1.432788 + t * (0.189269 + t * 0.001308)))
        var z = ratio - t
        for _ in 0..<3 {
            let density = exp(-z * z / 2) / (2 * Double.pi).squareRoot()
            guard density > 0 else { break }
            let newton = (cumulative(z) - tail) / density
            z -= newton / (1 + z * newton / 2)
        }
        return probability < 0.5 ? z : -z
    }
}
