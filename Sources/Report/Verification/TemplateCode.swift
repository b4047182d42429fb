public import Quantities

/// The tables that every verification report holds or names as absent.
///
/// After what agencies print: the verification annexes of the United Kingdom and Switzerland, PARIS, VERIFY, and
/// IPCC 2019 Refinement, volume 1, 6.10.2.
public enum TableCode: Int, CaseIterable, Codable, Sendable {
    case scope = 1
    case observations, inventory, result, subRegions, sectors, facilities, trend, sensitivity, fit, budget,
        reasons, targets, lineage

    /// `T1` to `T14`.
    public var label: String { "T\(rawValue)" }

    public var title: LocalizedName {
        switch self {
        case .scope: LocalizedName(english: "Scope of the comparison", chinese: "比较范围")
        case .observations: LocalizedName(english: "Observations used", chinese: "所用观测")
        case .inventory:
            LocalizedName(english: "Bottom-up inventory by sector", chinese: "自下而上清单（分部门）")
        case .result: LocalizedName(english: "Result: declared and found", chinese: "核查结果：申报与反演")
        case .subRegions: LocalizedName(english: "Result by sub-region", chinese: "分区域结果")
        case .sectors: LocalizedName(english: "Result by sector", chinese: "分部门结果")
        case .facilities: LocalizedName(english: "Largest facilities", chinese: "重点排放单位")
        case .trend: LocalizedName(english: "Trend", chinese: "变化趋势")
        case .sensitivity: LocalizedName(english: "Sensitivity to choices", chinese: "敏感性试验矩阵")
        case .fit: LocalizedName(english: "Fit to the observations", chinese: "观测拟合统计")
        case .budget: LocalizedName(english: "Uncertainty budget", chinese: "不确定度分量")
        case .reasons:
            LocalizedName(english: "Reasons for differences, and action", chinese: "差异原因与处置")
        case .targets: LocalizedName(english: "Targets and dual control", chinese: "目标与双控指标")
        case .lineage: LocalizedName(english: "Data lineage and versions", chinese: "数据溯源与版本")
        }
    }
}

/// The figures that every verification report holds or names as absent.
public enum FigureCode: Int, CaseIterable, Codable, Sendable {
    case map = 1
    case series, fluxes, bars, observations, databases, quadrant, scenario

    /// `F1` to `F8`.
    public var label: String { "F\(rawValue)" }

    public var title: LocalizedName {
        switch self {
        case .map: LocalizedName(english: "Region, network and sources", chinese: "区域、站网与排放源")
        case .series:
            LocalizedName(english: "Emissions over time, with bands of 95 %", chinese: "排放时间序列（95 % 区间）")
        case .fluxes:
            LocalizedName(english: "Prior, posterior and difference", chinese: "先验、后验及其差异")
        case .bars: LocalizedName(english: "Declared and found", chinese: "申报值与反演值")
        case .observations: LocalizedName(english: "Observation and model", chinese: "观测与模拟")
        case .databases: LocalizedName(english: "Bottom-up databases", chinese: "自下而上数据库比较")
        case .quadrant: LocalizedName(english: "State and trend", chinese: "状态与趋势象限图")
        case .scenario: LocalizedName(english: "Outlook and peak year", chinese: "情景展望与达峰年份")
        }
    }

    /// The table that holds the numbers drawn.
    public var table: TableCode {
        switch self {
        case .map, .observations: .fit
        case .series: .trend
        case .fluxes, .bars: .result
        case .databases: .subRegions
        case .quadrant, .scenario: .targets
        }
    }
}
