public import Quantities

/// Soundings of one product in columns: element `i` of every array belongs to sounding `i`.
///
/// Profiles are flat, `soundings x levels`, level 0 at the top of the atmosphere.
public struct SoundingBatch: Sendable {
    public let product: String
    public let gas: Gas
    public let scale: CalibrationScale
    public let levels: Int

    /// The producer's identifiers; above 2^53, so never through a double.
    public var ids: [UInt64] = []
    public var times: [Instant] = []
    public var longitudes: [Double] = []
    public var latitudes: [Double] = []
    /// Column-averaged dry-air mole fraction, ppm.
    public var columns: [Double] = []
    /// Standard uncertainty of `columns`, ppm.
    public var uncertainties: [Double] = []
    /// Prior column, ppm.
    public var priorColumns: [Double] = []
    /// Normalised column averaging kernel, 1.
    public var averagingKernels: [Double] = []
    /// Pressure weight, 1; sums to one for each sounding.
    public var pressureWeights: [Double] = []
    /// Prior profile, ppm.
    public var priorProfiles: [Double] = []
    /// Pressure at the levels, hPa.
    public var pressures: [Double] = []
    /// How many soundings of the source were left out, and why.
    public var rejected: [RejectionReason: Int] = [:]

    public init(product: String, gas: Gas, scale: CalibrationScale, levels: Int) {
        self.product = product
        self.gas = gas
        self.scale = scale
        self.levels = levels
    }

    public var count: Int { columns.count }

    /// Makes room for that many soundings in every column.
    public mutating func reserveCapacity(_ soundings: Int) {
        ids.reserveCapacity(soundings)
        times.reserveCapacity(soundings)
        longitudes.reserveCapacity(soundings)
        latitudes.reserveCapacity(soundings)
        columns.reserveCapacity(soundings)
        uncertainties.reserveCapacity(soundings)
        priorColumns.reserveCapacity(soundings)
        averagingKernels.reserveCapacity(soundings * levels)
        pressureWeights.reserveCapacity(soundings * levels)
        priorProfiles.reserveCapacity(soundings * levels)
        pressures.reserveCapacity(soundings * levels)
    }
}

/// Why a sounding is not used.
public enum RejectionReason: String, Codable, CaseIterable, Comparable, Sendable {
    case missingValue = "missing_value"
    case qualityFlag = "quality_flag"
    case invalidPosition = "invalid_position"
    case invalidUncertainty = "invalid_uncertainty"
    /// Its pressure weights do not sum to one or do not give its own prior column.
    case inconsistentOperator = "inconsistent_operator"
    case outsideGrid = "outside_grid"
    /// The same sounding came before, from this file or another.
    case duplicate

    public static func < (a: Self, b: Self) -> Bool { a.rawValue < b.rawValue }
}
