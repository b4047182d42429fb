import Foundation
public import Quantities

/// Wind that one anemometer measured, for dispersion over a few kilometres.
public struct SiteWind: Sendable {
    /// Means over one interval.
    public struct Record: Hashable, Sendable {
        /// Start of the interval.
        public var time: Instant
        /// m s-1.
        public var speed: Double
        /// Degrees clockwise from north that the wind comes from.
        public var directionDegrees: Double
        public var temperatureKelvin: Double?
        /// Standard deviation of the direction, degrees.
        public var sigmaThetaDegrees: Double?
        /// m s-1.
        public var frictionVelocity: Double?
        /// m; infinite where neutral.
        public var obukhovLengthMetres: Double?
        /// W m-2, positive upward.
        public var sensibleHeatFlux: Double?

        public init(time: Instant, speed: Double, directionDegrees: Double) {
            self.time = time
            self.speed = speed
            self.directionDegrees = directionDegrees
        }

        /// m s-1 toward east and north.
        public var eastward: Double { -speed * sin(directionDegrees * .pi / 180) }
        public var northward: Double { -speed * cos(directionDegrees * .pi / 180) }
    }

    /// Ascending in time.
    public let records: [Record]
    /// Of the anemometer above ground.
    public let heightMetres: Double
    public let roughnessMetres: Double
    /// Length of the interval of a record.
    public let stepSeconds: Double
    public let source: String

    /// - Precondition: at least one record, ascending in time; heights and step positive, the anemometer above the
    ///   roughness.
    public init(
        records: [Record],
        heightMetres: Double,
        roughnessMetres: Double,
        stepSeconds: Double,
        source: String
    ) {
        precondition(zip(records, records.dropFirst()).allSatisfy { $0.time < $1.time } && !records.isEmpty)
        precondition(heightMetres > roughnessMetres && roughnessMetres > 0 && stepSeconds > 0)
        self.records = records
        self.heightMetres = heightMetres
        self.roughnessMetres = roughnessMetres
        self.stepSeconds = stepSeconds
        self.source = source
    }

    /// The record whose interval holds a moment; nil in a gap.
    public func record(at time: Instant) -> Record? {
        var (low, high) = (0, records.count)
        while low < high {
            let middle = (low + high) / 2
            if records[middle].time <= time { low = middle + 1 } else { high = middle }
        }
        guard low > 0, time.seconds(since: records[low - 1].time) < stepSeconds else { return nil }
        return records[low - 1]
    }

    /// Stretches between the first and the last record without one.
    public var gaps: [Period] {
        zip(records, records.dropFirst()).compactMap { earlier, later in
            let end = earlier.time.advanced(bySeconds: stepSeconds)
            return later.time.seconds(since: end) > 0.5 * stepSeconds
                ? Period(start: end, end: later.time) : nil
        }
    }

    /// - Throws: ``MeteorologyGap`` with the first moment of the period without a record.
    public func requireCoverage(of period: Period) throws(MeteorologyGap) {
        let end = records.last?.time.advanced(bySeconds: stepSeconds)
        var missing: Instant?
        if let first = records.first?.time, first > period.start {
            missing = period.start
        } else if let gap = gaps.first(where: { $0.end > period.start && $0.start < period.end }) {
            missing = max(gap.start, period.start)
        } else if let end, end < period.end {
            missing = max(end, period.start)
        }
        guard let missing else { return }
        throw MeteorologyGap(
            missing: missing,
            before: records.last { $0.time < missing }?.time,
            after: records.first { $0.time > missing }?.time,
            sources: [source]
        )
    }

    /// Obukhov length of a record: measured, or from its heat flux and friction velocity; infinite without these.
    public func obukhovLengthMetres(_ record: Record) -> Double {
        if let length = record.obukhovLengthMetres { return length }
        guard let flux = record.sensibleHeatFlux, let friction = record.frictionVelocity else {
            return .infinity
        }
        return SurfaceLayer.obukhovLengthMetres(
            frictionVelocity: friction,
            heatFlux: flux,
            kelvin: record.temperatureKelvin ?? 288.15
        )
    }

    /// m s-1: measured, or from the speed by the law of the wall with the stability of the record.
    public func frictionVelocity(_ record: Record) -> Double {
        if let friction = record.frictionVelocity { return friction }
        let shape = shape(heightMetres, record)
        return shape > 0 ? record.speed / shape : 0
    }

    /// m s-1 at a height above ground: the measured speed carried along the law of the wall with stability.
    public func speed(_ record: Record, atMetres height: Double) -> Double {
        let reference = shape(heightMetres, record)
        return reference > 0 ? record.speed * shape(height, record) / reference : record.speed
    }

    private func shape(_ height: Double, _ record: Record) -> Double {
        SurfaceLayer.windShape(
            heightMetres: height,
            roughnessMetres: roughnessMetres,
            obukhovLengthMetres: obukhovLengthMetres(record)
        )
    }
}
