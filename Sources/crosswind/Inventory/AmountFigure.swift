import Foundation
import Quantities

/// Numbers of accounts as people read them: no more digits than the uncertainty supports.
enum AmountFigure {
    /// Decimals that keep two digits of half of the 95 % interval, three of one of at least a hundred; negative to
    /// round to tens and more.
    static func decimals(halfWidth: Double) -> Int {
        guard halfWidth.isFinite, halfWidth > 0 else { return 0 }
        let exponent = Int(log10(halfWidth * (1 + 1e-12)).rounded(.down))
        return exponent >= 2 ? min(0, 2 - exponent) : min(9, 1 - exponent)
    }

    static func fixed(_ value: Double, decimals: Int) -> String {
        guard value.isFinite else { return "-" }
        guard decimals < 0 else { return String(format: "%.\(decimals)f", value) }
        let unit = pow(10, Double(-decimals))
        return String(format: "%.0f", (value / unit).rounded() * unit)
    }

    /// To four digits, or whole where it has more.
    static func significant(_ value: Double, digits: Int = 4) -> String {
        guard value.isFinite else { return "-" }
        guard value != 0 else { return "0" }
        let exponent = Int(log10(abs(value)).rounded(.down))
        if exponent < -4 || exponent > 9 { return String(format: "%.\(digits - 1)e", value) }
        return fixed(value, decimals: max(0, digits - 1 - exponent))
    }

    /// Without the noise of binary fractions.
    static func exact(_ value: Double) -> String { String(format: "%.9g", value) }

    /// Two digits; `-` where there is none.
    static func percent(_ value: Double?) -> String {
        guard let value, value.isFinite else { return "-" }
        if value != 0, abs(value) < 0.001 { return "< 0.001" }
        return fixed(value, decimals: value == 0 ? 0 : decimals(halfWidth: abs(value)))
    }
}

/// The unit in which an account's masses are printed.
struct MassScale {
    let tonnes: Double
    let unit: String

    /// Kilotonnes in English and 万吨 in Chinese where tonnes would have many digits.
    init(largest: Double, language: Language) {
        let isLarge = largest >= 1e5
        switch language {
        case .english:
            (tonnes, unit) = largest >= 1e8 ? (1e6, "Mt") : isLarge ? (1e3, "kt") : (1, "t")
        case .chinese: (tonnes, unit) = isLarge ? (1e4, "万吨") : (1, "吨")
        }
    }

    /// Value and half of the 95 % interval, both to the digits of the latter.
    func text(_ value: Double, halfWidth: Double?) -> String {
        guard let halfWidth, halfWidth.isFinite, halfWidth > 0 else {
            return AmountFigure.significant(value / tonnes)
        }
        let decimals = AmountFigure.decimals(halfWidth: halfWidth / tonnes)
        return AmountFigure.fixed(value / tonnes, decimals: decimals) + " ± "
            + AmountFigure.fixed(halfWidth / tonnes, decimals: decimals)
    }
}
