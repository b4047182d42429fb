public import Geo
public import Quantities

/// One measurement of one gas by one instrument, as it is checked, stored and used.
public struct Reading: Equatable, Sendable {
    public let station: String
    public let instrument: String
    public let gas: Gas
    public let time: Instant
    /// Dry-air mole fraction in ppm; nil when the instrument reported none.
    public let valuePartsPerMillion: Double?
    public let scale: CalibrationScale
    /// Where it was measured: the station's place, or the vehicle's at that moment.
    public let position: Position?
    /// Standard uncertainty in ppm; nil when nobody can say.
    public let standardUncertaintyPartsPerMillion: Double?
    public var flag: QualityFlag
    public var tests: QualityTests
    /// Weather, fix and instrument state at that moment.
    public var conditions: Conditions
    /// Identifier of the bottle that the instrument measured; nil for air.
    public var bottle: String?

    public init(
        station: String,
        instrument: String,
        gas: Gas,
        time: Instant,
        valuePartsPerMillion: Double?,
        scale: CalibrationScale,
        position: Position?,
        standardUncertaintyPartsPerMillion: Double?,
        flag: QualityFlag = .notEvaluated,
        tests: QualityTests = [],
        conditions: Conditions = [:],
        bottle: String? = nil
    ) {
        self.station = station
        self.instrument = instrument
        self.gas = gas
        self.time = time
        self.valuePartsPerMillion = valuePartsPerMillion
        self.scale = scale
        self.position = position
        self.standardUncertaintyPartsPerMillion = standardUncertaintyPartsPerMillion
        self.flag = flag
        self.tests = tests
        self.conditions = conditions
        self.bottle = bottle
    }
}
