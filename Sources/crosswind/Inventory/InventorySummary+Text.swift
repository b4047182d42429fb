import Formats
import Foundation
import Inventory
import Quantities

extension InventorySummary {
    /// Lines for a terminal; regions without emission are left out.
    func text(_ language: Language) -> String {
        func line(_ english: String, _ chinese: String, _ text: String) -> String {
            let label = language == .english ? english : chinese
            return label + String(repeating: " ", count: max(1, 9 - AlignedTable.width(label))) + text
        }
        var lines = [
            line("product", "产品", product), line("layout", "格式", layout.rawValue),
            line("gas", "气体", gas.formula), line("grid", "网格", gridText(language)),
        ]
        for period in periods {
            let between = language == .english ? "to" : "至"
            lines.append(line("period", "时段", "\(period.start) \(between) \(period.end)"))
            lines.append(line("total", "总量", totalText(period, language)))
        }
        if missingCells > 0 {
            let text = LocalizedName(
                english: "\(missingCells) cells without a value count as no flux",
                chinese: "\(missingCells)格无值, 按无通量计"
            )
            lines.append(line("missing", "缺值", text[language]))
        }
        for (label, text) in unusual { lines.append(line(label.english, label.chinese, text[language])) }
        if let ratio = conversion.carbonRatio {
            let text = LocalizedName(
                english: "the source counts carbon, taken times \(ratio.rawValue)",
                chinese: "原数据以碳计, 乘以\(ratio.rawValue)"
            )
            lines.append(line("carbon", "碳", text[language]))
        }
        if conversion.categories.count > 1 || !conversion.skipped.isEmpty {
            lines.append(line("summed", "合计项", conversion.categories.joined(separator: ", ")))
        }
        for skipped in conversion.skipped { lines.append(line("left out", "未计入", skipped)) }
        lines.append(line("check", "核对", checkText(language)))
        if regions != nil { lines.append(regionText(language)) }
        return lines.joined(separator: "\n")
    }

    /// What a reader should doubt: cells below zero, and a unit that is not the file's.
    private var unusual: [(label: LocalizedName, text: LocalizedName)] {
        var told: [(LocalizedName, LocalizedName)] = []
        if negativeCells > 0 {
            let tonnes = fixed(negativeTonnes, 0)
            let text = LocalizedName(
                english: "\(negativeCells) cells below zero, \(tonnes) t in all, counted in the total",
                chinese: "\(negativeCells)格为负值, 合计\(tonnes)吨, 计入总量"
            )
            told.append((LocalizedName(english: "negative", chinese: "负值"), text))
        }
        if let stated = conversion.overruledUnit {
            let text = LocalizedName(
                english: "\(conversion.unit) by the mapping; the file states \(stated)",
                chinese: "按映射取\(conversion.unit); 文件声明为\(stated)"
            )
            told.append((LocalizedName(english: "unit", chinese: "单位"), text))
        }
        return told
    }

    private func gridText(_ language: Language) -> String {
        let (west, south) = (fixed(grid.west, 3), fixed(grid.south, 3))
        let steps = "\(fixed(grid.longitudeStep, 4)) x \(fixed(grid.latitudeStep, 4))"
        return switch language {
        case .english:
            "\(grid.rows) x \(grid.columns) cells from \(west) E, \(south) N, \(steps) degrees"
        case .chinese: "\(grid.rows) x \(grid.columns)格, 自东经\(west), 北纬\(south), \(steps)度"
        }
    }

    private func totalText(_ period: PeriodTotal, _ language: Language) -> String {
        switch language {
        case .english: "\(fixed(period.tonnes, 0)) t in \(period.nonZeroCells) cells"
        case .chinese: "\(fixed(period.tonnes, 0))吨, \(period.nonZeroCells)格"
        }
    }

    private func checkText(_ language: Language) -> String {
        guard let totalsCheck else {
            return LocalizedName(english: "the file declares no total", chinese: "文件未声明总量")[language]
        }
        let percent = String(format: "%+.4f", 100 * totalsCheck.relativeDifference)
        let declared = fixed(totalsCheck.declaredTonnes, 0)
        switch language {
        case .english:
            let verdict = totalsCheck.passes ? "agrees with" : "differs from"
            return "\(verdict) the declared \(declared) t (\(percent) %)"
        case .chinese: return "与声明的\(declared)吨\(totalsCheck.passes ? "一致" : "不符") (\(percent)%)"
        }
    }

    private func regionText(_ language: Language) -> String {
        let shown = (regions ?? []).filter { $0.tonnes != 0 }
        let hasOutlines = remainder != nil
        var header = [
            LocalizedName(english: "region", chinese: "地区")[language], language == .english ? "t" : "吨",
        ]
        if hasOutlines {
            header.append(LocalizedName(english: "beyond outline", chinese: "轮廓之外")[language])
        }
        var rows = shown.map { region in
            [language == .english ? region.name : region.nameChinese, fixed(region.tonnes, 0)]
                + (hasOutlines ? [fixed(region.beyondOutlineTonnes, 0)] : [])
        }
        let unassigned = LocalizedName(english: "unassigned", chinese: "未分配")[language]
        rows.append([unassigned, fixed(unassignedTonnes ?? 0, 0)] + (hasOutlines ? [""] : []))
        var text = AlignedTable.text(header: header, rows: rows).replacing(#/ +(?=\n|$)/#, with: "")
        if remainder == .unassigned {
            let note = LocalizedName(
                english:
                    "Simplified outlines cut off coasts: --remainder nearest gives what lies within 60 km.",
                chinese: "简化轮廓会截去海岸: --remainder nearest将60千米以内归入最近地区。"
            )
            text += "\n" + note[language]
        }
        return text
    }

    private func fixed(_ value: Double, _ digits: Int) -> String { AlignedTable.fixed(value, digits) }
}
