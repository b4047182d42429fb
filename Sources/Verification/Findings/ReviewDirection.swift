public import Quantities

/// Which side of a difference is to be looked at.
public enum ReviewDirection: String, CaseIterable, Codable, Sendable {
    case inventoryToReview = "inventory_to_review"
    case observationToReview = "observation_to_review"
    case none

    public var name: LocalizedName {
        switch self {
        case .inventoryToReview: LocalizedName(english: "inventory to review", chinese: "清单待复核")
        case .observationToReview: LocalizedName(english: "observation to review", chinese: "观测待复核")
        case .none: LocalizedName(english: "none", chinese: "无")
        }
    }
}

/// What may explain a difference.
public enum ExplanationCode: String, CaseIterable, Codable, Sendable {
    case boundary
    case biogenic
    case missingSources = "missing_sources"
    case activityData = "activity_data"
    case emissionFactor = "emission_factor"
    case timing
    case transportError = "transport_error"
    case background
    case calibration
    case poorFit = "poor_fit"
    case neighbouringSource = "neighbouring_source"
    case unconstrained
    case chance
    /// A tension: larger than the combined standard uncertainty, within two of them.
    case withinTwoSigma = "within_two_sigma"

    public var name: LocalizedName {
        switch self {
        case .boundary: LocalizedName(english: "system boundary", chinese: "核算边界")
        case .biogenic: LocalizedName(english: "biogenic flux", chinese: "生物圈通量")
        case .missingSources: LocalizedName(english: "missing sources", chinese: "遗漏排放源")
        case .activityData: LocalizedName(english: "activity data", chinese: "活动数据")
        case .emissionFactor: LocalizedName(english: "emission factor", chinese: "排放因子")
        case .timing: LocalizedName(english: "temporal profile", chinese: "时间分配")
        case .transportError: LocalizedName(english: "transport model", chinese: "传输模型误差")
        case .background: LocalizedName(english: "background", chinese: "背景浓度")
        case .calibration: LocalizedName(english: "calibration", chinese: "仪器标校")
        case .poorFit: LocalizedName(english: "poor fit to the observations", chinese: "与观测拟合不佳")
        case .neighbouringSource: LocalizedName(english: "neighbouring source", chinese: "邻近排放源")
        case .unconstrained: LocalizedName(english: "not constrained by observations", chinese: "观测约束不足")
        case .withinTwoSigma:
            LocalizedName(
                english: "tension within twice the uncertainty: to be watched",
                chinese: "差异在两倍不确定度以内：持续关注"
            )
        case .chance: LocalizedName(english: "chance among many regions", chinese: "多重比较中的偶然")
        }
    }
}
