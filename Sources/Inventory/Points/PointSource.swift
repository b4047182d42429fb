public import Geo
public import Quantities

/// A source of emission at one place, kept apart from the areas of a gridded inventory.
public struct PointSource: Hashable, Sendable {
    /// The profiles that it names; nil where it names none.
    public struct Profiles: Hashable, Sendable {
        public let month: String?
        public let weekday: String?
        public let hour: String?
        public let vertical: String?

        public init(
            month: String? = nil,
            weekday: String? = nil,
            hour: String? = nil,
            vertical: String? = nil
        ) {
            self.month = month
            self.weekday = weekday
            self.hour = hour
            self.vertical = vertical
        }
    }

    public let id: String
    /// ISO 3166-1 alpha-3 as the catalogue gives it; empty where it gives none.
    public let country: String
    public let fuel: String
    public let position: Position
    /// Tonnes of each gas a year.
    public let tonnesPerYear: [Gas: Double]
    public let profiles: Profiles

    public init(
        id: String,
        country: String,
        fuel: String,
        position: Position,
        tonnesPerYear: [Gas: Double],
        profiles: Profiles = Profiles()
    ) {
        self.id = id
        self.country = country
        self.fuel = fuel
        self.position = position
        self.tonnesPerYear = tonnesPerYear
        self.profiles = profiles
    }

    /// Longitude and latitude are both nought: a place that was not known, not one in the Gulf of Guinea.
    public var isAtNullIsland: Bool { abs(position.longitude) < 1e-3 && abs(position.latitude) < 1e-3 }
}
