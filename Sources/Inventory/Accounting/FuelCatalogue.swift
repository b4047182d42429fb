public import Quantities

/// A fuel or another carrier of energy, with what its carbon allows.
public struct Carrier: Hashable, Codable, Sendable {
    public enum State: String, Codable, Hashable, Sendable {
        case solid
        case liquid
        case gas
        case heat
        case electricity
    }

    /// The key of tables, e.g. `raw_coal`.
    public let key: String
    public let names: LocalizedName
    public let state: State
    /// The basis in which it is usually counted, and of the bounds.
    public let basis: BasisUnit
    /// tce per unit of the basis (GB/T 2589).
    public let coalEquivalentPerUnit: Double
    /// t CO2 per unit that its carbon allows.
    public let lowerTonnesPerUnit: Double
    public let upperTonnesPerUnit: Double
    /// Keys of what it is made from; burning both may count the same carbon twice.
    public let madeFrom: [String]
    /// Where the bounds come from.
    public let source: String

    public init(
        key: String,
        names: LocalizedName,
        state: State,
        basis: BasisUnit,
        coalEquivalentPerUnit: Double,
        boundsTonnesPerUnit: ClosedRange<Double>,
        madeFrom: [String] = [],
        source: String
    ) {
        self.key = key
        self.names = names
        self.state = state
        self.basis = basis
        self.coalEquivalentPerUnit = coalEquivalentPerUnit
        lowerTonnesPerUnit = boundsTonnesPerUnit.lowerBound
        upperTonnesPerUnit = boundsTonnesPerUnit.upperBound
        self.madeFrom = madeFrom
        self.source = source
    }

    /// Half of the 95 % interval of a CO2 factor without stated uncertainty, percent: 2006 IPCC, Volume 2, 2.4.2 for
    /// fuels as in the worked example of Tier 1; heat and grid factors by judgement.
    public var defaultFactorPercent95: Double {
        switch state {
        case .solid: 7
        case .liquid: 3
        case .gas: 5
        case .heat: 15
        case .electricity: 5
        }
    }
}

/// The carriers that accounts may name.
public struct FuelCatalogue: Sendable {
    public let carriers: [Carrier]
    private let places: [String: Int]

    public init(_ carriers: [Carrier]) {
        self.carriers = carriers
        places = Dictionary(
            carriers.enumerated().map { ($1.key, $0) },
            uniquingKeysWith: { first, _ in first }
        )
    }

    public func carrier(_ key: String) -> Carrier? { places[key].map { carriers[$0] } }

    /// The carrier of a key or of a name in English or Chinese.
    ///
    /// - Throws: ``AccountingError`` with the nearest known name.
    public func carrier(named name: String, at place: TablePlace) throws(AccountingError) -> Carrier {
        let plain = name.lowercased().filter { !$0.isWhitespace }
        if let carrier = carrier(plain) { return carrier }
        let found = carriers.first { carrier in
            [carrier.names.english.lowercased().filter { !$0.isWhitespace }, carrier.names.chinese].contains(
                plain
            )
        }
        if let found { return found }
        let known = carriers.flatMap { [$0.key, $0.names.chinese] }
        throw AccountingError(.unknownCarrier(name, nearest: nearest(to: plain, among: known)), at: place)
    }
}

// MARK: - Plausibility

extension Carrier {
    /// Refuses a CO2 factor that the carbon of the carrier does not allow, and says which slip explains it.
    public func checkPlausible(
        tonnesPerUnit value: Double,
        per unit: BasisUnit,
        at place: TablePlace
    ) throws(AccountingError) {
        guard value.isFinite, value >= 0 else {
            throw AccountingError(.badNumber("\(value)", reason: "a factor is a number from 0"), at: place)
        }
        guard let bounds = bounds(per: unit), !bounds.contains(value) else { return }
        let range = "its carbon allows \(shortNumber(bounds.lowerBound)) to \(shortNumber(bounds.upperBound))"
        let reason = slip(value, per: unit, bounds).map { "\(range); \($0)" } ?? range
        throw AccountingError(
            .implausibleFactor(carrier: key, value: value, basis: unit, reason: reason),
            at: place
        )
    }

    /// t CO2 that one unit may give; nil where nothing is known of the unit.
    public func bounds(per unit: BasisUnit) -> ClosedRange<Double>? {
        let own = lowerTonnesPerUnit...upperTonnesPerUnit
        if unit == basis { return own }
        let perUnit: Double
        switch unit {
        case .tonneOfCoalEquivalent: perUnit = coalEquivalentPerUnit
        case .gigajoule: perUnit = coalEquivalentPerUnit * BasisUnit.gigajoulesPerTonneOfCoalEquivalent
        case .tonne where state != .heat && state != .electricity:
            // Nothing holds more carbon than carbon.
            return 0...CombustionParts.carbonDioxidePerCarbon
        default: return nil
        }
        guard perUnit > 0 else { return nil }
        return (own.lowerBound / perUnit)...(own.upperBound / perUnit)
    }

    private func slip(_ value: Double, per unit: BasisUnit, _ bounds: ClosedRange<Double>) -> String? {
        if unit != .tonneOfCoalEquivalent, coalEquivalentPerUnit > 0, unit == basis,
            let perCoalEquivalent = self.bounds(per: .tonneOfCoalEquivalent),
            perCoalEquivalent.contains(value)
        {
            let carbon = value / CombustionParts.carbonDioxidePerCarbon
            return
                "it is per tonne of standard coal (\(shortNumber((carbon * 1000).rounded() / 1000)) tC/tce x 44/12); "
                + "a \(unit.words) is \(shortNumber(coalEquivalentPerUnit)) tce and would give "
                + shortNumber((value * coalEquivalentPerUnit * 1000).rounded() / 1000)
        }
        let ratio = CombustionParts.carbonDioxidePerCarbon
        if bounds.contains(value * ratio) { return "it looks like carbon: multiply by 44/12" }
        if bounds.contains(value / ratio) { return "44/12 looks applied twice" }
        for (scale, words) in [(1e-3, "kilograms"), (1e3, "thousands of tonnes"), (1e-6, "grams")]
        where bounds.contains(value * scale) { return "it looks like \(words)" }
        return nil
    }
}
