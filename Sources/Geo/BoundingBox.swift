/// A box of longitude and latitude, degrees. `west > east` means that it crosses the antimeridian.
public struct BoundingBox: Codable, Hashable, Sendable {
    public let west: Double
    public let south: Double
    public let east: Double
    public let north: Double

    /// Nil unless -90 <= south < north <= 90 and both longitudes are in -180...360.
    public init?(west: Double, south: Double, east: Double, north: Double) {
        guard (-90...90).contains(south), (-90...90).contains(north), south < north,
            (-180...360).contains(west), (-180...360).contains(east), west != east
        else { return nil }
        self.west = west
        self.south = south
        self.east = east
        self.north = north
    }

    public func contains(_ position: Position) -> Bool {
        guard (south...north).contains(position.latitude) else { return false }
        // Positions lie in -180..<180, boxes may reach from -180 to 360 and once more round the circle.
        let end = west < east ? east : east + 360
        return [0.0, 360, 720].contains { (west...end).contains(position.longitude + $0) }
    }
}
