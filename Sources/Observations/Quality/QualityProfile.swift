public import Quantities

/// The kind of an instrument, which chooses the defaults of its tests.
public enum InstrumentGrade: String, Codable, CaseIterable, Sendable {
    case reference
    case midCost = "mid-cost"
    case lowCost = "low-cost"
}

/// The tests that the readings of an instrument undergo among their neighbours, with their thresholds. A test
/// whose threshold is nil is not run.
public struct QualityProfile: Equatable, Sendable {
    /// Goes up whenever a test decides differently with the same thresholds; exported beside the flags.
    public static let version = 2

    public var grade: InstrumentGrade?
    /// For so long an instrument may repeat its last value; equal values within count as one. 0 for one that
    /// does not. Seconds.
    public var holdSeconds = 0.0
    public var rateOfChange: RateOfChangeLimit?
    public var hampel: HampelLimit?
    public var spike: NeighbourSpikeLimit?
    public var flatLine: FlatLineLimit?
    public var attenuation: AttenuationLimit?
    /// Of the analyser, after a gap between values.
    public var warmUp: WarmUpLimit?
    /// Of the receiver, after a gap between positions.
    public var fixWarmUp: WarmUpLimit?
    public var fix: FixLimit?
    /// Faster than this between two fixes is a jump, m s-1.
    public var jumpMetresPerSecond: Double?
    /// Slower than this the vehicle stands, m s-1; a remark.
    public var standstillMetresPerSecond: Double?
    public var ownExhaust: OwnExhaustLimit?
    /// Empty where no climatology is known. Of a month and hour without a band nothing is said.
    public var climatology: [ClimatologyBand] = []
    public var background: BackgroundFloor?
    /// More water vapour than this cannot be corrected for, % of moist air.
    public var largestWaterVapourPercent: Double?
    public var smallestBatteryVolts: Double?
    /// Against the stations that the instrument names as its neighbours.
    public var buddy: BuddyLimit?
    /// Against the reference that the instrument names.
    public var colocation: ColocationLimit?
    /// Against the companion gas that the instrument names.
    public var ratio: RatioLimit?
    /// Of a vehicle, against the stations it passes.
    public var stationPass: StationPassLimit?

    /// No tests.
    public init() {}
}

/// How fast air can change between two values that follow each other.
public struct RateOfChangeLimit: Equatable, Sendable {
    public var partsPerMillionPerSecond: Double
    /// A shorter step counts as this long, so that noise over milliseconds is no rate; seconds.
    public var shortestStepSeconds: Double
    /// Values further apart are not compared, seconds.
    public var longestStepSeconds: Double

    public init(partsPerMillionPerSecond: Double, shortestStepSeconds: Double, longestStepSeconds: Double) {
        self.partsPerMillionPerSecond = partsPerMillionPerSecond
        self.shortestStepSeconds = shortestStepSeconds
        self.longestStepSeconds = longestStepSeconds
    }
}

/// Distance from the median of a centred window in robust standard deviations, 1.4826 times the median absolute
/// deviation (Hampel 1974, J. Am. Stat. Assoc. 69, 383; Pearson et al. 2016, EURASIP J. Adv. Signal Process. 87).
public struct HampelLimit: Equatable, Sendable {
    /// Full width, seconds; half of it to either side.
    public var windowSeconds: Double
    public var deviations: Double
    /// Smaller distances are no spikes however quiet the neighbourhood, ppm.
    public var smallestDistancePartsPerMillion: Double
    /// An excess is remarked as a plume and not doubted: a vehicle is sent out to find them.
    public var keepsPlumes: Bool

    public init(
        windowSeconds: Double,
        deviations: Double,
        smallestDistancePartsPerMillion: Double,
        keepsPlumes: Bool
    ) {
        self.windowSeconds = windowSeconds
        self.deviations = deviations
        self.smallestDistancePartsPerMillion = smallestDistancePartsPerMillion
        self.keepsPlumes = keepsPlumes
    }
}

/// Distance from the two neighbours (IOOS, Manual for Real-Time Quality Control, test 7).
public struct NeighbourSpikeLimit: Equatable, Sendable {
    public enum Method: String, CaseIterable, Sendable {
        /// From the mean of both.
        case average
        /// From the nearer of both, where the value lies above both or below both.
        case differential
    }

    public var method: Method
    public var suspectPartsPerMillion: Double
    public var failPartsPerMillion: Double
    /// Neighbours further away are none, seconds.
    public var longestStepSeconds: Double

    public init(
        method: Method,
        suspectPartsPerMillion: Double,
        failPartsPerMillion: Double,
        longestStepSeconds: Double
    ) {
        self.method = method
        self.suspectPartsPerMillion = suspectPartsPerMillion
        self.failPartsPerMillion = failPartsPerMillion
        self.longestStepSeconds = longestStepSeconds
    }
}

/// A stretch of time in which the values stay within a range. A hole of more than a third of the suspect duration
/// ends a stretch, so that one has four values or more.
public struct FlatLineLimit: Equatable, Sendable {
    /// The largest difference of two values of a flat stretch, ppm.
    public var tolerancePartsPerMillion: Double
    public var suspectSeconds: Double
    public var failSeconds: Double

    public init(tolerancePartsPerMillion: Double, suspectSeconds: Double, failSeconds: Double) {
        self.tolerancePartsPerMillion = tolerancePartsPerMillion
        self.suspectSeconds = suspectSeconds
        self.failSeconds = failSeconds
    }
}

/// Air varies more than this within the time; less is suspect.
public struct AttenuationLimit: Equatable, Sendable {
    public var rangePartsPerMillion: Double
    public var seconds: Double

    public init(rangePartsPerMillion: Double, seconds: Double) {
        self.rangePartsPerMillion = rangePartsPerMillion
        self.seconds = seconds
    }
}

/// How long it takes to settle after how long a silence, seconds.
public struct WarmUpLimit: Equatable, Sendable {
    public var gapSeconds: Double
    public var settleSeconds: Double

    public init(gapSeconds: Double, settleSeconds: Double) {
        self.gapSeconds = gapSeconds
        self.settleSeconds = settleSeconds
    }
}

/// What the receiver must say of its fix, as far as it does.
public struct FixLimit: Equatable, Sendable {
    public var fewestSatellites: Double
    public var largestErrorMetres: Double

    public init(fewestSatellites: Double, largestErrorMetres: Double) {
        self.fewestSatellites = fewestSatellites
        self.largestErrorMetres = largestErrorMetres
    }
}

/// A slow vehicle breathes its own exhaust.
public struct OwnExhaustLimit: Equatable, Sendable {
    public var metresPerSecond: Double
    /// Above the background, which is the 10th percentile of a centred window; ppm.
    public var excessPartsPerMillion: Double
    public var windowSeconds: Double

    public init(metresPerSecond: Double, excessPartsPerMillion: Double, windowSeconds: Double) {
        self.metresPerSecond = metresPerSecond
        self.excessPartsPerMillion = excessPartsPerMillion
        self.windowSeconds = windowSeconds
    }
}

/// What is usual in some months and hours of the day, UTC; ppm.
public struct ClimatologyBand: Equatable, Sendable {
    public var months: Set<Int>
    public var hours: Set<Int>
    public var lowestPartsPerMillion: Double
    public var highestPartsPerMillion: Double

    public init(
        months: Set<Int>,
        hours: Set<Int>,
        lowestPartsPerMillion: Double,
        highestPartsPerMillion: Double
    ) {
        self.months = months
        self.hours = hours
        self.lowestPartsPerMillion = lowestPartsPerMillion
        self.highestPartsPerMillion = highestPartsPerMillion
    }
}

/// Air near the ground does not hold less than the background of the hemisphere, which rises year by year.
public struct BackgroundFloor: Equatable, Sendable {
    public var partsPerMillion: Double
    /// When the background had this value.
    public var at: Instant
    public var growthPartsPerMillionPerYear: Double
    /// So far below it is still air: the season, and uptake by plants. ppm.
    public var tolerancePartsPerMillion: Double

    public init(
        partsPerMillion: Double,
        at: Instant,
        growthPartsPerMillionPerYear: Double,
        tolerancePartsPerMillion: Double
    ) {
        self.partsPerMillion = partsPerMillion
        self.at = at
        self.growthPartsPerMillionPerYear = growthPartsPerMillionPerYear
        self.tolerancePartsPerMillion = tolerancePartsPerMillion
    }

    /// The least that air holds at a moment, ppm.
    public func floorPartsPerMillion(at time: Instant) -> Double {
        let years = time.seconds(since: at) / (365.25 * 86_400)
        return partsPerMillion + growthPartsPerMillionPerYear * years - tolerancePartsPerMillion
    }
}
