public import Geo
public import Quantities

/// A place where something may leak: a wellhead, a tank, a stack.
public struct CandidateSource: Hashable, Sendable {
    public let name: String
    public let position: Position
    /// Of the release above ground, m.
    public let heightMetres: Double
    /// Of the equipment the gas leaks from, m.
    public let sizeMetres: Double

    /// - Parameter sizeMetres: nil for equipment as wide and as high as the release is above ground.
    public init(name: String, position: Position, heightMetres: Double, sizeMetres: Double? = nil) {
        self.name = name
        self.position = position
        self.heightMetres = heightMetres
        self.sizeMetres = sizeMetres ?? heightMetres
    }
}

/// A mole fraction at a time and a place: of a fixed sensor, or of one that is driven about.
public struct SensorReading: Hashable, Sendable {
    public let sensor: String
    public let time: Instant
    public let position: Position
    /// Of the inlet above ground, m.
    public let heightMetres: Double
    /// ppm.
    public let moleFraction: Double
    /// Standard uncertainty that does not average out within a window, ppm; zero where none is stated.
    public let uncertainty: Double

    public init(
        sensor: String,
        time: Instant,
        position: Position,
        heightMetres: Double,
        moleFraction: Double,
        uncertainty: Double = 0
    ) {
        self.sensor = sensor
        self.time = time
        self.position = position
        self.heightMetres = heightMetres
        self.moleFraction = moleFraction
        self.uncertainty = uncertainty
    }
}
