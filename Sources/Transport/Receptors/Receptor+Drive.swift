import Geo
public import Observations
public import Quantities

/// Where a vehicle was at a time.
public struct TrackFix: Equatable, Sendable {
    public let time: Instant
    /// Degrees on WGS 84.
    public let longitude: Double
    public let latitude: Double

    public init(time: Instant, longitude: Double, latitude: Double) {
        self.time = time
        self.longitude = longitude
        self.latitude = latitude
    }
}

extension Receptor {
    /// A stretch of a drive as one receptor: many places with their times.
    ///
    /// Each fix counts for half of the times to its neighbours. Silences longer than `maximumGapSeconds` count for
    /// nobody, as nobody knows where the vehicle was; where no time is left, all fixes count alike. Neighbouring fixes
    /// are put together to at most `mostPoints` of about equal time, each at the mean place and time of its fixes by
    /// their weights. The weights sum to 1.
    ///
    /// - Parameters:
    ///   - fixes: in any order; nil is returned when there is none.
    ///   - inletMetres: height of the inlet above the road.
    public static func drive(
        name: String,
        fixes: [TrackFix],
        inletMetres: Double,
        maximumGapSeconds: Double = 60,
        mostPoints: Int = 100
    ) -> Receptor? {
        let track = fixes.sorted {
            ($0.time, $0.longitude, $0.latitude) < ($1.time, $1.longitude, $1.latitude)
        }
        guard let first = track.first, let last = track.last else { return nil }
        let weights = dwellShares(track, maximumGapSeconds: maximumGapSeconds)
        var groups: [DriveGroup] = []
        var passed = 0.0
        let parts = Double(max(1, mostPoints))
        for (index, (fix, weight)) in zip(track, weights).enumerated() {
            let part =
                track.count <= mostPoints
                ? Double(index) : min(parts - 1, ((passed + weight / 2) * parts).rounded(.down))
            passed += weight
            if groups.last?.part != part { groups.append(DriveGroup(part: part)) }
            groups[groups.count - 1].add(fix, weight, from: first)
        }
        return Receptor(
            name: name,
            time: first.time,
            points: groups.compactMap { $0.point(from: first, heightMetres: inletMetres) },
            averagingSeconds: last.time.seconds(since: first.time)
        )
    }

    /// A passage of a vehicle through a cell as one receptor
    /// (``drive(name:fixes:inletMetres:maximumGapSeconds:mostPoints:)``).
    ///
    /// - Parameter readings: of the series that the segment is cut from; those outside of it or without a position are
    ///   passed over. Nil is returned when none is left.
    public static func drive(
        name: String,
        segment: VehicleSegment,
        readings: some Sequence<Reading>,
        inletMetres: Double,
        maximumGapSeconds: Double = 60,
        mostPoints: Int = 100
    ) -> Receptor? {
        let fixes = readings.compactMap { reading -> TrackFix? in
            guard reading.time >= segment.start, reading.time <= segment.end, let position = reading.position
            else { return nil }
            return TrackFix(
                time: reading.time,
                longitude: position.longitude,
                latitude: position.latitude
            )
        }
        return drive(
            name: name,
            fixes: fixes,
            inletMetres: inletMetres,
            maximumGapSeconds: maximumGapSeconds,
            mostPoints: mostPoints
        )
    }

    private static func dwellShares(_ track: [TrackFix], maximumGapSeconds: Double) -> [Double] {
        var seconds = [Double](repeating: 0, count: track.count)
        for index in track.indices.dropLast() {
            let gap = track[index + 1].time.seconds(since: track[index].time)
            guard gap <= maximumGapSeconds else { continue }
            seconds[index] += gap / 2
            seconds[index + 1] += gap / 2
        }
        let total = seconds.reduce(0, +)
        guard total > 0 else { return track.map { _ in 1 / Double(track.count) } }
        return seconds.map { $0 / total }
    }
}

/// Neighbouring fixes that become one point.
private struct DriveGroup {
    let part: Double
    private var weight = 0.0
    private var east = 0.0
    private var north = 0.0
    private var seconds = 0.0

    init(part: Double) { self.part = part }

    mutating func add(_ fix: TrackFix, _ share: Double, from first: TrackFix) {
        weight += share
        east += share * longitudeDifference(fix.longitude, from: first.longitude)
        north += share * (fix.latitude - first.latitude)
        seconds += share * fix.time.seconds(since: first.time)
    }

    /// Nil for fixes that stand for no time.
    func point(from first: TrackFix, heightMetres: Double) -> ReceptorPoint? {
        guard weight > 0 else { return nil }
        return ReceptorPoint(
            longitude: wrappedLongitude(first.longitude + east / weight),
            latitude: first.latitude + north / weight,
            heightMetres: heightMetres,
            weight: weight,
            secondsAfter: seconds / weight
        )
    }
}
