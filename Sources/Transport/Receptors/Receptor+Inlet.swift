public import Quantities

extension Receptor {
    /// An inlet at a fixed place, or one that is there for a moment.
    ///
    /// The weights sum to 1. A mean over a time leaves particles in the middle of equal parts of it, by default one
    /// for every five minutes.
    ///
    /// - Parameters:
    ///   - longitude: degrees on WGS 84, as the latitude.
    ///   - heightMetres: above ground.
    ///   - averagingSeconds: 0 for a moment.
    ///   - releases: parts of the time; at least 1.
    public static func inlet(
        name: String,
        time: Instant,
        longitude: Double,
        latitude: Double,
        heightMetres: Double,
        averagingSeconds: Double = 0,
        releases: Int? = nil
    ) -> Receptor {
        let point = ReceptorPoint(longitude: longitude, latitude: latitude, heightMetres: heightMetres)
        let moment = Receptor(name: name, time: time, points: [point])
        guard averagingSeconds > 0 else { return moment }
        return moment.averaged(
            overSeconds: averagingSeconds,
            releases: releases ?? usualReleases(seconds: averagingSeconds)
        )
    }

    /// One for every five minutes, 1 to 288.
    public static func usualReleases(seconds: Double) -> Int {
        Int(min(288, max(1, (seconds / 300).rounded(.up))))
    }
}
