public import Geo
public import Quantities

/// How a drive is cut.
public struct VehicleSegmentSettings: Equatable, Sendable {
    public var grid: LatitudeLongitudeGrid
    /// Slower is standing, m s-1.
    public var standstillSpeed: Double
    /// A silence longer than this ends a segment.
    public var maximumGapSeconds: Double
    /// Readings with these flags enter the mean; the others are counted.
    public var usableFlags: Set<QualityFlag>

    public init(
        grid: LatitudeLongitudeGrid,
        standstillSpeed: Double = 2,
        maximumGapSeconds: Double = 60,
        usableFlags: Set<QualityFlag> = [.good]
    ) {
        self.grid = grid
        self.standstillSpeed = standstillSpeed
        self.maximumGapSeconds = maximumGapSeconds
        self.usableFlags = usableFlags
    }
}

/// One passage of a vehicle through one cell.
public struct VehicleSegment: Equatable, Sendable {
    /// In ``VehicleSegmentSettings/grid``.
    public let cell: Int
    /// Of its first and last reading.
    public let start: Instant
    public let end: Instant
    public let scale: CalibrationScale?
    /// Of the usable values, ppm; nil when there are none.
    public let meanPartsPerMillion: Double?
    public let medianPartsPerMillion: Double?
    public let minimumPartsPerMillion: Double?
    public let maximumPartsPerMillion: Double?
    /// Nil below two values.
    public let standardDeviationPartsPerMillion: Double?
    /// Mean of what the readings state, taken as common to them, ppm; nil when one states none.
    public let standardUncertaintyPartsPerMillion: Double?
    /// Readings in the mean, and those left out for their flag or want of a value.
    public let used: Int
    public let excluded: Int
    /// Each reading stands for the time to the next one of the segment, or to the first of the next segment.
    public let seconds: Double
    /// Along the fixes of the segment, metres.
    public let distanceMetres: Double
    /// Time spent slower than the standstill speed over the time; 0 to 1.
    public let standstillShare: Double
    public let worstFlag: QualityFlag
    public let tests: QualityTests

    /// m s-1; nil for a single reading.
    public var meanSpeed: Double? {
        let moving = end.seconds(since: start)
        return moving > 0 ? distanceMetres / moving : nil
    }
}

extension VehicleSegment {
    /// The segments of the readings of one instrument on one vehicle, in the order of time. Readings without a
    /// fix, or outside the grid, belong to none and end the one before.
    /// - Parameter readings: in any order.
    /// - Throws: ``ScaleMixture`` when usable readings are on several scales.
    public static func segments(
        of readings: some Sequence<Reading>,
        _ settings: VehicleSegmentSettings
    ) throws(ScaleMixture) -> [VehicleSegment] {
        let track = readings.sorted {
            ($0.time, $0.valuePartsPerMillion ?? -1) < ($1.time, $1.valuePartsPerMillion ?? -1)
        }
        _ = try ScaleMixture.commonScale(of: track.lazy.filter { settings.usableFlags.contains($0.flag) })
        let cells = track.map { reading in
            reading.position.flatMap { settings.grid.cell(longitude: $0.longitude, latitude: $0.latitude) }
        }
        var segments: [VehicleSegment] = []
        var start = 0
        while start < track.count {
            var end = start + 1
            while end < track.count, cells[end] == cells[start],
                track[end].time.seconds(since: track[end - 1].time) <= settings.maximumGapSeconds
            { end += 1 }
            if let cell = cells[start] {
                let next = end < track.count ? track[end].time : nil
                segments.append(VehicleSegment(cell, Array(track[start..<end]), until: next, settings))
            }
            start = end
        }
        return segments
    }

    private init(
        _ cell: Int,
        _ readings: [Reading],
        until next: Instant?,
        _ settings: VehicleSegmentSettings
    ) {
        let usable = readings.filter {
            settings.usableFlags.contains($0.flag) && $0.valuePartsPerMillion != nil
        }
        let values = usable.compactMap(\.valuePartsPerMillion)
        let sorted = values.sorted()
        let uncertainties = usable.compactMap(\.standardUncertaintyPartsPerMillion)
        let moments = values.isEmpty ? nil : Moments(values)
        let isStated = !uncertainties.isEmpty && uncertainties.count == usable.count
        let movement = Movement(readings, until: next, settings)
        self.cell = cell
        start = readings[0].time
        end = readings[readings.count - 1].time
        scale = (usable.first ?? readings.first)?.scale
        meanPartsPerMillion = moments?.mean
        medianPartsPerMillion = sorted.median
        minimumPartsPerMillion = sorted.first
        maximumPartsPerMillion = sorted.last
        standardDeviationPartsPerMillion = moments?.variance?.squareRoot()
        standardUncertaintyPartsPerMillion = isStated ? Moments(uncertainties).mean : nil
        used = values.count
        excluded = readings.count - values.count
        seconds = movement.seconds
        distanceMetres = movement.distance
        standstillShare = movement.standstillShare
        worstFlag = readings.reduce(readings[0].flag) { $0.worse($1.flag) }
        tests = readings.reduce(into: []) { $0.formUnion($1.tests) }
    }
}

/// How a vehicle went through a cell.
private struct Movement {
    var seconds = 0.0
    var distance = 0.0
    var standstillShare = 0.0

    init(_ readings: [Reading], until next: Instant?, _ settings: VehicleSegmentSettings) {
        var standing = 0.0
        var standingReadings = 0
        for (index, reading) in readings.enumerated() {
            let following = index + 1 < readings.count ? readings[index + 1] : nil
            var lasts = (following?.time ?? next)?.seconds(since: reading.time) ?? 0
            // Nobody knows where the vehicle was in a silence.
            if lasts > settings.maximumGapSeconds { lasts = 0 }
            var step: Double?
            if let following, let from = reading.position, let to = following.position {
                let metres = from.distanceMetres(to: to)
                distance += metres
                step = lasts > 0 ? metres / lasts : nil
            }
            seconds += lasts
            guard let speed = reading.conditions["spd"] ?? step, speed < settings.standstillSpeed else {
                continue
            }
            standing += lasts
            standingReadings += 1
        }
        standstillShare = seconds > 0 ? standing / seconds : Double(standingReadings) / Double(readings.count)
    }
}

/// A day's passes through one cell. Every pass counts alike, so that an hour at the kerb weighs no more than a
/// drive past.
public struct VehiclePassMean: Equatable, Sendable {
    public let cell: Int
    /// A day of UTC; a pass belongs to the day in which it starts.
    public let day: Period
    /// Mean of the passes' means, ppm.
    public let meanPartsPerMillion: Double
    /// Of the passes' means; nil below two.
    public let standardDeviationPartsPerMillion: Double?
    /// Of the passes' scatter over their number, and what the readings state as common to all, in quadrature;
    /// nil for a single pass, whose scatter nobody knows, and when a reading states none; ppm.
    public let standardUncertaintyPartsPerMillion: Double?
    public let passes: Int
    public let readings: Int
    public let seconds: Double

    /// In the order of day and cell.
    /// - Parameter segments: of one series, in any order; those without a mean do not count.
    public static func means(of segments: some Sequence<VehicleSegment>) -> [VehiclePassMean] {
        let groups = Dictionary(grouping: segments.filter { $0.meanPartsPerMillion != nil }) {
            Key(day: AggregateInterval.day.index(of: $0.start), cell: $0.cell)
        }
        return groups.keys.sorted().compactMap { key in
            groups[key].map { passes in VehiclePassMean(passes.sorted { $0.start < $1.start }) }
        }
    }

    private struct Key: Hashable, Comparable {
        let day: Int64
        let cell: Int
        static func < (a: Key, b: Key) -> Bool { (a.day, a.cell) < (b.day, b.cell) }
    }

    private init(_ segments: [VehicleSegment]) {
        let moments = Moments(segments.compactMap(\.meanPartsPerMillion))
        let stated = segments.compactMap(\.standardUncertaintyPartsPerMillion)
        cell = segments[0].cell
        day = AggregateInterval.day.window(containing: segments[0].start)
        meanPartsPerMillion = moments.mean
        standardDeviationPartsPerMillion = moments.variance?.squareRoot()
        passes = segments.count
        readings = segments.reduce(0) { $0 + $1.used }
        seconds = segments.reduce(0) { $0 + $1.seconds }
        guard let variance = moments.variance, stated.count == segments.count else {
            standardUncertaintyPartsPerMillion = nil
            return
        }
        let common = Moments(stated).mean
        standardUncertaintyPartsPerMillion =
            (variance / Double(segments.count) + common * common).squareRoot()
    }
}

extension [Double] {
    /// Of ascending values.
    fileprivate var median: Double? {
        guard !isEmpty else { return nil }
        return count % 2 == 1 ? self[count / 2] : (self[count / 2 - 1] + self[count / 2]) / 2
    }
}
