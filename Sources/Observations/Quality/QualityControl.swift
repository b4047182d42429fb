public import Geo
import Quantities

/// The range in which a quantity that an instrument reports of itself must lie, e.g. its cavity pressure.
public struct StateLimit: Codable, Equatable, Sendable {
    /// The name under which messages carry it.
    public let quantity: String
    /// In the unit of the messages.
    public let minimum: Double
    public let maximum: Double

    public init(quantity: String, minimum: Double, maximum: Double) {
        self.quantity = quantity
        self.minimum = minimum
        self.maximum = maximum
    }
}

/// The place a message gave for its readings.
public enum ReportedPosition: Equatable, Sendable {
    /// None, or a receiver without a fix.
    case absent
    case at(Position)
    /// Numbers that are no place on Earth.
    case impossible
}

/// One test's verdict.
public struct QualityVerdict: Equatable, Sendable {
    public var flag: QualityFlag
    public var tests: QualityTests

    public init(flag: QualityFlag, tests: QualityTests) {
        self.flag = flag
        self.tests = tests
    }

    static let passed = QualityVerdict(flag: .good, tests: [])

    /// The worse flag, and the tests of both.
    public func combined(with other: QualityVerdict) -> QualityVerdict {
        QualityVerdict(flag: flag.worse(other.flag), tests: tests.union(other.tests))
    }
}

/// The tests of single readings. Each is a pure function; what cannot be evaluated is suspect, and missing
/// never becomes good. Flags are those of QARTOD (IOOS, Manual for Real-Time Quality Control).
public enum QualityControl {
    /// How far a fixed station may report itself from its declared place, metres.
    public static let fixedStationToleranceMetres = 1000.0

    /// All tests of one reading.
    /// - Parameters:
    ///   - valuePartsPerMillion: nil when the instrument reported none.
    ///   - state: looks up what the message reports of the instrument; nil for what it does not carry.
    public static func assess(
        valuePartsPerMillion: Double?,
        standardUncertaintyPartsPerMillion: Double?,
        position: ReportedPosition,
        state: (String) -> Double?,
        station: Station,
        instrument: Instrument
    ) -> QualityVerdict {
        grossRange(valuePartsPerMillion, within: instrument.grossRange)
            .combined(with: location(position, of: station))
            .combined(with: instrumentState(state, within: instrument.stateLimits))
            .combined(with: uncertainty(standardUncertaintyPartsPerMillion))
    }

    /// Fail outside what can be air, suspect outside what is usual; the bounds themselves belong inside.
    public static func grossRange(_ value: Double?, within range: GrossRange) -> QualityVerdict {
        guard let value else { return QualityVerdict(flag: .missing, tests: .missingValue) }
        if (range.suspectBelow...range.suspectAbove).contains(value) { return .passed }
        let isPossible = (range.failBelow...range.failAbove).contains(value)
        return QualityVerdict(flag: isPossible ? .suspect : .fail, tests: .grossRange)
    }

    /// A vehicle needs a place; a fixed station has one and must not report another.
    public static func location(_ position: ReportedPosition, of station: Station) -> QualityVerdict {
        switch (position, station.kind) {
        case (.impossible, _):
            return QualityVerdict(flag: .fail, tests: .location)
        case (.absent, .vehicle):
            return QualityVerdict(flag: .suspect, tests: .location)
        case (.absent, .fixed):
            return .passed
        case (.at(let place), _):
            guard let declared = station.position else { return .passed }
            let isNear = place.distanceMetres(to: declared) <= fixedStationToleranceMetres
            return isNear ? .passed : QualityVerdict(flag: .suspect, tests: .location)
        }
    }

    /// Fail when a reported quantity is outside its limits, suspect when one with limits is not reported.
    public static func instrumentState(
        _ state: (String) -> Double?,
        within limits: [StateLimit]
    ) -> QualityVerdict {
        var verdict = QualityVerdict.passed
        for limit in limits {
            let value = state(limit.quantity)
            let isInside = value.map { $0 >= limit.minimum && $0 <= limit.maximum } ?? true
            if value != nil, isInside { continue }
            let flag: QualityFlag = value == nil ? .suspect : .fail
            verdict = verdict.combined(with: QualityVerdict(flag: flag, tests: .instrumentState))
        }
        return verdict
    }

    /// A number without uncertainty is not a result: suspect.
    public static func uncertainty(_ standardUncertainty: Double?) -> QualityVerdict {
        guard let standardUncertainty, standardUncertainty.isFinite, standardUncertainty >= 0 else {
            return QualityVerdict(flag: .suspect, tests: .uncertainty)
        }
        return .passed
    }
}
