public import Observations

/// What a logger says of a value, in one letter (HJ 212-2017, table of data flags; `P` and the digits are those of
/// HJ/T 212-2005).
public enum HJ212Flag: String, CaseIterable, Sendable {
    case normal = "N"
    /// The source, or the instrument, is out of operation.
    case stopped = "F"
    case maintenance = "M"
    /// Entered by hand.
    case manual = "S"
    case defect = "D"
    case calibrating = "C"
    /// Beyond the range of the instrument.
    case overRange = "T"
    /// No communication with the instrument.
    case communication = "B"
    case powerFailure = "P"

    /// The letter of a frame; the digits that air stations of 2005 send mean the same as letters.
    /// - Returns: nil for what no edition knows.
    public init?(text: some StringProtocol) {
        switch text {
        case "0": self = .calibrating
        case "2": self = .defect
        case "1", "3": self = .normal
        default: self.init(rawValue: text.uppercased())
        }
    }

    /// What it means for the value. Gas from a bottle is no air, and what was entered by hand is no measurement of
    /// this moment.
    public var verdict: QualityVerdict {
        switch self {
        case .normal: QualityVerdict(flag: .good, tests: [])
        case .manual: QualityVerdict(flag: .suspect, tests: .deviceFlag)
        case .calibrating: QualityVerdict(flag: .fail, tests: .calibrationGas)
        case .overRange: QualityVerdict(flag: .fail, tests: [.deviceFlag, .grossRange])
        case .stopped, .maintenance, .defect, .communication, .powerFailure:
            QualityVerdict(flag: .fail, tests: .deviceFlag)
        }
    }

    /// A letter that no edition knows is no `N`.
    static let unknownVerdict = QualityVerdict(flag: .suspect, tests: .deviceFlag)

    /// The letter under which a value with this verdict is to be sent on. The letters tell the state of the
    /// instrument, so suspect values are `N`; what failed is never `N`. Operators' edits are maintenance.
    public init(_ verdict: QualityVerdict) {
        let tests = verdict.tests
        switch verdict.flag {
        case .missing: self = .communication
        case _ where tests.contains(.calibrationGas): self = .calibrating
        case .fail where tests.contains(.grossRange): self = .overRange
        case .fail where tests.contains(.operatorEdit): self = .maintenance
        case .fail: self = .defect
        case .suspect where tests == .deviceFlag: self = .manual
        case .good, .notEvaluated, .suspect: self = .normal
        }
    }
}
