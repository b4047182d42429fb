import Foundation
import Quantities

/// The grounds of findings as a page prints numbers: histories hold them as plain text.
enum FindingText {
    static func printed(_ ground: LocalizedName) -> LocalizedName {
        LocalizedName(english: printed(ground.english), chinese: printed(ground.chinese))
    }

    static func printed(_ text: String) -> String {
        text.replacing("chi²/n", with: "χ²/n").replacing("chi2/n", with: "χ²/n")
            .replacing(/([ （(])-([0-9])/) { "\($0.1)−\($0.2)" }
            .replacing(/([0-9.]+)[eE]([-+]?[0-9]+)\b/) { match in
                "\(match.1)\u{202F}×\u{202F}10\(superscript(Int(match.2) ?? 0))"
            }
    }

    /// To hundredths, as the tables print z.
    static func score(_ value: Double) -> String {
        guard let hundredths = Int(exactly: (abs(value) * 100).rounded()) else { return "n/a" }
        let (whole, rest) = hundredths.quotientAndRemainder(dividingBy: 100)
        return "\(value < 0 && hundredths > 0 ? "−" : "")\(whole).\(rest < 10 ? "0" : "")\(rest)"
    }

    private static func superscript(_ number: Int) -> String {
        let digits = Array("⁰¹²³⁴⁵⁶⁷⁸⁹")
        let raised = String(number.magnitude).compactMap { $0.wholeNumberValue.map { digits[$0] } }
        return (number < 0 ? "⁻" : "") + String(raised)
    }
}
