/// Why a sounding is not used.
public enum RejectionReason: String, Codable, CaseIterable, Comparable, Sendable {
    case missingValue = "missing_value"
    case qualityFlag = "quality_flag"
    /// Outside a threshold that the user or the product's documentation sets.
    case failedFilter = "failed_filter"
    case invalidPosition = "invalid_position"
    /// Its time cannot be read, or lies outside the years 1 to 9999.
    case invalidTime = "invalid_time"
    case invalidUncertainty = "invalid_uncertainty"
    /// No column of the gas is so low or high.
    case implausibleValue = "implausible_value"
    /// Its corners are missing, coincide or span too far, and the method needs them.
    case invalidFootprint = "invalid_footprint"
    /// It goes round a pole, where longitude and latitude give it no shape.
    case polarFootprint = "polar_footprint"
    /// Its corners lie away from its centre, or span more than any footprint of the product.
    case displacedFootprint = "displaced_footprint"
    /// Its time is not the one that its identifier tells.
    case contradictoryTime = "contradictory_time"
    /// Its pressure weights do not sum to one or do not give its own prior column, or its profiles are impossible.
    case inconsistentOperator = "inconsistent_operator"
    case outsideGrid = "outside_grid"
    case outsidePeriod = "outside_period"
    /// The same sounding came before, from this file or another.
    case duplicate

    public static func < (a: Self, b: Self) -> Bool { a.rawValue < b.rawValue }
}
