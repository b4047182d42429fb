import Geo

/// Which hours the local time of a place is ahead of UTC. Inventories mean civil time without summer time.
public struct TimeZoneRule: Equatable, Sendable {
    /// Hours by country code (ISO 3166-1 alpha-3).
    public let hoursByCountry: [String: Double]
    /// Hours by the code of a region, before those of its country: Xinjiang works two hours later than Beijing time.
    public let hoursByRegion: [String: Double]

    /// - Parameters:
    ///   - hoursByCountry: what a table of time zones says; China has one, UTC+8, unless it is given here.
    ///   - hoursByRegion: overrides, e.g. `["CN-XJ": 6]`.
    public init(hoursByCountry: [String: Double] = [:], hoursByRegion: [String: Double] = [:]) {
        self.hoursByCountry = ["CHN": 8.0].merging(hoursByCountry) { $1 }
        self.hoursByRegion = hoursByRegion
    }

    /// Seconds ahead of UTC: of the region where one is known, of the country, else by the sun, a whole hour for each
    /// 15 degrees of longitude.
    public func secondsAhead(longitude: Double, country: String? = nil, region: String? = nil) -> Double {
        if let hours = region.flatMap({ hoursByRegion[$0] }) { return hours * 3600 }
        // A catalogue may say `USA-CA`.
        let code = country.map { String($0.prefix(3)) }
        if let hours = code.flatMap({ hoursByCountry[$0] }) { return hours * 3600 }
        let turned = longitude - 360 * (longitude / 360).rounded()
        return (turned / 15).rounded() * 3600
    }

    public func secondsAhead(of source: PointSource, region: String? = nil) -> Double {
        secondsAhead(longitude: source.position.longitude, country: source.country, region: region)
    }
}
