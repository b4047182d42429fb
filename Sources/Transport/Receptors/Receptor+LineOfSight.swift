public import Quantities

extension Receptor {
    /// The mean along a straight line between two places: an open path from an instrument to its mirror.
    ///
    /// Points stand in the middles of equal parts and count alike; the weights sum to 1. Heights are above ground and
    /// change evenly from one end to the other: over a valley the air below the line is nearer than it is in truth.
    ///
    /// - Parameters:
    ///   - start: one end; its weight and time are not used.
    ///   - points: parts of the line; at least 1.
    public static func lineOfSight(
        name: String,
        time: Instant,
        from start: ReceptorPoint,
        to end: ReceptorPoint,
        points: Int = 20,
        averagingSeconds: Double = 0
    ) -> Receptor {
        precondition(points > 0, "a line without a point")
        let east = longitudeDifference(end.longitude, from: start.longitude)
        let places = (0..<points).map { index in
            let share = (Double(index) + 0.5) / Double(points)
            return ReceptorPoint(
                longitude: wrappedLongitude(start.longitude + share * east),
                latitude: start.latitude + share * (end.latitude - start.latitude),
                heightMetres: start.heightMetres + share * (end.heightMetres - start.heightMetres),
                weight: 1 / Double(points)
            )
        }
        let moment = Receptor(name: name, time: time, points: places)
        guard averagingSeconds > 0 else { return moment }
        return moment.averaged(
            overSeconds: averagingSeconds,
            releases: usualReleases(seconds: averagingSeconds)
        )
    }
}
