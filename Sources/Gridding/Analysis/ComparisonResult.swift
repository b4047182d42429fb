public import Quantities

/// Satellite minus ground, after the exchange of kernels and priors; ppm.
public struct ComparisonResult: Codable, Equatable, Sendable {
    public struct Day: Codable, Equatable, Sendable {
        /// `2023-04-02`
        public let date: String
        public let count: Int
        /// Means of the soundings, and of the ground as the satellite would see it.
        public let satellite: Double
        public let ground: Double
        /// Mean of the ground as it is.
        public let rawGround: Double
        public let difference: Double
        /// Of the single differences (n - 1); nil for one.
        public let standardDeviation: Double?
        /// Mean standard uncertainty of the ground.
        public let groundUncertainty: Double
    }

    public let site: String
    public let gas: Gas
    /// Of the ground.
    public let scale: CalibrationScale
    /// False where the soundings come on a scale that nobody states, as those of methane.
    public let isScaleStated: Bool
    public let products: [String]
    public let days: [Day]
    /// Over all soundings.
    public let count: Int
    public let meanBias: Double?
    public let standardDeviation: Double?
    public let correlation: Double?
    /// Over the means of days, each counted once: soundings of a day share the air, the spectra and most of their
    /// errors.
    public let dailyMeanBias: Double?
    public let dailyStandardDeviation: Double?
    /// Standard deviation over the root of the number of days; nil below two days.
    public let dailyStandardError: Double?
    public let dailyCorrelation: Double?

    init(
        site: String,
        gas: Gas,
        scale: CalibrationScale,
        isScaleStated: Bool,
        products: [String],
        sums: [(key: Int, value: DaySums)],
        reference: Double
    ) {
        self.site = site
        self.gas = gas
        self.scale = scale
        self.isScaleStated = isScaleStated
        self.products = products
        days = sums.map { Day(day: $0.key, $0.value, reference: reference) }
        var all = DaySums()
        var daily = DaySums()
        for (_, sum) in sums {
            all.merge(sum)
            daily.add(satellite: sum.meanSatellite, ground: sum.meanGround, raw: sum.meanRaw, uncertainty: 0)
        }
        count = all.count
        meanBias = all.count > 0 ? all.meanSatellite - all.meanGround : nil
        standardDeviation = all.standardDeviation
        correlation = all.correlation
        dailyMeanBias = daily.count > 0 ? daily.meanSatellite - daily.meanGround : nil
        dailyStandardDeviation = daily.standardDeviation
        dailyStandardError = daily.standardDeviation.map { $0 / Double(daily.count).squareRoot() }
        dailyCorrelation = daily.correlation
    }

    /// For a terminal.
    public var lines: [String] {
        let factor = gas == .co2 ? 1.0 : 1000
        let unit = gas == .co2 ? "ppm" : "ppb"
        guard let meanBias, let dailyMeanBias else {
            return ["\(site): no sounding near it in place and time"]
        }
        var line =
            "\(site): \(counted(count, "sounding")) on \(counted(days.count, "day")), satellite minus ground "
            + "\(rounded(meanBias * factor, 3)) \(unit)"
        if let standardDeviation { line += ", sd \(rounded(standardDeviation * factor, 3))" }
        if let correlation { line += ", r \(rounded(correlation, 3))" }
        line += "; by days \(rounded(dailyMeanBias * factor, 3))"
        if let dailyStandardError { line += " +- \(rounded(dailyStandardError * factor, 3))" }
        line += " \(unit)"
        if !isScaleStated { line += "; the soundings state no scale, the ground is on \(scale)" }
        return [line]
    }
}

/// `1 day`, `2 days`.
func counted(_ count: Int, _ noun: String) -> String { "\(count) \(noun)\(count == 1 ? "" : "s")" }

extension ComparisonResult.Day {
    fileprivate init(day: Int, _ sums: DaySums, reference: Double) {
        let start = Instant(microseconds: Int64(day) * 86_400_000_000)
        date = String(start.description.prefix(10))
        count = sums.count
        satellite = reference + sums.meanSatellite
        ground = reference + sums.meanGround
        rawGround = reference + sums.meanRaw
        difference = sums.meanSatellite - sums.meanGround
        standardDeviation = sums.standardDeviation
        groundUncertainty = sums.meanUncertainty
    }
}

/// Sums over pairs of a satellite and a ground column, about the reference of the gas; in any order the same bits.
struct DaySums: Equatable, Sendable {
    private(set) var count = 0
    private var satellite = FixedPointSum()
    private var ground = FixedPointSum()
    private var raw = FixedPointSum()
    private var uncertainty = FixedPointSum()
    private var squaredSatellite = FixedPointSum()
    private var squaredGround = FixedPointSum()
    private var product = FixedPointSum()

    mutating func add(satellite x: Double, ground y: Double, raw z: Double, uncertainty u: Double) {
        count += 1
        satellite.add(x)
        ground.add(y)
        raw.add(z)
        uncertainty.add(u)
        squaredSatellite.add(x * x)
        squaredGround.add(y * y)
        product.add(x * y)
    }

    mutating func merge(_ other: DaySums) {
        count += other.count
        satellite.add(other.satellite)
        ground.add(other.ground)
        raw.add(other.raw)
        uncertainty.add(other.uncertainty)
        squaredSatellite.add(other.squaredSatellite)
        squaredGround.add(other.squaredGround)
        product.add(other.product)
    }

    var meanSatellite: Double { satellite.value / Double(count) }
    var meanGround: Double { ground.value / Double(count) }
    var meanRaw: Double { raw.value / Double(count) }
    var meanUncertainty: Double { uncertainty.value / Double(count) }

    private var satelliteSquares: Double { max(0, squaredSatellite.value - satellite.value * meanSatellite) }
    private var groundSquares: Double { max(0, squaredGround.value - ground.value * meanGround) }
    private var products: Double { product.value - satellite.value * meanGround }

    /// Of the differences, n - 1.
    var standardDeviation: Double? {
        guard count > 1 else { return nil }
        let squares = max(0, satelliteSquares + groundSquares - 2 * products)
        return (squares / Double(count - 1)).squareRoot()
    }

    /// Nil below three pairs, and where one of the two does not vary.
    var correlation: Double? {
        let scale = (satelliteSquares * groundSquares).squareRoot()
        guard count > 2, scale > 1e-12 * Double(count) else { return nil }
        return max(-1, min(1, products / scale))
    }
}
