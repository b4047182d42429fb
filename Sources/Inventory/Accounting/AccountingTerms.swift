public import Quantities

/// A closed list of terms that tables spell in English or Chinese.
public protocol TableTerm: CaseIterable, RawRepresentable, Sendable where RawValue == String {
    var names: LocalizedName { get }
    /// Other spellings in use.
    var spellings: [String] { get }
}

extension TableTerm {
    /// The term of a spelling; nil when nobody spells it so.
    public init?(spelling: String) {
        let wanted = spelling.lowercased().filter { !$0.isWhitespace && $0 != "-" && $0 != "_" }
        let found = Self.allCases.first { term in
            ([term.rawValue, term.names.english, term.names.chinese] + term.spellings).contains {
                $0.lowercased().filter { !$0.isWhitespace && $0 != "-" && $0 != "_" } == wanted
            }
        }
        guard let found else { return nil }
        self = found
    }

    /// All terms as a table spells them.
    public static var words: [String] { allCases.map(\.rawValue) }
}

/// The population a figure of energy statistics is about (口径). Figures of different scopes are never added.
public enum StatisticalScope: String, Codable, Hashable, TableTerm {
    case wholeSociety = "whole_society"
    case industry
    /// Industry above designated size, energy consumed.
    case aboveScaleIndustry = "above_scale_industry"
    /// Industry above designated size, comprehensive energy consumption: transformation netted out.
    case aboveScaleComprehensive = "above_scale_comprehensive"
    /// One facility by its meters.
    case metered

    public var names: LocalizedName {
        switch self {
        case .wholeSociety: LocalizedName(english: "whole society", chinese: "全社会")
        case .industry: LocalizedName(english: "industry", chinese: "工业")
        case .aboveScaleIndustry:
            LocalizedName(english: "industry above designated size", chinese: "规上工业")
        case .aboveScaleComprehensive:
            LocalizedName(
                english: "comprehensive consumption of industry above designated size",
                chinese: "规上综合"
            )
        case .metered: LocalizedName(english: "metered", chinese: "计量")
        }
    }

    public var spellings: [String] {
        switch self {
        case .wholeSociety: ["全社会能源消费总量", "全社会能源消费"]
        case .industry: ["工业能源消费", "全部工业"]
        case .aboveScaleIndustry: ["规模以上工业", "规模以上工业能源消费"]
        case .aboveScaleComprehensive:
            ["规模以上工业综合能源消费", "规模以上工业综合能源消费量", "规上工业综合"]
        case .metered: ["在线监测", "表计"]
        }
    }
}

/// What happens to an energy carrier, by the semantics of an energy balance.
public enum CarrierUse: String, Codable, Hashable, TableTerm {
    /// Burnt by the reporter; its carbon goes to the air here.
    case combustion
    /// Its carbon stays in products (refineries, chemicals).
    case feedstock
    /// Input to another carrier, whose use carries the carbon (coking, derived gases).
    case transformation
    /// Delivered to others.
    case export
    /// Electricity or heat bought; emitted elsewhere.
    case purchase
    /// A gas let to the air without combustion: processes, leaks. The carrier is the gas.
    case release

    public var names: LocalizedName {
        switch self {
        case .combustion: LocalizedName(english: "combustion", chinese: "燃烧")
        case .feedstock: LocalizedName(english: "feedstock", chinese: "原料")
        case .transformation: LocalizedName(english: "transformation", chinese: "加工转换")
        case .export: LocalizedName(english: "export", chinese: "调出")
        case .purchase: LocalizedName(english: "purchase", chinese: "购入")
        case .release: LocalizedName(english: "release", chinese: "过程排放")
        }
    }

    public var spellings: [String] {
        switch self {
        case .combustion: ["燃料", "终端消费", "fuel"]
        case .feedstock: ["用作原料", "非能源使用", "原材料", "non_energy_use"]
        case .transformation: ["加工转换投入", "转换"]
        case .export: ["外供", "外送"]
        case .purchase: ["调入", "外购", "净购入", "import"]
        case .release: ["逸散", "直接排放", "process"]
        }
    }
}

/// How well an amount of activity is known.
public enum DataQuality: String, Codable, Hashable, TableTerm {
    case metered
    case invoiced
    case selfReported = "self_reported"
    case estimated

    public var names: LocalizedName {
        switch self {
        case .metered: LocalizedName(english: "metered", chinese: "计量")
        case .invoiced: LocalizedName(english: "invoiced", chinese: "结算凭证")
        case .selfReported: LocalizedName(english: "self-reported", chinese: "自行填报")
        case .estimated: LocalizedName(english: "estimated", chinese: "估算")
        }
    }

    public var spellings: [String] {
        switch self {
        case .metered: ["在线监测", "表计"]
        case .invoiced: ["发票", "票据"]
        case .selfReported: ["填报", "企业填报", "reported", "统计"]
        case .estimated: ["推算"]
        }
    }

    /// Half of the 95 % interval in percent where the table gives none, from the ranges for industrial combustion
    /// in 2006 IPCC, Volume 2, Table 2.15: well developed statistics by survey, by extrapolation, less developed
    /// statistics by survey, by extrapolation.
    public var percent95: Double {
        switch self {
        case .metered: 2
        case .invoiced: 3
        case .selfReported: 5
        case .estimated: 15
        }
    }
}

/// The seven gases of the Kyoto Protocol as amended at Doha.
public enum GreenhouseGas: String, Codable, Hashable, TableTerm {
    case co2
    case ch4
    case n2o
    case hfcs
    case pfcs
    case sf6
    case nf3

    public var names: LocalizedName {
        switch self {
        case .co2: "CO₂"
        case .ch4: "CH₄"
        case .n2o: "N₂O"
        case .hfcs: LocalizedName(english: "HFCs", chinese: "氢氟碳化物")
        case .pfcs: LocalizedName(english: "PFCs", chinese: "全氟化碳")
        case .sf6: "SF₆"
        case .nf3: "NF₃"
        }
    }

    public var spellings: [String] { [] }
}
