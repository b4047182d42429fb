import Formats
import Foundation
import Inventory
import Quantities

/// The tables of an account, in the order in which they are read.
struct AccountTables {
    let result: AccountResult
    private var account: Account { result.account }

    var all: [ReadableTable] {
        [totals, lines, tableThree, keyCategories] + [draws, reference].compactMap(\.self) + [warnings]
    }

    /// In t CO2e, for the choice of a unit.
    var largestMass: Double {
        max(account.naiveSumTonnes, account.totals.map { abs($0.emission.mean) }.max() ?? 0)
    }

    private typealias Cell = ReadableTable.Cell

    // MARK: - Totals

    var totals: ReadableTable {
        let shown = account.totals.filter { total in
            total.emission.mean != 0 || total.dimension == .boundary || total.dimension == .category
        }
        return ReadableTable(
            id: "totals",
            title: LocalizedName(english: "totals", chinese: "合计"),
            columns: [
                .init("dimension", "by", "分类"), .init("name", "name", "名称"),
                .init("emission", "CO₂e ± half of the 95 % interval", "CO₂当量 ± 95%区间半宽", isMass: true),
                .init("u_percent", "± %", "± %"),
            ],
            rows: shown.map { total in
                [
                    .name(total.dimension.rawValue, total.dimension.name),
                    .name(
                        total.name,
                        total.dimension == .carrier ? result.name(total.name) : total.localizedName
                    ),
                    .mass(total.emission.mean, halfWidth: total.emission.half95),
                    .percent(total.percent95),
                ]
            },
            notes: [naiveNote]
        )
    }

    private var naiveNote: LocalizedName {
        let (english, chinese) = (
            MassScale(largest: largestMass, language: .english),
            MassScale(largest: largestMass, language: .chinese)
        )
        let sum = account.naiveSumTonnes
        return LocalizedName(
            english: "Everything called fuel, feedstock and transformation included, would add up to "
                + "\(english.text(sum, halfWidth: nil)) \(english.unit): not an emission.",
            chinese: "若将原料与加工转换用途一并相加, 得\(chinese.text(sum, halfWidth: nil))\(chinese.unit): 该数不是排放量。"
        )
    }

    // MARK: - Lineage

    var lines: ReadableTable {
        ReadableTable(
            id: "lines",
            title: LocalizedName(english: "rows and their factors", chinese: "明细与排放因子"),
            columns: [
                .init("carrier", "carrier", "品种"), .init("line", "line", "行"),
                .init("category", "counted as", "计入"), .init("quantity", "quantity", "数量"),
                .init("unit", "unit", "单位"), .init("gas", "gas", "气体"),
                .init("t_per_unit", "t of gas per", "吨/单位"), .init("basis", "basis", "基准"),
                .init("factor_set", "factor set", "因子集"),
                .init("emission", "CO₂e", "CO₂当量", isMass: true), .init("u_percent", "± %", "± %"),
            ],
            rows: account.lines.map { line in
                [
                    .name(line.carrier, result.name(line.carrier)),
                    .text(line.place.line.map(String.init) ?? ""),
                    .name(line.category.rawValue, line.category.names), .exact(line.quantity),
                    .text(line.unit), .name(line.factor.species, line.factor.localizedSpecies),
                    .number(line.factor.tonnesPerUnit),
                    .text(line.basis.rawValue), .text(line.factor.set),
                    .mass(
                        line.tonnesCarbonDioxideEquivalent,
                        halfWidth: line.percent95 / 100 * line.tonnesCarbonDioxideEquivalent
                    ),
                    .percent(line.percent95),
                ]
            },
            ownCSV: account.linesCSV
        )
    }

    // MARK: - Uncertainty

    /// 2006 IPCC, Volume 1, Table 3.2.
    var tableThree: ReadableTable {
        let table = result.table
        let hasBase = result.base != nil
        func trend(_ value: Double) -> Cell { .percent(hasBase ? value : nil) }
        return ReadableTable(
            id: "table-3-2",
            title: LocalizedName(
                english: "uncertainty by Tier 1 (2006 IPCC, Volume 1, Table 3.2; percent)",
                chinese: "不确定度: 方法1 (2006年IPCC指南第1卷表3.2; %)"
            ),
            columns: [
                .init("category", "A category", "A 类别"), .init("gas", "B gas", "B 气体"),
                .init("base", "C base year", "C 基准年", isMass: true),
                .init("year", "D year", "D 当年", isMass: true),
                .init("e_activity", "E activity", "E 活动"), .init("f_factor", "F factor", "F 因子"),
                .init("g_combined", "G combined", "G 合成"), .init("h_variance", "H variance", "H 方差贡献"),
                .init("i_type_a", "I type A", "I A型"), .init("j_type_b", "J type B", "J B型"),
                .init("k_from_factor", "K by factor", "K 因子"),
                .init("l_from_activity", "L by activity", "L 活动"),
                .init("m_trend", "M trend", "M 趋势"),
            ],
            rows: table.rows.map { row in
                [
                    .name(row.given.category, result.name(row.given.category)),
                    .name(row.given.gas.rawValue, row.given.gas.names),
                    hasBase ? .mass(row.given.baseTonnes, halfWidth: nil) : .mass(.nan, halfWidth: nil),
                    .mass(row.given.tonnes, halfWidth: nil),
                    .percent(row.given.activityPercent), .percent(row.given.factorPercent),
                    .percent(row.combinedPercent), .percent(row.contributionToVariance),
                    trend(row.typeASensitivity), trend(row.typeBSensitivity), trend(row.trendFromFactor),
                    trend(row.trendFromActivity), trend(row.trendVariance),
                ]
            },
            notes: tableNotes
        )
    }

    private var tableNotes: [LocalizedName] {
        let table = result.table
        guard !table.rows.isEmpty else { return [] }
        let percent = AmountFigure.percent(table.totalPercent)
        var notes = [LocalizedName(english: "total: ± \(percent) %", chinese: "合计: ± \(percent) %")]
        if let base = result.base {
            let points = table.trendPercentPoints
            let decimals = AmountFigure.decimals(halfWidth: points)
            let change = AmountFigure.fixed(table.trendPercent, decimals: max(0, decimals))
            let half = AmountFigure.percent(points)
            notes.append(
                LocalizedName(
                    english:
                        "change from \(base.year) to \(account.year): \(change) ± \(half) percent points",
                    chinese: "\(base.year)年至\(account.year)年变化: \(change) ± \(half) 个百分点"
                )
            )
        }
        if let drawn = result.trendDraws {
            let (lower, upper) = (
                AmountFigure.significant(drawn.lower95, digits: 3),
                AmountFigure.significant(drawn.upper95, digits: 3)
            )
            notes.append(
                LocalizedName(
                    english: "by draws: 95 % of the changes lie from \(lower) to \(upper) %",
                    chinese: "蒙特卡罗: 变化的95%区间为\(lower)%至\(upper)%"
                )
            )
        }
        return notes
    }

    // MARK: - Key categories

    var keyCategories: ReadableTable {
        let rankings = [
            ("level", LocalizedName(english: "level", chinese: "水平"), result.keys.level),
            ("trend", LocalizedName(english: "trend", chinese: "趋势"), result.keys.trend),
            ("uncertainty", LocalizedName(english: "uncertainty", chinese: "不确定度"), result.keys.uncertainty),
        ]
        let yes = LocalizedName(english: "yes", chinese: "是"), no: LocalizedName = "-"
        return ReadableTable(
            id: "key-categories",
            title: LocalizedName(
                english:
                    "key categories (95 % of level and trend, 90 % of uncertainty; 2006 IPCC, Volume 1, Chapter 4)",
                chinese: "关键类别 (水平与趋势95%, 不确定度90%; 2006年IPCC指南第1卷第4章)"
            ),
            columns: [
                .init("ranking", "by", "依据"), .init("category", "category", "类别"), .init("gas", "gas", "气体"),
                .init("emission", "CO₂e", "CO₂当量", isMass: true), .init("assessment", "assessment", "评估值"),
                .init("share_percent", "share %", "占比 %"),
                .init("cumulative_percent", "cumulative %", "累计 %"),
                .init("key", "key", "关键"),
            ],
            rows: rankings.flatMap { key, name, ranked in
                ranked.map { row in
                    [
                        .name(key, name), .name(row.category.name, result.name(row.category.name)),
                        .name(row.category.gas.rawValue, row.category.gas.names),
                        .mass(row.category.tonnes, halfWidth: nil), .number(row.assessment),
                        .percent(100 * row.share), .number(100 * row.cumulative),
                        row.isKey ? .name("yes", yes) : .name("no", no),
                    ]
                }
            }
        )
    }
}
