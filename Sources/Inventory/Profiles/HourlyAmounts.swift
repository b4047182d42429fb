import Geo
public import Quantities

/// The emission of a whole field in each hour of its period.
public struct HourlyAmounts: Sendable {
    public let period: Period
    /// Tonnes in each hour, from the start of the period in UTC.
    public let tonnes: [Double]
    /// Of the field in the period; the hours sum to it.
    public let totalTonnes: Double
    /// The least and greatest mean of the profiles before it was divided out, over the time zones.
    public let meanBefore: ClosedRange<Double>

    /// Nil where ``HourlyFactors`` has none for the field's period.
    ///
    /// - Parameter secondsAhead: of local time everywhere; by the sun, hour by hour of longitude, where nil.
    public init?(_ field: FluxField, _ cycle: ActivityCycle, secondsAhead: Double?) {
        var zones: [Double: Double] = [:]
        for (column, amount) in Self.columns(field).enumerated() {
            let sun = TimeZoneRule().secondsAhead(longitude: field.grid.longitude.centre(column))
            zones[secondsAhead ?? sun, default: 0] += amount
        }
        var tonnes: [Double] = []
        var means: [Double] = []
        for (ahead, amount) in zones.sorted(by: { $0.key < $1.key }) {
            guard let factors = HourlyFactors(cycle, period: field.period, secondsAhead: ahead) else {
                return nil
            }
            means.append(factors.meanBefore)
            let each = amount / Double(factors.factors.count)
            if tonnes.isEmpty { tonnes = [Double](repeating: 0, count: factors.factors.count) }
            for hour in tonnes.indices { tonnes[hour] += each * factors.factors[hour] }
        }
        guard let least = means.min(), let greatest = means.max() else { return nil }
        period = field.period
        self.tonnes = tonnes
        totalTonnes = field.tonnesInPeriod
        meanBefore = least...greatest
    }

    /// Tonnes of each column of cells.
    private static func columns(_ field: FluxField) -> [Double] {
        var sums = [Double](repeating: 0, count: field.grid.columns)
        for row in 0..<field.grid.rows {
            let area = field.grid.cellAreaSquareMetres(row: row)
            let start = row * sums.count
            for column in sums.indices {
                sums[column] += field.microMolesPerSquareMetreSecond[start + column] * area
            }
        }
        let factor = Regridding.tonnesPerMicroMole(field.gas) * field.period.seconds
        return sums.map { $0 * factor }
    }

    /// Of each hour over the mean of all; nil where the field emits nothing.
    public var factors: [Double]? {
        let mean = totalTonnes / Double(tonnes.count)
        return mean == 0 ? nil : tonnes.map { $0 / mean }
    }

    /// What the hours sum to less the total, over the total: rounding alone.
    public var relativeResidual: Double {
        totalTonnes == 0 ? 0 : (tonnes.reduce(0, +) - totalTonnes) / totalTonnes
    }
}
