public import Observations
public import Quantities

/// One observation as a decoder found it in a payload, before it is judged: the moment of one device with all that
/// was measured then.
public struct Observation: Equatable, Sendable {
    /// What the device calls itself, where the payload says it; nil for the device of the topic or connection.
    public var device: String?
    public var time: Instant
    public var values: [MeasuredValue]
    public var position: ReportedPosition
    public var conditions: Conditions
    /// Identifier of the bottle that was measured; nil for air.
    public var bottle: String?

    public init(
        device: String? = nil,
        time: Instant,
        values: [MeasuredValue],
        position: ReportedPosition = .absent,
        conditions: Conditions = [:],
        bottle: String? = nil
    ) {
        self.device = device
        self.time = time
        self.values = values
        self.position = position
        self.conditions = conditions
        self.bottle = bottle
    }
}

/// The mole fraction of one gas.
public struct MeasuredValue: Equatable, Sendable {
    public var gas: Gas
    /// Nil for a value that the device reports as missing.
    public var value: Double?
    /// In the unit of the value; nil where the payload states none.
    public var standardUncertainty: Double?
    /// Nil for the unit that the network file declares for the instrument.
    public var unit: MoleFractionUnit?
    /// What the device itself says of the value.
    public var verdict: QualityVerdict?
    /// Why the value cannot be read. It matters only to a station that measures the gas.
    var problem: ObservationProblem?

    public init(
        gas: Gas,
        value: Double?,
        standardUncertainty: Double? = nil,
        unit: MoleFractionUnit? = nil,
        verdict: QualityVerdict? = nil
    ) {
        self.gas = gas
        self.value = value
        self.standardUncertainty = standardUncertainty
        self.unit = unit
        self.verdict = verdict
    }
}

/// The number of a message of a logger, counted from its start; what receipts are about.
public struct SequenceNumber: Hashable, Sendable {
    /// Tells one start of the logger from another.
    public let boot: String
    public let number: Int64

    public init(boot: String, number: Int64) {
        self.boot = boot
        self.number = number
    }
}
