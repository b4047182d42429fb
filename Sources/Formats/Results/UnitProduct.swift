import Foundation

/// A unit as powers of a few bases and a number: enough of the grammar of UDUNITS to tell whether the unit of a
/// Jacobian is that of the observations over that of the state, and by what factor it is not.
struct UnitProduct: Equatable {
    var factor = 1.0
    /// Powers by base: g, mol, m, s.
    var powers: [String: Int] = [:]

    var isNumber: Bool { powers.isEmpty }

    static func * (a: UnitProduct, b: UnitProduct) -> UnitProduct {
        UnitProduct(
            factor: a.factor * b.factor,
            powers: a.powers.merging(b.powers, uniquingKeysWith: +).filter { $0.value != 0 }
        )
    }

    func raised(to power: Int) -> UnitProduct {
        UnitProduct(
            factor: pow(factor, Double(power)),
            powers: powers.mapValues { $0 * power }.filter { $0.value != 0 }
        )
    }

    init(factor: Double = 1, powers: [String: Int] = [:]) { (self.factor, self.powers) = (factor, powers) }

    /// Every reading of a spelling: behind `/` and `per` some write one divisor, others all that follows. Empty where a
    /// word is not known.
    static func readings(_ spelling: String) -> [UnitProduct] {
        [false, true].compactMap { dividesAll in
            var reader = UnitReader(spelling, dividesAll: dividesAll)
            return reader.whole()
        }
    }

    /// Year and month are those of UDUNITS in the mean.
    private static let names: [String: (Double, String)] = [
        "g": (1, "g"), "gram": (1, "g"), "grams": (1, "g"), "t": (1e6, "g"), "ton": (1e6, "g"),
        "tonne": (1e6, "g"), "tonnes": (1e6, "g"), "mol": (1, "mol"), "mole": (1, "mol"),
        "moles": (1, "mol"), "m": (1, "m"), "s": (1, "s"), "sec": (1, "s"), "second": (1, "s"),
        "seconds": (1, "s"), "min": (60, "s"), "h": (3600, "s"), "hr": (3600, "s"), "hour": (3600, "s"),
        "hours": (3600, "s"), "d": (86_400, "s"), "day": (86_400, "s"), "days": (86_400, "s"),
        "month": (2_629_746, "s"), "yr": (31_556_952, "s"), "year": (31_556_952, "s"),
        "years": (31_556_952, "s"), "a": (31_556_952, "s"), "y": (31_556_952, "s"),
    ]
    private static let numbers: [String: Double] = [
        "ppm": 1e-6, "ppmv": 1e-6, "ppb": 1e-9, "ppbv": 1e-9, "ppt": 1e-12, "percent": 0.01,
        // The substance is not told apart.
        "CO2": 1, "CH4": 1, "CO": 1, "N2O": 1,
    ]
    private static let prefixes: [(String, Double)] = [
        ("micro", 1e-6), ("nano", 1e-9), ("kilo", 1e3), ("mega", 1e6), ("u", 1e-6), ("n", 1e-9), ("m", 1e-3),
        ("c", 1e-2), ("k", 1e3), ("M", 1e6), ("G", 1e9), ("T", 1e12), ("P", 1e15),
    ]

    /// Nil for a word that is no unit.
    init?(word: String) {
        if let number = Self.numbers[word] {
            self.init(factor: number)
        } else if let (factor, base) = Self.names[word] {
            self.init(factor: factor, powers: [base: 1])
        } else {
            let found = Self.prefixes.lazy.compactMap { prefix, size -> UnitProduct? in
                guard word.hasPrefix(prefix),
                    let (factor, base) = Self.names[String(word.dropFirst(prefix.count))],
                    base != "s" || factor == 1
                else { return nil }
                return UnitProduct(factor: size * factor, powers: [base: 1])
            }.first
            guard let found else { return nil }
            self = found
        }
    }
}

/// Reads `ppm (kt yr-1)-1`, `ppm/(umol m-2 s-1)`, `1e-6 kg-1 s`.
private struct UnitReader {
    private var rest: Substring
    private let dividesAll: Bool

    init(_ text: String, dividesAll: Bool) {
        self.dividesAll = dividesAll
        rest =
            text.replacing("µ", with: "u").replacing("μ", with: "u").replacing("**", with: "^")
            .replacing(" per ", with: " / ")[...]
    }

    mutating func whole() -> UnitProduct? {
        let product = group()
        return rest.isEmpty ? product : nil
    }

    private mutating func group() -> UnitProduct? {
        var product = UnitProduct()
        var isBelow = false
        while let next = rest.first, next != ")" {
            if next == "/" {
                isBelow = true
                rest.removeFirst()
            } else if " .*·".contains(next) {
                rest.removeFirst()
            } else {
                guard let factor = factor() else { return nil }
                product = product * (isBelow ? factor.raised(to: -1) : factor)
                if !dividesAll { isBelow = false }
            }
        }
        return product
    }

    private mutating func factor() -> UnitProduct? {
        guard let next = rest.first else { return nil }
        if next == "(" {
            rest.removeFirst()
            guard let inner = group(), rest.first == ")" else { return nil }
            rest.removeFirst()
            return inner.raised(to: power())
        }
        if next.isNumber {
            let digits = rest.prefix { $0.isNumber || ".eE+-".contains($0) }
            rest = rest.dropFirst(digits.count)
            return Double(digits).flatMap { $0 > 0 ? UnitProduct(factor: $0) : nil }
        }
        let letters = rest.prefix(while: \.isLetter)
        guard !letters.isEmpty else { return nil }
        // Substances have a digit in their name.
        for gas in ["CO2", "CH4", "N2O"] where rest.hasPrefix(gas) {
            rest = rest.dropFirst(gas.count)
            return UnitProduct()
        }
        rest = rest.dropFirst(letters.count)
        return UnitProduct(word: String(letters))?.raised(to: power())
    }

    private mutating func power() -> Int {
        if rest.first == "^" { rest.removeFirst() }
        let digits = rest.prefix { $0.isNumber || $0 == "-" || $0 == "+" }
        guard let power = Int(digits), abs(power) < 10 else { return 1 }
        rest = rest.dropFirst(digits.count)
        return power
    }
}
