/// Summary flag of a reading, with the values of QARTOD (IOOS, Manual for Real-Time Quality Control).
public enum QualityFlag: UInt8, Codable, CaseIterable, Sendable {
    case good = 1
    case notEvaluated = 2
    case suspect = 3
    case fail = 4
    case missing = 9

    /// The worse of two flags. Missing is worst: it never becomes good, whatever another test said.
    public func worse(_ other: QualityFlag) -> QualityFlag { severity >= other.severity ? self : other }

    private var severity: Int {
        switch self {
        case .notEvaluated: 0
        case .good: 1
        case .suspect: 2
        case .fail: 3
        case .missing: 4
        }
    }
}

/// Which quality tests set the flag of a reading. Bits are stored: never reuse one.
public struct QualityTests: OptionSet, Codable, Hashable, Sendable {
    public let rawValue: UInt32
    public init(rawValue: UInt32) { self.rawValue = rawValue }

    /// The value is absent.
    public static let missingValue = QualityTests(rawValue: 1 << 0)
    /// Outside the range the instrument or the atmosphere can give.
    public static let grossRange = QualityTests(rawValue: 1 << 1)
    /// A position was expected and is absent or impossible.
    public static let location = QualityTests(rawValue: 1 << 2)
    /// The instrument reported that it was not measuring ambient air properly (warm-up, cavity, alarm).
    public static let instrumentState = QualityTests(rawValue: 1 << 3)
    /// No standard uncertainty was reported and the network file gives none.
    public static let uncertainty = QualityTests(rawValue: 1 << 4)

    // Tests of single readings, continued.

    /// The device itself flagged the value (HJ 212 letters, a status word).
    public static let deviceFlag = QualityTests(rawValue: 1 << 5)
    /// The receiver's fix is poor: too few satellites, or not accurate enough.
    public static let fix = QualityTests(rawValue: 1 << 6)
    /// Too much water vapour for the correction to dry air.
    public static let waterVapour = QualityTests(rawValue: 1 << 7)
    /// The supply of the device is below its limit.
    public static let battery = QualityTests(rawValue: 1 << 8)
    /// Gas from a bottle, not air.
    public static let calibrationGas = QualityTests(rawValue: 1 << 9)

    // Tests of a reading among its neighbours in time.

    /// Faster than air can change.
    public static let rateOfChange = QualityTests(rawValue: 1 << 10)
    /// Far from the median of its neighbours.
    public static let spike = QualityTests(rawValue: 1 << 11)
    /// The same value for too long.
    public static let flatLine = QualityTests(rawValue: 1 << 12)
    /// Soon after a gap, while the instrument or the receiver settles.
    public static let warmUp = QualityTests(rawValue: 1 << 13)
    /// The vehicle would have moved faster than vehicles do.
    public static let positionJump = QualityTests(rawValue: 1 << 14)
    /// The signal varies less than air does.
    public static let attenuatedSignal = QualityTests(rawValue: 1 << 15)
    /// The exhaust of the vehicle itself, at standstill.
    public static let ownExhaust = QualityTests(rawValue: 1 << 16)

    // Tests against what else is known.

    /// Below what the background of the season allows, or outside the band of month and hour.
    public static let climatology = QualityTests(rawValue: 1 << 17)
    /// Neighbouring stations say otherwise.
    public static let buddy = QualityTests(rawValue: 1 << 18)
    /// Drifted from the reference beside it.
    public static let colocation = QualityTests(rawValue: 1 << 19)
    /// The last calibration is too old, or the value lies outside its span.
    public static let calibrationAge = QualityTests(rawValue: 1 << 20)
    /// The bottle of known content was measured wrongly.
    public static let targetBias = QualityTests(rawValue: 1 << 21)
    /// Gases that are emitted together disagree.
    public static let ratio = QualityTests(rawValue: 1 << 22)
    /// A person set the flag.
    public static let operatorEdit = QualityTests(rawValue: 1 << 23)

    // Remarks that do not worsen a flag.

    /// A short excess that may be the plume of a source.
    public static let plumeCandidate = QualityTests(rawValue: 1 << 24)
    /// The vehicle stood still.
    public static let standstill = QualityTests(rawValue: 1 << 25)

    // Tests against other series, continued.

    /// The station that the vehicle passed says otherwise.
    public static let stationPass = QualityTests(rawValue: 1 << 26)
    /// Nothing but other series raised the doubt; a remark that comes with ``buddy``, ``colocation``, ``ratio`` or
    /// ``stationPass``.
    public static let comparisonAlone = QualityTests(rawValue: 1 << 27)
}
