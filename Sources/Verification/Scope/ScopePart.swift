public import Quantities

/// A part of emissions that some figures count and others do not.
public enum ScopePart: String, CaseIterable, Codable, Sendable {
    case internationalBunkers = "international_bunkers"
    case cementProcess = "cement_process"
    case biofuelCO2 = "biofuel_co2"
    case respiration
    case wasteIncineration = "waste_incineration"
    case importedElectricity = "imported_electricity"
    case landUse = "land_use"
    case shippingAndAviationCruise = "shipping_and_aviation_cruise"
    /// Exchange with the living biosphere that what is seen from the air holds.
    case biogenicFlux = "biogenic_flux"

    public var name: LocalizedName {
        switch self {
        case .internationalBunkers: LocalizedName(english: "international bunkers", chinese: "国际航空航海燃料")
        case .cementProcess: LocalizedName(english: "cement process emissions", chinese: "水泥生产过程排放")
        case .biofuelCO2: LocalizedName(english: "CO₂ of biofuels", chinese: "生物质燃料CO₂")
        case .respiration: LocalizedName(english: "human and animal respiration", chinese: "人畜呼吸")
        case .wasteIncineration: LocalizedName(english: "waste incineration", chinese: "废弃物焚烧")
        case .importedElectricity: LocalizedName(english: "imported electricity", chinese: "调入电力间接排放")
        case .landUse:
            LocalizedName(english: "land use, land-use change and forestry", chinese: "土地利用变化与林业")
        case .shippingAndAviationCruise:
            LocalizedName(english: "shipping and aviation cruise", chinese: "航运与航空巡航")
        case .biogenicFlux: LocalizedName(english: "biogenic flux", chinese: "生物圈通量")
        }
    }
}

/// What a figure stands for.
public struct Scope: Hashable, Sendable {
    public let gas: Gas
    /// Stable id of the territory as its region file names it.
    public let territory: String
    public let period: Period
    /// The parts that the figure counts; those not named are not counted.
    public let parts: Set<ScopePart>

    public init(gas: Gas, territory: String, period: Period, parts: Set<ScopePart>) {
        self.gas = gas
        self.territory = territory
        self.period = period
        self.parts = parts
    }

    func counting(_ parts: Set<ScopePart>) -> Scope {
        Scope(gas: gas, territory: territory, period: period, parts: parts)
    }
}

/// Figures that must not be compared, or a step that cannot be taken.
public enum ScopeError: Fault, Equatable {
    /// What differs between two figures, in words.
    case unaligned([String])
    case alreadyWithout(ScopePart, step: Int)
    case alreadyWith(ScopePart, step: Int)
    case unusable(String, step: Int)

    public var exitStatus: ExitStatus { .badData }
    public var what: String {
        switch self {
        case .unaligned(let differences):
            "the figures do not cover the same: " + differences.joined(separator: "; ")
        case .alreadyWithout(let part, _): "the figure does not count \(part.name.english)"
        case .alreadyWith(let part, _): "the figure already counts \(part.name.english)"
        case .unusable(let problem, _): problem
        }
    }
    public var place: String {
        switch self {
        case .unaligned: ""
        case .alreadyWithout(_, let step), .alreadyWith(_, let step), .unusable(_, let step):
            "alignment step \(step)"
        }
    }
    public var remedy: String {
        switch self {
        case .unaligned: "align one of them by named steps before comparing"
        case .alreadyWithout, .alreadyWith: "remove the step, or name the parts the figure counts"
        case .unusable: ""
        }
    }
}
