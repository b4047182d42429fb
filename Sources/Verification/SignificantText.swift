import Foundation
import Quantities

/// A number at the given power of ten, without trailing digits of rounding.
private func text(_ value: Double, power: Double) -> String {
    guard value.isFinite, abs(power) < 300 else { return String(value) }
    if power >= 0 {
        let whole = (value / pow(10, power)).rounded() * pow(10, power)
        return Int64(exactly: whole).map(String.init) ?? String(whole)
    }
    return String((value * pow(10, -power)).rounded() / pow(10, -power))
}

/// A number with that many significant digits.
func significantText(_ value: Double, digits: Int) -> String {
    guard value.isFinite, value != 0 else { return String(value) }
    return text(value, power: log10(abs(value)).rounded(.down) - Double(digits - 1))
}

extension Estimate {
    /// `70.3 ± 4.1`: the standard deviation with two significant digits, three of one of at least a hundred as in the
    /// tables, and the mean to the same place (JCGM 100:2008, 7.2.6); the mean with all its digits where there is no
    /// uncertainty.
    var significantText: String {
        guard standardDeviation.isFinite, standardDeviation > 0 else {
            return "\(mean) ± \(standardDeviation)"
        }
        let exponent = log10(standardDeviation * (1 + 1e-12)).rounded(.down)
        let power = exponent - (exponent >= 2 ? 2 : 1)
        return "\(text(mean, power: power)) ± \(text(standardDeviation, power: power))"
    }
}
