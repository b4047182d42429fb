import Foundation
import Quantities

/// The chi-square distribution, for the checks of squared residuals.
enum ChiSquareDistribution {
    /// Probability of a value below `value`: the regularised incomplete gamma function P(k/2, x/2) by its series or
    /// its continued fraction (Abramowitz and Stegun 1964, 6.5.29 and 6.5.31).
    static func cumulative(_ value: Double, degrees: Double) -> Double {
        guard value > 0 else { return 0 }
        let (a, x) = (degrees / 2, value / 2)
        let front = exp(a * log(x) - x - lgamma(a))
        return x < a + 1 ? front * series(a, x) : 1 - front * fraction(a, x)
    }

    /// The value below which a share `probability` lies, by bisection from the bracket that Wilson and Hilferty
    /// (1931, PNAS 17, 684) suggest.
    static func quantile(_ probability: Double, degrees: Double) -> Double {
        let spread = 2 / (9 * degrees)
        let root = 1 - spread + NormalDistribution.quantile(probability) * spread.squareRoot()
        let guess = degrees * max(root * root * root, 1e-6)
        var (low, high) = (guess / 2, guess * 2)
        while cumulative(low, degrees: degrees) > probability, low > 1e-300 { low /= 4 }
        while cumulative(high, degrees: degrees) < probability, high < 1e300 { high *= 2 }
        while high - low > 1e-13 * high {
            let middle = low + (high - low) / 2
            guard middle > low, middle < high else { break }
            if cumulative(middle, degrees: degrees) < probability { low = middle } else { high = middle }
        }
        return (low + high) / 2
    }

    private static let mostTerms = 100_000

    /// Σ xⁿ / (a (a+1) ... (a+n)).
    private static func series(_ a: Double, _ x: Double) -> Double {
        var term = 1 / a
        var sum = term
        for step in 1..<mostTerms {
            term *= x / (a + Double(step))
            sum += term
            if term < 1e-17 * sum { break }
        }
        return sum
    }

    /// 1/(x+1-a- 1·(1-a)/(x+3-a- ...)), by the method of Lentz.
    private static func fraction(_ a: Double, _ x: Double) -> Double {
        var b = x + 1 - a
        var c = 1e300
        var d = 1 / b
        var result = d
        for step in 1..<mostTerms {
            let n = Double(step)
            let factor = -n * (n - a)
            b += 2
            d = 1 / guarded(factor * d + b)
            c = guarded(b + factor / c)
            result *= c * d
            if abs(c * d - 1) < 1e-16 { break }
        }
        return result
    }

    private static func guarded(_ value: Double) -> Double { abs(value) < 1e-300 ? 1e-300 : value }
}
