import Quantities
import Verification

/// What may be said of a peak in a report: nothing where no test was significant or the years are too few.
struct PeakReading {
    let peak: PeakJudgement
    /// Whether the whole series rises significantly.
    let rises: Bool

    init(_ peak: PeakJudgement, rises: Bool) {
        self.peak = peak
        self.rises = rises
    }

    var text: LocalizedName {
        let state = state
        return LocalizedName(
            english: "\(state.english), highest in \(peak.peakYear)",
            chinese: "\(state.chinese)，最高年份\(peak.peakYear)"
        )
    }

    private var state: LocalizedName {
        switch peak.state {
        case .peaked: peak.state.name
        case .plateau:
            LocalizedName(
                english: "whether it has peaked cannot be told (plateau: no significant decline since)",
                chinese: "是否达峰无法判定（平台期：峰值后无显著下降）"
            )
        case .notPeaked:
            rises
                ? peak.state.name
                : LocalizedName(
                    english: "whether it has peaked cannot be told (too few years, or no significant trend)",
                    chinese: "是否达峰无法判定（年份过少或趋势不显著）"
                )
        }
    }
}
