import Foundation
import Quantities
import Verification

/// Words of the template that are no column titles.
enum TemplateText {
    static let allObservations = LocalizedName(english: "All observations", chinese: "全部观测")
    static let inputs = LocalizedName(english: "Inputs", chinese: "输入数据")
    static let versions = LocalizedName(english: "Versions of factors and methods", chinese: "因子与方法版本")
    static let run = LocalizedName(english: "Run", chinese: "运行")
    static let noUncertainty = LocalizedName(english: "u not stated", chinese: "未给出不确定度")
    static let absent = LocalizedName(english: "Absent.", chinese: "缺。")
    static let absentShort = LocalizedName(english: "absent", chinese: "缺")
    static let contents = LocalizedName(english: "Tables and figures", chinese: "图表目录")
    static let annex = LocalizedName(english: "Annex: the inversion in detail", chinese: "附录：反演细节")
    static let annexOfTables = LocalizedName(english: "Annex", chinese: "附录")
    static let signatures = LocalizedName(english: "Signatures", chinese: "签署")
    static let signatureName = LocalizedName(english: "Name", chinese: "姓名")
    static let signatureDate = LocalizedName(english: "Date", chinese: "日期")
    static let data = LocalizedName(english: "data", chinese: "数据")
    static let numbersIn = LocalizedName(english: "Numbers: table", chinese: "数据见表")
    static let figure = LocalizedName(english: "Figure", chinese: "图")
    static let table = LocalizedName(english: "Table", chinese: "表")

    static let verdictRule = Message.verdictRule.text

    static let targetNote = LocalizedName(
        english: """
            Progress: the share of the way from the base to the target, (reached − base) / (target − base). Of an \
            indicator that is a change since the base year the base is 0; without a base it is as the source prints it.
            """,
        chinese: "进度为自基数至目标所完成的比例，即（实际值 − 基数）/（目标值 − 基数）；以较基年变化率表示的指标，基数为 0；未给出基数者按来源所列。"
    )

    static let trendNote = LocalizedName(
        english: """
            Sen slope with its interval of 95 % after Gilbert, the rank limits themselves; none is given where too few \
            years have such ranks. Mann-Kendall S, z with continuity correction, p \
            two-sided under the null distribution named.
            """,
        chinese: "Sen 斜率及其 95 % 区间（Gilbert 秩次界限；年份过少时不给出区间）；Mann-Kendall 统计量 S、经连续性校正的 z，p 为双侧概率，所用零分布见表。"
    )

    static let findingNote = LocalizedName(
        english: """
            A total asks for a case where it is inconsistent and stays so among all of its group at a \
            false-discovery rate of at most \(FalseDiscovery.rate) (Benjamini–Hochberg), a facility where its \
            residuals last. What follows is decided by a person. The comparison is quality assurance of the inventory, \
            it does not replace it (IPCC 2019 Refinement, volume 1, 6.10.2).
            """,
        chinese: """
            总量显著不符、且在同组多重比较（Benjamini–Hochberg 法，错误发现率不超过 \(FalseDiscovery.rate)）\
            后仍然如此者，以及残差持续的排放单位，触发核查；处置由人决定。比较属于清单质量保证，不能取代清单（IPCC 2019 修订版第1卷 6.10.2）。
            """
    )

    /// Whole years as such, otherwise dates.
    static func period(_ period: Period) -> LocalizedName {
        LocalizedName(
            english: HTMLReport.periodText(period, ReportContext(language: .english)),
            chinese: HTMLReport.periodText(period, ReportContext(language: .chinese))
        )
    }

    static func list(_ names: [LocalizedName]) -> LocalizedName {
        LocalizedName(
            english: names.map(\.english).joined(separator: ", "),
            chinese: names.map(\.chinese).joined(separator: "、")
        )
    }

    /// The reasons with their counts; what they do not explain is said too.
    static func exclusions(_ use: ObservationUse) -> LocalizedName {
        var parts = use.excluded.map { excluded in
            let count = HTMLReport.whole(excluded.count)
            return LocalizedName(
                english: "\(excluded.reason.english): \(count)",
                chinese: "\(excluded.reason.chinese)：\(count)"
            )
        }
        let explained = use.excluded.reduce(0) { $0.addingReportingOverflow($1.count).partialValue }
        let unexplained = use.available.subtractingReportingOverflow(use.used).partialValue &- explained
        if unexplained > 0 {
            let count = HTMLReport.whole(unexplained)
            let text = Message.unexplained.text
            parts.append(
                LocalizedName(
                    english: text.english.replacing("{0}", with: count),
                    chinese: text.chinese.replacing("{0}", with: count)
                )
            )
        }
        return parts.isEmpty ? Message.nothingExcluded.text : list(parts)
    }
}
