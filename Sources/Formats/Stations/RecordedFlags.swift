import Observations

/// The alphabets in which files flag their values. What the source says is the verdict of the device: it can make a
/// value worse, never better.
public enum RecordedFlags: String, CaseIterable, Sendable {
    /// `U` and `O` are correct before and after manual control, `N` and `K` incorrect (ICOS ATC, level 1 and 2).
    case icos
    /// Three characters: a rejection, a selection, a remark; a point where there is none (NOAA GML).
    case noaa
    /// Zero or more passes, a negative number names what failed (UATAQ).
    case uataq
    /// 1 good, 2 not evaluated, 3 suspect, 4 fail, 9 missing (QARTOD).
    case qartod

    /// Nil where nothing is flagged.
    func verdict(_ text: Span<UInt8>) -> QualityVerdict? {
        guard text.count > 0 else { return nil }
        switch self {
        case .icos:
            if [UInt8(ascii: "U"), UInt8(ascii: "O")].contains(text[0]) { return nil }
            return verdict([UInt8(ascii: "N"), UInt8(ascii: "K")].contains(text[0]) ? .fail : .suspect)
        case .noaa:
            return text[0] == UInt8(ascii: ".") ? nil : verdict(.fail)
        case .uataq:
            return text[0] == UInt8(ascii: "-") ? verdict(.fail) : nil
        case .qartod:
            switch text[0] {
            case UInt8(ascii: "1"), UInt8(ascii: "2"): return nil
            case UInt8(ascii: "4"), UInt8(ascii: "9"): return verdict(.fail)
            default: return verdict(.suspect)
            }
        }
    }

    private func verdict(_ flag: QualityFlag) -> QualityVerdict {
        QualityVerdict(flag: flag, tests: .deviceFlag)
    }
}
