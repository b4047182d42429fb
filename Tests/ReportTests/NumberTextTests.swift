import Quantities
import TestSupport
import Testing

@testable import Report

@Suite struct NumberTextTests {
    @Test(arguments: [
        (0.0, 0, "0"), (-0.04, 1, "0.0"), (1012.4, 0, "1012"), (-989.2, 0, "−989"),
        (12345.6, 1, "12\u{202F}345.6"),
        (1_234_567, 0, "1\u{202F}234\u{202F}567"), (1_534, -1, "1530"), (0.05, 3, "0.050"),
        (9.996, 2, "10.00"),
        (-1550, -2, "−1600"), (12345.6, -3, "12\u{202F}000"),
    ])
    func fixedDecimals(value: Double, decimals: Int, text: String) {
        #expect(NumberText.fixed(value, decimals: decimals) == text)
    }

    @Test(arguments: [
        (0.02886, 3), (1.2, 1), (0.99, 2), (9.9, 1), (10, 0), (60, 0), (99.9, 0), (100, 0), (153, 0),
        (1534, -1),
        (0, 0), (.nan, 0), (.infinity, 0), (1e-300, 12),
    ])
    func decimalsFollowTheUncertainty(sigma: Double, decimals: Int) {
        #expect(NumberText.decimals(uncertainty: sigma) == decimals)
    }

    @Test func estimatesCarryTheDigitsTheirUncertaintySupports() {
        #expect(NumberText.estimate(estimate(0.99138, 0.02886)) == "0.991 ± 0.029")
        #expect(NumberText.estimate(estimate(1012.3, 60.4)) == "1012 ± 60")
        #expect(NumberText.estimate(estimate(-0.018, 1)) == "0.0 ± 1.0")
        #expect(NumberText.estimate(estimate(12.5, 0)) == "12.50")
        #expect(NumberText.estimate(estimate(.nan, 1)) == nil)
        #expect(NumberText.estimate(estimate(1, .infinity)) == nil)
    }

    @Test func numbersOnTheirOwn() {
        #expect(NumberText.significant(1.00349) == "1.003")
        #expect(NumberText.significant(18_584) == "18\u{202F}584")
        #expect(NumberText.significant(3.3e11) == "3.300\u{202F}×\u{202F}10¹¹")
        #expect(NumberText.significant(-9.9996e-7) == "−1.000\u{202F}×\u{202F}10⁻⁶")
        #expect(NumberText.significant(0) == "0")
        #expect(NumberText.significant(-.infinity) == nil)
        #expect(NumberText.percent(0.704) == "70\u{202F}%")
        #expect(NumberText.percent(-0.0714, signed: true) == "−7.1\u{202F}%")
        #expect(NumberText.percent(0.0714, signed: true) == "+7.1\u{202F}%")
        #expect(NumberText.percent(.nan) == nil)
        #expect(
            NumberText.signed(2.345, decimals: 2) == "+2.35"
                || NumberText.signed(2.345, decimals: 2) == "+2.34"
        )
    }

    /// What is printed, read back, is the number to half a unit of its last digit.
    @Test(arguments: 0..<200 as Range<UInt64>)
    func printedNumbersReadBack(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let size = (0..<Int(random.next() % 12)).reduce(1e-3) { value, _ in value * 10 }
        let value = random.normal() * size
        let decimals = Int(random.next() % 5)
        let text = try #require(NumberText.fixed(value, decimals: decimals))
        let plain = text.replacing(NumberText.thinSpace, with: "").replacing(NumberText.minus, with: "-")
        let unit = (0..<decimals).reduce(1.0) { value, _ in value / 10 }
        #expect(abs(try #require(Double(plain)) - value) <= 0.5000001 * unit)
    }

    @Test(arguments: [Double.nan, .infinity, -.infinity, 1e300, -1e300, .leastNonzeroMagnitude, 0])
    func extremeNumbersDoNotTrap(value: Double) {
        for decimals in [-400, -3, 0, 5, 400] { _ = NumberText.fixed(value, decimals: decimals) }
        _ = NumberText.significant(value)
        _ = NumberText.decimals(uncertainty: value)
        _ = NumberText.percent(value)
        _ = NumberText.estimate(estimate(value, value))
        #expect(pixels(value).allSatisfy { "0123456789.-".contains($0) })
    }
}
