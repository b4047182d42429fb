import Foundation
import Quantities

/// Numbers as they are printed: true minus, narrow no-break spaces between thousands, no more digits than the
/// uncertainty supports. The same in every language. Nil where there is no finite number to print.
enum NumberText {
    static let minus = "\u{2212}"
    static let thinSpace = "\u{202F}"

    /// - Parameter decimals: digits after the point; negative to round to tens, hundreds and so on.
    static func fixed(_ value: Double, decimals: Int) -> String? {
        guard value.isFinite else { return nil }
        let places = min(12, max(0, decimals))
        let unit = pow(10, Double(max(0, -decimals)))
        let rounded = decimals < 0 ? (abs(value) / unit).rounded() * unit : abs(value)
        guard let digits = Int(exactly: (rounded * pow(10, Double(places))).rounded()), digits < 1 << 53
        else { return scientific(value, digits: 4) }
        let text = String(digits)
        let padded = String(repeating: "0", count: max(0, places + 1 - text.count)) + text
        let whole = grouped(String(padded.dropLast(places)))
        let sign = value < 0 && digits > 0 ? minus : ""
        return places == 0 ? sign + whole : "\(sign)\(whole).\(padded.suffix(places))"
    }

    /// Thousands set apart from five digits on, as ISO 80000-1 has it.
    static func grouped(_ digits: String) -> String {
        guard digits.count > 4 else { return digits }
        var groups: [Substring] = []
        var rest = digits[...]
        while rest.count > 3 {
            groups.append(rest.suffix(3))
            rest = rest.dropLast(3)
        }
        return ([rest] + groups.reversed()).joined(separator: thinSpace)
    }

    /// Decimals that keep two significant digits of a standard deviation (GUM 7.2.6), three of one of at
    /// least a hundred, so that the rounding of large integers stays unobtrusive.
    static func decimals(uncertainty: Double) -> Int {
        guard uncertainty.isFinite, uncertainty > 0 else { return 0 }
        let exponent = Int(log10(uncertainty * (1 + 1e-12)).rounded(.down))
        return exponent >= 2 ? min(0, 2 - exponent) : min(12, 1 - exponent)
    }

    /// A value on its own, to a number of significant digits.
    static func significant(_ value: Double, digits: Int = 4) -> String? {
        guard value.isFinite else { return nil }
        guard value != 0 else { return "0" }
        let exponent = Int(log10(abs(value)).rounded(.down))
        guard (-4..<9).contains(exponent) else { return scientific(value, digits: digits) }
        if value == value.rounded(), abs(value) < 1e9 { return fixed(value, decimals: 0) }
        return fixed(value, decimals: max(0, digits - 1 - exponent))
    }

    /// `1.23 × 10⁻⁷`.
    static func scientific(_ value: Double, digits: Int) -> String? {
        guard value.isFinite, value != 0 else { return value == 0 ? "0" : nil }
        var exponent = Int(log10(abs(value)).rounded(.down))
        var mantissa = abs(value) / pow(10, Double(exponent))
        if mantissa >= 10 - 0.5 * pow(10, Double(1 - digits)) {
            mantissa /= 10
            exponent += 1
        }
        guard let text = fixed(mantissa, decimals: digits - 1) else { return nil }
        return "\(value < 0 ? minus : "")\(text)\(thinSpace)×\(thinSpace)10\(superscript(exponent))"
    }

    static func superscript(_ number: Int) -> String {
        let digits = Array("⁰¹²³⁴⁵⁶⁷⁸⁹")
        let raised = String(number.magnitude).compactMap { $0.wholeNumberValue.map { digits[$0] } }
        return (number < 0 ? "⁻" : "") + String(raised)
    }

    /// A share as a percentage: whole, or with a decimal below ten percent.
    static func percent(_ share: Double, signed: Bool = false) -> String? {
        let percentage = share * 100
        guard let text = fixed(percentage, decimals: abs(percentage) < 9.95 ? 1 : 0) else { return nil }
        return (signed && percentage > 0 ? "+" : "") + text + thinSpace + "%"
    }

    /// `1012 ± 60`: mean and standard deviation to the digits the latter supports. One that is not known is `?`, so
    /// that the mean does not look certain; none where it is 0, which is not stated.
    static func estimate(_ estimate: Estimate) -> String? {
        guard !estimate.standardDeviation.isNaN else { return significant(estimate.mean).map { "\($0) ± ?" } }
        guard estimate.standardDeviation > 0 else { return significant(estimate.mean) }
        let places = decimals(uncertainty: estimate.standardDeviation)
        guard let mean = fixed(estimate.mean, decimals: places),
            let sigma = fixed(estimate.standardDeviation, decimals: places)
        else { return nil }
        return "\(mean) ± \(sigma)"
    }

    /// A difference with its sign always shown.
    static func signed(_ value: Double, decimals: Int) -> String? {
        fixed(value, decimals: decimals).map { value > 0 ? "+" + $0 : $0 }
    }
}
