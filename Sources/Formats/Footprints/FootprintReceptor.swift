public import Quantities
public import Transport

/// Whose footprint a file holds, known before the footprint is read.
public struct FootprintReceptor: Hashable, Sendable {
    public let name: String
    /// Start of what the receptor averages, and seconds that it does; 0 for a moment.
    public let time: Instant
    public let averagingSeconds: Double
    /// Nil where the file does not tell.
    public let place: ReceptorPoint?

    public init(name: String, time: Instant, averagingSeconds: Double = 0, place: ReceptorPoint? = nil) {
        self.name = name
        self.time = time
        self.averagingSeconds = averagingSeconds
        self.place = place
    }

    init(_ footprint: ReceptorFootprint) {
        self.init(
            name: footprint.receptor,
            time: footprint.time,
            averagingSeconds: footprint.averagingSeconds,
            place: footprint.place
        )
    }
}

extension ReceptorPoint {
    /// Nil for what is no place on Earth; a height that is not known counts as the ground.
    static func checked(longitude: Double?, latitude: Double?, heightMetres: Double?) -> ReceptorPoint? {
        guard let longitude, let latitude, (-180...360).contains(longitude), (-90...90).contains(latitude)
        else { return nil }
        let height = heightMetres.flatMap { $0.isFinite ? $0 : nil } ?? 0
        let east = longitude > 180 ? longitude - 360 : longitude
        return ReceptorPoint(longitude: east, latitude: latitude, heightMetres: height)
    }
}

extension Instant {
    /// Nil outside of the years that an instant holds, which numbers of a damaged file may lead to.
    func later(bySeconds seconds: Double) -> Instant? {
        Instant(secondsSince1970: secondsSince1970 + seconds)
    }

    /// The stretch from here; nil as above and for a negative length.
    func period(seconds: Double) -> Period? {
        guard seconds >= 0, let end = later(bySeconds: seconds), end >= self else { return nil }
        return Period(start: self, end: end)
    }
}
