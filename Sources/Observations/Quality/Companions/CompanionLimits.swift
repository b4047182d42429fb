/// How far a station may be from its neighbours: as many standard deviations as the differences from them vary at
/// night, when the sun stirs no air.
public struct BuddyLimit: Equatable, Sendable {
    public var deviations: Double
    /// Values so close in time are compared, seconds.
    public var nearSeconds: Double
    /// The differences are taken to vary at least so much, ppm.
    public var smallestDeviationPartsPerMillion: Double
    /// Fewer pairs say nothing; each hour of the night gives one.
    public var fewestPairs: Int
    /// So many nights before the day of a reading count; a day goes from noon to noon.
    public var nights: Int
    /// The night in hours of mean solar time, the end not included.
    public var nightHours: NightHours

    public init(
        deviations: Double = 3,
        nearSeconds: Double = 1800,
        smallestDeviationPartsPerMillion: Double = 1,
        fewestPairs: Int = 20,
        nights: Int = 30,
        nightHours: NightHours = NightHours()
    ) {
        self.deviations = deviations
        self.nearSeconds = nearSeconds
        self.smallestDeviationPartsPerMillion = smallestDeviationPartsPerMillion
        self.fewestPairs = fewestPairs
        self.nights = nights
        self.nightHours = nightHours
    }

    /// More there cannot be: one for each hour, counted from the beginning of the night, the last one begun included.
    public var mostPairs: Int { nights * nightHours.count }
}

/// How far the median difference from a reference beside an instrument may drift.
public struct ColocationLimit: Equatable, Sendable {
    public var offsetPartsPerMillion: Double
    /// The whole hours of so long before the hour of a reading have one median, seconds.
    public var windowSeconds: Double
    /// Values so close in time are compared, seconds.
    public var nearSeconds: Double
    /// Fewer pairs say nothing; each five minutes give one.
    public var fewestPairs: Int

    public init(
        offsetPartsPerMillion: Double = 10,
        windowSeconds: Double = 86_400,
        nearSeconds: Double = 60,
        fewestPairs: Int = 20
    ) {
        self.offsetPartsPerMillion = offsetPartsPerMillion
        self.windowSeconds = windowSeconds
        self.nearSeconds = nearSeconds
        self.fewestPairs = fewestPairs
    }

    /// More there cannot be.
    public var mostPairs: Int { hours * Self.pairsEachHour }

    private static let pairsEachHour = 12

    /// Each gives one pair, seconds.
    static var stepSeconds: Double { 3600 / Double(pairsEachHour) }

    /// Whole hours, at least one.
    var hours: Int { max(1, Int(exactly: (windowSeconds / 3600).rounded(.up)) ?? 1) }
}

/// What two gases that a source emits together can have to do with each other: the ratio of their excesses.
public struct RatioLimit: Equatable, Sendable {
    /// Excess of the companion over excess of the gas under test.
    public var smallest: Double
    public var largest: Double
    /// Below this excess of the gas under test the ratio says nothing, ppm.
    public var smallestExcessPartsPerMillion: Double
    public var nearSeconds: Double
    /// Excess is above the 10th percentile of a centred window of so long, seconds.
    public var windowSeconds: Double

    public init(
        smallest: Double,
        largest: Double,
        smallestExcessPartsPerMillion: Double,
        nearSeconds: Double = 2,
        windowSeconds: Double = 600
    ) {
        self.smallest = smallest
        self.largest = largest
        self.smallestExcessPartsPerMillion = smallestExcessPartsPerMillion
        self.nearSeconds = nearSeconds
        self.windowSeconds = windowSeconds
    }

    /// Values further from a reading than this do not count for it, seconds.
    var reachSeconds: Double { windowSeconds / 2 + nearSeconds }
}

/// What the median difference from a station may be while a vehicle passes it.
public struct StationPassLimit: Equatable, Sendable {
    /// Within this distance a vehicle passes, metres.
    public var reachMetres: Double
    /// ppm. Wide, as an inlet in the traffic rightly finds more than one above the roofs.
    public var offsetPartsPerMillion: Double
    /// Values so close in time are compared, seconds.
    public var nearSeconds: Double
    public var fewestPairs: Int
    /// After so long beyond reach, and with each hour of UTC, a new pass begins; seconds.
    public var gapSeconds: Double

    public init(
        reachMetres: Double = 500,
        offsetPartsPerMillion: Double = 50,
        nearSeconds: Double = 300,
        fewestPairs: Int = 5,
        gapSeconds: Double = 300
    ) {
        self.reachMetres = reachMetres
        self.offsetPartsPerMillion = offsetPartsPerMillion
        self.nearSeconds = nearSeconds
        self.fewestPairs = fewestPairs
        self.gapSeconds = gapSeconds
    }
}
