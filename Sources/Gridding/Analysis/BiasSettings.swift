public import Quantities

/// How soundings are looked through for biases.
public struct BiasSettings: Codable, Hashable, Sendable {
    /// A finding is flagged when its estimate is more than so many standard errors from zero,
    public var significance = 3.0
    /// and larger than this, ppm.
    public var smallestPartsPerMillion: Double
    /// The same for footprints, whose biases are known far better, ppm.
    public var smallestFootprintPartsPerMillion: Double
    /// Soundings closer in time are of one frame, s: frames of OCO-2 and OCO-3 follow at 0.333 s.
    public var frameSeconds = 0.15
    /// Footprints of a frame are compared with those so many places to either side.
    public var footprintReach = 7
    /// Cells in which land is compared with water, degrees.
    public var coastDegrees = 0.5
    /// Cells in which modes are compared over a month, degrees.
    public var modeDegrees = 2.0
    /// A gap in time that parts swaths, s.
    public var swathGapSeconds = 3.0
    /// Swaths over one place come within that time, s,
    public var sceneSeconds = 3600.0
    /// and that distance of the first sounding, km.
    public var sceneKilometres = 150.0
    /// Soundings of two swaths that near each other are compared, km.
    public var neighbourKilometres = 5.0
    /// Fewest soundings of each swath near the other.
    public var fewestNeighbours = 10

    /// - Parameter gas: 0.5 ppm for carbon dioxide, and as much relative to noise for others (2 ppb of methane).
    public init(gas: Gas = .co2) {
        smallestPartsPerMillion = 0.5 * gas.unitUncertainty
        smallestFootprintPartsPerMillion = 0.2 * gas.unitUncertainty
    }
}

/// What may be wrong with soundings; carried into level 3 as a mask.
public struct BiasFlags: OptionSet, Codable, Hashable, Sendable {
    public let rawValue: UInt8
    public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// A footprint across the track differs from its neighbours.
    public static let footprint = BiasFlags(rawValue: 1)
    /// Land and water differ along coasts.
    public static let surface = BiasFlags(rawValue: 2)
    /// Ways of looking differ over one region and month.
    public static let mode = BiasFlags(rawValue: 4)
    /// Swaths over one place within an hour differ.
    public static let swath = BiasFlags(rawValue: 8)

    /// For CF `flag_meanings`, in the order of the bits.
    public static let meanings = [
        "footprint_bias", "land_water_bias", "observation_mode_bias", "swath_jump",
    ]
}

/// One estimate of a bias.
public struct BiasFinding: Codable, Hashable, Sendable {
    /// `footprint 3`, `land minus water`, `glint minus nadir`.
    public let subject: String
    /// ppm
    public let estimate: Double
    /// ppm; NaN (null in JSON) when there are too few groups to tell.
    public let standardError: Double?
    /// Estimate over standard error.
    public let z: Double?
    /// Soundings, or pairs of neighbouring cells, that it rests on.
    public let count: Int
    public let isFlagged: Bool

    init(
        _ subject: String,
        _ estimate: Estimate,
        count: Int,
        _ settings: BiasSettings,
        smallest: Double? = nil
    ) {
        self.subject = subject
        self.estimate = estimate.mean
        self.count = count
        let error = estimate.standardDeviation
        let isKnown = error.isFinite && error > 0
        standardError = isKnown ? error : nil
        z = isKnown ? estimate.mean / error : nil
        isFlagged =
            isKnown && abs(estimate.mean) > smallest ?? settings.smallestPartsPerMillion
            && abs(estimate.mean) > settings.significance * error
    }

    /// `footprint 3: -0.16 ppm ± 0.01 (z = -16.0, n = 7500)`, with ` !` when flagged.
    public func line(unit: Gas) -> String {
        let factor = unit == .co2 ? 1.0 : 1000
        let name = unit == .co2 ? "ppm" : "ppb"
        let error = standardError.map { " ± \(rounded($0 * factor, 3))" } ?? ""
        let ratio = z.map { "z = \(rounded($0, 1)), " } ?? ""
        return "\(subject): \(rounded(estimate * factor, 3)) \(name)\(error) (\(ratio)n = \(count))"
            + (isFlagged ? " !" : "")
    }
}

func rounded(_ value: Double, _ places: Int) -> String {
    let scale = (0..<places).reduce(1.0) { product, _ in product * 10 }
    let number = (value * scale).rounded() / scale
    return "\(number == 0 ? 0 : number)"
}

/// Two swaths over one place that do not agree, or do.
public struct SwathJump: Codable, Hashable, Sendable {
    /// Start of the earlier and the later swath, s since 1970.
    public let firstSeconds: Double
    public let secondSeconds: Double
    /// Middle of the soundings compared, degrees.
    public let longitude: Double
    public let latitude: Double
    /// Half the extent of the soundings compared, degrees.
    public let halfWidthDegrees: Double
    public let halfHeightDegrees: Double
    /// Median of the later minus that of the earlier swath.
    public let finding: BiasFinding

    public var isFlagged: Bool { finding.isFlagged }
}
