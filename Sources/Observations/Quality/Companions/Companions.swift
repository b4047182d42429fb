public import Geo
public import Quantities

/// One gas channel of an instrument at a station of a network.
public struct CompanionSeries: Hashable, Sendable {
    public let station: String
    public let instrument: String
    public let gas: Gas

    public init(station: String, instrument: String, gas: Gas) {
        self.station = station
        self.instrument = instrument
        self.gas = gas
    }
}

/// A fixed station that vehicles pass.
public struct PassedStation: Equatable, Sendable {
    public let series: CompanionSeries
    public let position: Position

    public init(series: CompanionSeries, position: Position) {
        self.series = series
        self.position = position
    }
}

/// What the readings of an instrument are compared with.
public struct Companions: Equatable, Sendable {
    public let own: CompanionSeries
    /// Of a fixed station, degrees east: tells when it is night.
    public var longitude = 0.0
    /// Stations around that measure the same gas.
    public var buddies: [CompanionSeries] = []
    /// An instrument beside it that measures the same gas better.
    public var reference: CompanionSeries?
    /// Another gas of the same air.
    public var gas: CompanionSeries?
    /// Those that a vehicle is compared with as it passes.
    public var passed: [PassedStation] = []

    public init(of own: CompanionSeries) { self.own = own }
}

/// A value that another series is compared with, or the own one was.
public struct ComparedValue: Equatable, Sendable {
    public let time: Instant
    /// Dry-air mole fraction, ppm.
    public let partsPerMillion: Double
    public let scale: CalibrationScale

    public init(time: Instant, partsPerMillion: Double, scale: CalibrationScale) {
        self.time = time
        self.partsPerMillion = partsPerMillion
        self.scale = scale
    }

    /// Nil for a reading that is in doubt by itself: others must not be judged by it.
    /// - Parameter reading: after all tests but those against other series.
    public init?(_ reading: Reading) {
        guard reading.flag == .good || reading.flag == .notEvaluated,
            let value = reading.valuePartsPerMillion, value.isFinite
        else { return nil }
        self.init(time: reading.time, partsPerMillion: value, scale: reading.scale)
    }
}

extension Instrument {
    /// Of the values as they stand: a calibration may bring them to another scale.
    public var settledScale: CalibrationScale { calibration?.scale ?? scale }
}

extension CalibrationScale {
    /// Whether values on this scale can be compared with those on another: they are on the same one, or on the two of
    /// CO2 between which Hall et al. (2021) give the relation.
    public func isComparable(with other: CalibrationScale, of gas: Gas) -> Bool {
        self == other || (gas == .co2 && Set([self, other]) == Set([.co2X2007, .co2X2019]))
    }
}
