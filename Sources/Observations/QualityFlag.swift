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
}
