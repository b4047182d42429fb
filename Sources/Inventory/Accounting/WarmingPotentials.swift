/// The assessment report whose warming potentials are used.
public enum AssessmentReport: String, CaseIterable, Codable, Hashable, Sendable {
    case fourth = "ar4"
    case fifth = "ar5"
    case sixth = "ar6"
}

/// Warming potentials of one assessment report over 100 years: tonnes of CO2 with the effect of one tonne.
public struct WarmingPotentials: Hashable, Codable, Sendable {
    /// A gas as released; HFCs and PFCs are families of several.
    public struct Species: Hashable, Codable, Sendable {
        public let gas: GreenhouseGas
        public let potential: Double

        public init(gas: GreenhouseGas, potential: Double) {
            self.gas = gas
            self.potential = potential
        }
    }

    public let report: AssessmentReport
    /// The table of the report.
    public let source: String
    /// By the lower-case formula or name, e.g. `ch4`, `hfc-134a`.
    public let species: [String: Species]

    public init(report: AssessmentReport, source: String, species: [String: Species]) {
        self.report = report
        self.source = source
        self.species = species
    }

    /// The species of a name as tables spell it: `CF₄`, `HFC134a`, `c-C4F8`; nil when unknown.
    public func found(_ name: String) -> (name: String, species: Species)? {
        let wanted = Self.plain(name)
        guard let key = species.keys.first(where: { Self.plain($0) == wanted }), let value = species[key]
        else { return nil }
        return (key, value)
    }

    private static func plain(_ name: String) -> String {
        let subscripts: [Character: Character] = [
            "₂": "2", "₃": "3", "₄": "4", "₆": "6", "₈": "8", "₁": "1", "₀": "0",
        ]
        return String(name.lowercased().filter { !"-_ ".contains($0) }.map { subscripts[$0] ?? $0 })
    }
}
