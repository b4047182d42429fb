/// A number with the 95 % bounds of its source.
public struct BoundedValue: Hashable, Codable, Sendable {
    public let value: Double
    public let lower: Double
    public let upper: Double

    /// Without bounds the value itself stands for both.
    public init(_ value: Double, lower: Double? = nil, upper: Double? = nil) {
        self.value = value
        self.lower = lower ?? value
        self.upper = upper ?? value
    }

    /// Below and above the value, relative to it.
    var relative: (lower: Double, upper: Double) {
        value > 0 ? ((value - lower) / value, (upper - value) / value) : (0, 0)
    }
}

/// One factor of a set, as its table gives it: of one gas, per one basis.
public struct FactorRecord: Hashable, Codable, Sendable {
    public let carrier: String
    /// The gas as released, e.g. `co2`.
    public let species: String
    public let basis: BasisUnit
    /// Tonnes of gas per unit of the basis.
    public let tonnesPerUnit: Double
    /// GJ per unit of the basis, where the table gives it.
    public let calorificValue: BoundedValue?
    /// Tonnes of gas per GJ, oxidation included, where the table gives it.
    public let tonnesPerGigajoule: BoundedValue?
    public let oxidation: Double?
    /// Below and above the factor, half of the 95 % interval relative to it.
    public let lowerRelative95: Double
    public let upperRelative95: Double
    /// False when the set gives no bounds and a default of the carrier stands in.
    public let hasOwnUncertainty: Bool
    public let source: String
    /// What remains to be verified.
    public let note: String
    /// Told with every account that uses the factor.
    public let warning: String
    /// Both in Chinese; empty where the table has them in one language.
    public let chineseNote: String
    public let chineseWarning: String
    public let place: TablePlace

    /// The parts of a row of a factor table.
    public struct Row: Sendable {
        public var species = "co2"
        public var basis: BasisUnit
        public var calorificValue: BoundedValue?
        /// tC/GJ.
        public var carbonTonnesPerGigajoule: Double?
        /// t/GJ before oxidation.
        public var emissionFactor: BoundedValue?
        public var oxidation: Double?
        /// Printed factor, t per unit.
        public var tonnesPerUnit: Double?
        public var percent95: Double?
        public var source: String
        public var note = ""
        public var warning = ""
        public var chineseNote = ""
        public var chineseWarning = ""

        public init(basis: BasisUnit, source: String) {
            self.basis = basis
            self.source = source
        }
    }

    /// Computes the factor from its parts and compares it with the printed one, then with what the carbon of the
    /// carrier allows.
    ///
    /// - Throws: ``AccountingError`` for parts that disagree by more than 0.2 % (rounding of printed digits) and for
    ///   implausible factors.
    public init(carrier: Carrier, row: Row, at place: TablePlace) throws(AccountingError) {
        let perGigajoule = try Self.perGigajoule(row, place)
        let computed = Self.product(row.calorificValue, perGigajoule)
        guard let value = computed ?? row.tonnesPerUnit else {
            throw AccountingError(.missingValue, at: place.at("t_per_unit"))
        }
        if let computed, let printed = row.tonnesPerUnit, abs(printed - computed) > 0.002 * abs(computed) {
            throw AccountingError(
                .partsDisagree(carrier: carrier.key, printed: printed, computed: computed),
                at: place.at("t_per_unit")
            )
        }
        if row.species == "co2" {
            try carrier.checkPlausible(tonnesPerUnit: value, per: row.basis, at: place.at("t_per_unit"))
        }
        self.carrier = carrier.key
        species = row.species
        basis = row.basis
        tonnesPerUnit = value
        calorificValue = row.calorificValue
        tonnesPerGigajoule = perGigajoule
        oxidation = row.oxidation
        let bounds = Self.relativeBounds(row, carrier)
        (lowerRelative95, upperRelative95, hasOwnUncertainty) = bounds
        source = row.source
        note = row.note
        warning = row.warning
        chineseNote = row.chineseNote
        chineseWarning = row.chineseWarning
        self.place = place
    }

    private static func perGigajoule(_ row: Row, _ place: TablePlace) throws(AccountingError) -> BoundedValue?
    {
        let oxidation = row.oxidation ?? 1
        guard (0...1).contains(oxidation) else {
            throw AccountingError(
                .badNumber("\(oxidation)", reason: "a share from 0 to 1"),
                at: place.at("oxidation")
            )
        }
        if let factor = row.emissionFactor {
            return BoundedValue(
                factor.value * oxidation,
                lower: factor.lower * oxidation,
                upper: factor.upper * oxidation
            )
        }
        return row.carbonTonnesPerGigajoule.map {
            BoundedValue($0 * oxidation * CombustionParts.carbonDioxidePerCarbon)
        }
    }

    private static func product(_ calorific: BoundedValue?, _ perGigajoule: BoundedValue?) -> Double? {
        guard let calorific, let perGigajoule else { return nil }
        return calorific.value * perGigajoule.value
    }

    /// Relative bounds of a product of independent parts add in quadrature, each side for itself.
    private static func relativeBounds(_ row: Row, _ carrier: Carrier) -> (Double, Double, Bool) {
        if let percent = row.percent95 { return (percent / 100, percent / 100, true) }
        let parts = [row.calorificValue, row.emissionFactor].compactMap { $0?.relative }
        let lower = parts.reduce(0) { $0 + $1.lower * $1.lower }.squareRoot()
        let upper = parts.reduce(0) { $0 + $1.upper * $1.upper }.squareRoot()
        if lower + upper > 0 { return (lower, upper, true) }
        let fallback = carrier.defaultFactorPercent95 / 100
        return (fallback, fallback, false)
    }

    /// The factor per a basis, as a type that only multiplies activities of that basis.
    ///
    /// - Throws: ``AccountingError`` when the table gives the factor per something else.
    public func factor<Basis: FactorBasis>(
        per basis: Basis.Type,
        set: String,
        at activity: TablePlace
    ) throws(AccountingError) -> EmissionFactor<Basis> {
        if Basis.unit == self.basis { return EmissionFactor(tonnesPerUnit: tonnesPerUnit) }
        // Energy is energy: a set with the carbon per GJ serves activities in GJ.
        if Basis.unit == .gigajoule, let perGigajoule = tonnesPerGigajoule {
            return EmissionFactor(tonnesPerUnit: perGigajoule.value)
        }
        throw AccountingError(
            .basisMismatch(carrier: carrier, activity: Basis.unit, factor: self.basis, set: set),
            at: activity
        )
    }
}

extension FactorRecord {
    /// The only place where numbers of files become typed amounts: each basis meets its own factors. Standard coal is
    /// energy and may meet the carbon per GJ.
    func product(
        units: Double,
        of basis: BasisUnit,
        set: String,
        at place: TablePlace
    ) throws(AccountingError) -> (units: Double, factor: Double, basis: BasisUnit) {
        func typed<Basis: FactorBasis>(_ type: Basis.Type) throws(AccountingError) -> (
            Double, Double, BasisUnit
        ) {
            (units, try factor(per: type, set: set, at: place).tonnesPerUnit, Basis.unit)
        }
        switch basis {
        case .tonne: return try typed(FuelTonne.self)
        case .tenThousandCubicMetres: return try typed(TenThousandCubicMetres.self)
        case .gigajoule: return try typed(Gigajoule.self)
        case .kilowattHour: return try typed(KilowattHour.self)
        case .tonneOfCoalEquivalent:
            guard self.basis != .tonneOfCoalEquivalent, tonnesPerGigajoule != nil else {
                return try typed(TonneOfCoalEquivalent.self)
            }
            let energy = ActivityAmount<TonneOfCoalEquivalent>(units: units).gigajoules
            return (
                energy.units, try factor(per: Gigajoule.self, set: set, at: place).tonnesPerUnit, .gigajoule
            )
        }
    }
}

/// A table of factors with its name and version.
public struct FactorSet: Sendable {
    public let id: String
    public let version: String
    public let records: [FactorRecord]
    private let places: [String: [Int]]

    public init(id: String, version: String, records: [FactorRecord]) {
        self.id = id
        self.version = version
        self.records = records
        places = Dictionary(grouping: records.indices) { records[$0].carrier }
    }

    /// All factors of a carrier, one per gas.
    public func records(of carrier: String) -> [FactorRecord] { (places[carrier] ?? []).map { records[$0] } }
}
