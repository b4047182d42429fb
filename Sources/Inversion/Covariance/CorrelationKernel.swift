import Foundation

/// How correlation falls with distance; length and distance in the same unit (Rasmussen and Williams 2006, Gaussian
/// Processes for Machine Learning, section 4.2). The smoother the kernel, the worse conditioned its matrix; the
/// infinitely smooth Gaussian one is left out for that reason.
public enum CorrelationKernel: Hashable, Sendable {
    /// exp(-d/l), the Matern kernel of smoothness 1/2.
    case exponential(length: Double)
    /// (1 + s) exp(-s) with s = √3 d/l.
    case matern32(length: Double)
    /// (1 + s + s²/3) exp(-s) with s = √5 d/l.
    case matern52(length: Double)

    public var length: Double {
        switch self {
        case .exponential(let length), .matern32(let length), .matern52(let length): length
        }
    }

    /// Correlation of two places, 1 at distance 0.
    public func correlation(at distance: Double) -> Double {
        let ratio = abs(distance) / length
        switch self {
        case .exponential: return exp(-ratio)
        case .matern32:
            let scaled = 3.0.squareRoot() * ratio
            return (1 + scaled) * exp(-scaled)
        case .matern52:
            let scaled = 5.0.squareRoot() * ratio
            return (1 + scaled + scaled * scaled / 3) * exp(-scaled)
        }
    }

    func validate() throws(InversionError) {
        guard length.isFinite else { throw .notFinite("correlation length", index: 0) }
        guard length > 0 else { throw .notPositive("correlation length", index: 0, value: length) }
    }
}
