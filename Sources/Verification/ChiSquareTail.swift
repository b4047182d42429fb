import Foundation

/// P(X >= value) of a chi-square variable with a whole number of degrees of freedom, by the recurrence
/// Q(k + 2) = Q(k) + (x/2)^(k/2) e^(-x/2) / Gamma(k/2 + 1) (Abramowitz and Stegun 26.4.8).
///
/// - Precondition: degrees > 0.
func chiSquareTail(_ value: Double, degrees: Int) -> Double {
    precondition(degrees > 0, "chi-square has at least one degree of freedom")
    guard value > 0 else { return value.isNaN ? .nan : 1 }
    guard value.isFinite else { return 0 }
    let half = value / 2
    var tail = degrees % 2 == 0 ? exp(-half) : erfc(half.squareRoot())
    var done = degrees % 2 == 0 ? 2 : 1
    while done < degrees {
        let k = Double(done) / 2
        tail += exp(k * log(half) - half - lgamma(k + 1))
        done += 2
    }
    return min(1, tail)
}
