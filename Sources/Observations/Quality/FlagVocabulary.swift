/// The flags of other communities, to and from our own.
///
/// What is lost on the way out, because the other side has no word for it:
/// - everywhere: which test spoke, unless a letter names it; but in QARTOD also that nothing was evaluated
///   (NOAA: `..P`, the others: valid);
/// - ICOS and UATAQ: suspect becomes valid (`U`, `0`), as both only accept or reject;
/// - HJ 212 tells the state of the device, so a doubt that only the neighbours raise becomes `N`.
///
/// What is lost on the way in: the reasons behind NOAA's first column and UATAQ's other negative numbers; a NOAA
/// value that is only no background (second column) is good, since what is not background is what we look for.
public enum FlagVocabulary: String, CaseIterable, Sendable {
    /// 1, 2, 3, 4, 9 (IOOS, Manual for Real-Time Quality Control).
    case qartod
    /// U and O are correct before and after a person looked, N and K incorrect by program and by person; empty is
    /// missing (ICOS Atmosphere Thematic Centre). H is a spike found by Hampel's test (ICOS Cities).
    case icos
    /// Three characters: rejection, selection, information (NOAA GML).
    case noaa
    /// N, F, M, S, D, T, C, B (HJ 212).
    case hj212
    /// Numbers, of which the negative reject (Utah Atmospheric Trace gas and Air Quality network).
    case uataq

    /// The flag in this vocabulary.
    public func text(for verdict: QualityVerdict) -> String {
        switch self {
        case .qartod: String(verdict.flag.rawValue)
        case .icos: icosText(verdict)
        case .noaa: noaaText(verdict.flag)
        case .hj212: hj212Text(verdict)
        case .uataq: uataqText(verdict)
        }
    }

    /// What a flag of this vocabulary says; nil for one it does not have.
    public func verdict(of text: some StringProtocol) -> QualityVerdict? {
        switch self {
        case .qartod: UInt8(text).flatMap(QualityFlag.init).map { QualityVerdict(flag: $0, tests: []) }
        case .icos: Self.icosVerdicts[String(text)]
        case .noaa: noaaVerdict(Array(text))
        case .hj212: Self.hj212Verdicts[String(text)]
        case .uataq: Int(text).map(uataqVerdict)
        }
    }

    private static let icosVerdicts: [String: QualityVerdict] = [
        "U": QualityVerdict(flag: .good, tests: []),
        "O": QualityVerdict(flag: .good, tests: .operatorEdit),
        "N": QualityVerdict(flag: .fail, tests: .deviceFlag),
        "K": QualityVerdict(flag: .fail, tests: .operatorEdit),
        "H": QualityVerdict(flag: .suspect, tests: .spike),
        "": QualityVerdict(flag: .missing, tests: .missingValue),
    ]

    private func icosText(_ verdict: QualityVerdict) -> String {
        let isByPerson = verdict.tests.contains(.operatorEdit)
        switch verdict.flag {
        case .good, .notEvaluated, .suspect: return isByPerson ? "O" : "U"
        case .fail: return isByPerson ? "K" : "N"
        case .missing: return ""
        }
    }

    private func noaaText(_ flag: QualityFlag) -> String {
        switch flag {
        case .good: "..."
        case .notEvaluated: "..P"
        case .suspect: ".S."
        case .fail: "X.."
        case .missing: "*.."
        }
    }

    private func noaaVerdict(_ columns: [Character]) -> QualityVerdict? {
        guard columns.count == 3 else { return nil }
        if columns[0] == "*" { return QualityVerdict(flag: .missing, tests: .missingValue) }
        if columns[0] != "." { return QualityVerdict(flag: .fail, tests: .deviceFlag) }
        if columns[1] == "S" { return QualityVerdict(flag: .suspect, tests: .deviceFlag) }
        return QualityVerdict(flag: columns[2] == "P" ? .notEvaluated : .good, tests: [])
    }

    private static let hj212Verdicts: [String: QualityVerdict] = [
        "N": QualityVerdict(flag: .good, tests: []),
        // Stopped, in maintenance, out of order.
        "F": QualityVerdict(flag: .fail, tests: .deviceFlag),
        "M": QualityVerdict(flag: .fail, tests: .deviceFlag),
        "D": QualityVerdict(flag: .fail, tests: .deviceFlag),
        // Typed in by hand.
        "S": QualityVerdict(flag: .suspect, tests: .deviceFlag),
        "T": QualityVerdict(flag: .fail, tests: [.deviceFlag, .grossRange]),
        "C": QualityVerdict(flag: .fail, tests: [.deviceFlag, .calibrationGas]),
        // The station did not hear its analyser.
        "B": QualityVerdict(flag: .missing, tests: [.deviceFlag, .missingValue]),
    ]

    private func hj212Text(_ verdict: QualityVerdict) -> String {
        if verdict.flag == .missing { return "B" }
        guard verdict.flag == .fail || verdict.flag == .suspect else { return "N" }
        if verdict.tests.contains(.calibrationGas) { return "C" }
        if verdict.tests.contains(.grossRange) { return "T" }
        if verdict.tests.contains(.deviceFlag) { return verdict.flag == .fail ? "D" : "S" }
        if verdict.tests.contains(.instrumentState) { return "D" }
        return verdict.flag == .fail ? "M" : "N"
    }

    /// The numbers that name a reason, the one to write for a test first.
    private static let uataqReasons: [(number: Int, verdict: QualityVerdict)] = [
        (-1, QualityVerdict(flag: .fail, tests: .operatorEdit)),
        // The line still held the last gas.
        (-2, QualityVerdict(flag: .fail, tests: .calibrationGas)),
        // The name of the bottle is wrong.
        (-3, QualityVerdict(flag: .fail, tests: .calibrationGas)),
        (-4, QualityVerdict(flag: .fail, tests: .targetBias)),
        (-5, QualityVerdict(flag: .fail, tests: .calibrationAge)),
        (-6, QualityVerdict(flag: .fail, tests: .calibrationAge)),
        (-21, QualityVerdict(flag: .suspect, tests: .fix)),
        (-22, QualityVerdict(flag: .suspect, tests: .fix)),
        (-23, QualityVerdict(flag: .suspect, tests: .location)),
        (-24, QualityVerdict(flag: .suspect, tests: .warmUp)),
    ]
    private static let uataqParked = 20
    private static let uataqMissing = -9999

    private func uataqText(_ verdict: QualityVerdict) -> String {
        switch verdict.flag {
        case .missing: return String(Self.uataqMissing)
        case .fail, .suspect:
            let reason = Self.uataqReasons.first { entry in
                entry.verdict.flag == verdict.flag && !entry.verdict.tests.isDisjoint(with: verdict.tests)
            }
            return String(reason?.number ?? (verdict.flag == .fail ? -1 : 0))
        case .good, .notEvaluated:
            return verdict.tests.contains(.standstill) ? String(Self.uataqParked) : "0"
        }
    }

    private func uataqVerdict(_ number: Int) -> QualityVerdict {
        if number == Self.uataqMissing { return QualityVerdict(flag: .missing, tests: .missingValue) }
        if number == Self.uataqParked { return QualityVerdict(flag: .good, tests: .standstill) }
        if let known = Self.uataqReasons.first(where: { $0.number == number }) { return known.verdict }
        return QualityVerdict(flag: number < 0 ? .fail : .good, tests: number < 0 ? .deviceFlag : [])
    }
}
