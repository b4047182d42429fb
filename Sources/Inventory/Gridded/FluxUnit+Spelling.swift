extension FluxUnit {
    /// Reads the spellings met in files: `kg m-2 s-1`, `mol/m2/s`, `kg/(m2 s)`, `gC m-2 d-1`, `Tonnes`,
    /// `tC/cell/month`, `kg CO2 cell-1 month-1`, `molec cm-2 s-1`, `metric ton per grid per month`; nil for others.
    /// An amount without an area is one per cell, one without a time that of the product's period.
    public init?(spelling: String) {
        var words = SpelledUnit(spelling)
        guard let amount = words.takeAmount() else { return nil }
        self.init(amount, per: words.takeExtent() ?? .cell, words.takeTime() ?? .period)
        guard words.isEmpty else { return nil }
    }
}

/// The factors of a unit: names with powers.
private struct SpelledUnit {
    private var factors: [(name: String, power: Int)] = []
    private var isValid = true

    init(_ text: String) {
        var scanner = Scanner(text)
        while let factor = scanner.next() {
            guard !Self.ignored.contains(factor.name.lowercased()) else { continue }
            factors.append(factor)
        }
        isValid = !scanner.hasFailed
    }

    var isEmpty: Bool { isValid && factors.isEmpty }

    private static let ignored: Set = ["metric", "gas", "of"]
    private static let grams = [
        "g": 1.0, "gram": 1, "grams": 1, "kg": 1e3, "t": 1e6, "ton": 1e6, "tons": 1e6, "tonne": 1e6,
        "tonnes": 1e6,
        "gg": 1e9, "kt": 1e9, "kton": 1e9, "tg": 1e12, "mt": 1e12, "pg": 1e15, "gt": 1e15,
    ]
    private static let moles = [
        "mol": 1.0, "mole": 1, "moles": 1, "umol": 1e-6, "micromol": 1e-6, "micromole": 1e-6,
        "micromoles": 1e-6,
        "nmol": 1e-9, "kmol": 1e3, "molec": 1 / 6.022_140_76e23, "molecule": 1 / 6.022_140_76e23,
        "molecules": 1 / 6.022_140_76e23,
    ]
    private static let seconds = [
        "s": 1.0, "sec": 1, "second": 1, "seconds": 1, "h": 3600, "hr": 3600, "hour": 3600, "hours": 3600,
        "d": 86_400, "day": 86_400, "days": 86_400,
    ]
    private static let squareMetres = ["m": 1.0, "cm": 1e-4, "km": 1e6]

    mutating func takeAmount() -> FluxUnit.Amount? {
        guard let place = factors.firstIndex(where: { $0.power == 1 && Self.amount($0.name) != nil }),
            let amount = Self.amount(factors.remove(at: place).name)
        else { return nil }
        guard let carbon = factors.firstIndex(where: { $0.power == 1 && Self.isCarbon($0.name) }) else {
            return amount
        }
        factors.remove(at: carbon)
        guard case .grams(let number) = amount else { return nil }
        return .gramsOfCarbon(number)
    }

    private static func isCarbon(_ name: String) -> Bool { ["c", "carbon"].contains(name.lowercased()) }

    private static func amount(_ name: String) -> FluxUnit.Amount? {
        switch name {
        case "Mg": return .grams(1e6)
        case "mg": return .grams(1e-3)
        case "Mmol": return .moles(1e6)
        case "mmol": return .moles(1e-3)
        default: break
        }
        let lower = name.lowercased()
        if let grams = grams[lower] { return .grams(grams) }
        if let moles = moles[lower] { return .moles(moles) }
        if lower.hasSuffix("c"), let carbon = grams[String(lower.dropLast())] {
            return .gramsOfCarbon(carbon)
        }
        return nil
    }

    mutating func takeExtent() -> FluxUnit.Extent? {
        if let size = take(-2, Self.squareMetres) { return .squareMetres(size) }
        return take(-1, ["cell": 1, "grid": 1, "gridcell": 1, "pixel": 1]) == nil ? nil : .cell
    }

    mutating func takeTime() -> FluxUnit.Time? {
        if let seconds = take(-1, Self.seconds) { return .seconds(seconds) }
        if take(-1, ["month": 1, "months": 1, "mon": 1]) != nil { return .month }
        return take(-1, ["year": 1, "years": 1, "yr": 1, "y": 1, "a": 1]) == nil ? nil : .year
    }

    private mutating func take(_ power: Int, _ known: [String: Double]) -> Double? {
        guard
            let place = factors.firstIndex(where: { $0.power == power && known[$0.name.lowercased()] != nil })
        else { return nil }
        return known[factors.remove(at: place).name.lowercased()]
    }
}

/// Splits `kg/(m2 s)` into names with powers.
private struct Scanner {
    private var rest: Substring
    private var isBelow = false
    private var isGroupBelow = false
    private(set) var hasFailed = false

    init(_ text: String) {
        var plain = text.replacing("µ", with: "u").replacing("μ", with: "u").replacing("**", with: "^")
        plain = plain.replacing(" per ", with: " / ").replacing("year-1", with: "yr-1")
        for gas in ["CO2", "CH4", "N2O", "co2", "ch4", "n2o"] { plain = plain.replacing(gas, with: " gas ") }
        rest = plain[...]
    }

    mutating func next() -> (name: String, power: Int)? {
        while let character = rest.first {
            switch character {
            case "/": isBelow = true
            case "(": isGroupBelow = isBelow
            case ")": (isGroupBelow, isBelow) = (false, false)
            case _ where character.isLetter: return factor()
            case " ", ".", "*", "_", "[", "]": break
            default: hasFailed = true
            }
            rest.removeFirst()
        }
        return nil
    }

    private mutating func factor() -> (name: String, power: Int) {
        let name = rest.prefix(while: \.isLetter)
        rest = rest.dropFirst(name.count)
        if rest.first == "^" { rest.removeFirst() }
        var digits = rest.prefix { $0.isNumber || $0 == "-" || $0 == "+" }
        if Int(digits) == nil { digits = digits.prefix(0) }
        rest = rest.dropFirst(digits.count)
        let power = Int(digits) ?? 1
        let sign = (isBelow || isGroupBelow) ? -1 : 1
        isBelow = false
        return (String(name), sign * power)
    }
}
