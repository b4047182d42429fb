public import Formats
public import Geo
public import Inversion
public import Quantities
public import Report

/// An inverse problem ready to be solved, with all that is needed to tell afterwards what came out.
public struct PreparedProblem: Sendable {
    public var title: LocalizedName
    /// Unit of `quantities`.
    public var unit: LocalizedName
    /// Observations and Jacobian in ppm with coordinates, used rows only.
    public var input: LinearProblemInput
    /// Every observation that was at hand, used or not. The used ones are the rows of `problem`, in order.
    public var observations: [ObservationRow]
    /// The one calibration scale of the observations.
    public var scale: CalibrationScale
    public var stateLabels: [StateLabel]
    public var quantities: [PreparedQuantity]
    /// Standard deviation of the model error that was added to the measurement's, ppm; nil when the problem
    /// came with a complete error.
    public var modelErrorPartsPerMillion: Double?
    /// Whether the model error was chosen so that chi2 / n is one.
    public var isModelErrorTuned = false
    /// Which table of the report holds the quantities.
    public var role = ComparisonGroup.Role.result

    public var problem: LinearProblem { input.problem }
}

/// How one state element is shown.
public struct StateLabel: Sendable {
    public var name: LocalizedName
    public var unit: String
}

/// A reported quantity: `weights` times the state.
public struct PreparedQuantity: Sendable {
    public var name: LocalizedName
    /// One per state element, in the unit of the problem's quantities.
    public var weights: [Double]
    /// What does not depend on the state.
    public var offset = 0.0
    /// The declared figure.
    public var inventory: Estimate
    public var inventoryIsPrior: Bool
    public var truth: Double?
    public var position: Position?
}

/// One observation and what became of it.
public struct ObservationRow: Sendable {
    /// Station and instrument, or the product of a sounding.
    public var source: LocalizedName
    public var time: Instant?
    public var position: Position?
    /// ppm; nil when there is none.
    public var value: Double?
    /// Standard uncertainty of the measurement, ppm.
    public var sigma: Double?
    /// Identifier of the raw message in the store.
    public var rawMessage: Int64?
    /// Why it was not used; nil when it was.
    public var exclusion: Exclusion?

    public var isUsed: Bool { exclusion == nil }
}

/// Why an observation takes no part in an inversion.
public enum Exclusion: String, CaseIterable, Sendable {
    case noReading = "no_reading"
    case flagged = "flagged"
    case noUncertainty = "no_uncertainty"
    case incompleteFootprint = "incomplete_footprint"
    case noFootprint = "no_footprint"
    case ambiguousFootprint = "ambiguous_footprint"
    case emptyFootprint = "empty_footprint"
    case missingFlux = "missing_flux"
    case repeated
    case missingBoundary = "missing_boundary"
    case outsidePeriod = "outside_period"

    /// The reason in words.
    public var reason: LocalizedName {
        switch self {
        case .noReading:
            LocalizedName(english: "no reading in the store for this hour", chinese: "数据库中该小时无读数")
        case .flagged:
            LocalizedName(english: "flagged by quality control", chinese: "质控标记不合格")
        case .noUncertainty:
            LocalizedName(english: "no standard uncertainty", chinese: "无标准不确定度")
        case .incompleteFootprint:
            LocalizedName(
                english: "incomplete footprint (boundary closure below the threshold)",
                chinese: "足迹不完整（边界闭合度低于阈值）"
            )
        case .noFootprint:
            LocalizedName(english: "no footprint for this time", chinese: "该时刻无足迹")
        case .ambiguousFootprint:
            LocalizedName(
                english: "footprints of several inlets, which its height does not tell apart",
                chinese: "多个进气口的足迹，无法按高度区分"
            )
        case .emptyFootprint:
            LocalizedName(english: "a footprint without values", chinese: "足迹无数值")
        case .missingFlux:
            LocalizedName(
                english: "more than 1 % of the footprint meets no known flux",
                chinese: "足迹中超过1 %处无已知通量"
            )
        case .repeated:
            LocalizedName(english: "the same observation once more", chinese: "同一观测重复出现")
        case .outsidePeriod:
            LocalizedName(english: "outside of the period of the case", chinese: "不在算例时段内")
        case .missingBoundary:
            LocalizedName(
                english: "no boundary mole fraction for more than 1 % of the particles",
                chinese: "超过1 %的粒子无边界浓度"
            )
        }
    }
}

extension [ObservationRow] {
    /// How many take no part and why, such as "11 incomplete footprint"; empty where all are used.
    public var exclusionCounts: [String] {
        Exclusion.allCases.compactMap { exclusion in
            let number = count { $0.exclusion == exclusion }
            return number == 0 ? nil : "\(number) \(exclusion.reason.english)"
        }
    }
}
