import CSV
import TestSupport
import Testing

private func number(_ text: String, mark: Unicode.Scalar = ".") -> Double? {
    decimalNumber(Array(text.utf8).span, mark: UInt8(ascii: mark))
}

@Suite struct DecimalNumberTests {
    @Test(arguments: [
        "0", "-0", "1", "428.37", "1.4000889587E+02", "473.0306741432275", "475.39000000000004",
        "-86.804445366",
        "1e22", "1e23", "9007199254740993", "9007199254740992", "123456789012345678901234567890", "1.e3",
        ".5",
        "4.9e-324", "2.2250738585072011e-308", "1.7976931348623157e308", "0.1", "1E-400",
        "0000000000000000000000001.5",
        "+7.25", "179769313486231580793728971405301e276",
    ])
    func theNearestDoubleIsFound(text: String) {
        let ours = number(text)
        #expect(ours?.bitPattern == Double(text)?.bitPattern)
    }

    @Test(arguments: [
        "", "-", ".", "e5", "1e", "1e+", "nan", "inf", "0x10", "1 ", " 1", "1.2.3", "1,5", "--1", "1e999",
        "1_0",
    ])
    func wordsAreNoNumbers(text: String) {
        #expect(number(text) == nil)
    }

    @Test func theMarkMayBeAComma() {
        #expect(number("410,25", mark: ",") == 410.25)
        #expect(number("475,39000000000004", mark: ",") == 475.39000000000004)
        #expect(number("410.25", mark: ",") == nil)
    }

    @Test(arguments: 0..<20 as Range<UInt64>)
    func everyDoubleSurvivesItsText(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        for _ in 0..<500 {
            let value = Double(bitPattern: random.next())
            if value.isFinite { #expect(number("\(value)")?.bitPattern == value.bitPattern) }
            let rounded = (Double.random(in: -2000...2000, using: &random) * 1e4).rounded() / 1e4
            #expect(number("\(rounded)") == rounded)
        }
    }
}
