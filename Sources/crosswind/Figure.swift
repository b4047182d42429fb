import Foundation
import Quantities

/// Numbers as a terminal shows them.
enum Figure {
    /// As many decimals as the standard deviation deserves.
    static func text(_ value: Estimate, _ language: Language = .english) -> String {
        let decimals = value.standardDeviation >= 10 ? 0 : value.standardDeviation >= 1 ? 1 : 3
        let sign = language == .chinese ? "±" : "+-"
        return "\(text(value.mean, decimals)) \(sign) \(text(value.standardDeviation, decimals))"
    }

    static func text(_ value: Double, _ decimals: Int) -> String {
        value.isFinite ? String(format: "%.\(decimals)f", value) : "n/a"
    }

    static func percent(_ share: Double) -> String { "\(text(100 * share, 0)) %" }
}
