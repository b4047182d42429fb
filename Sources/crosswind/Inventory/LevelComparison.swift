import Formats
import Foundation
import Inventory
import Quantities

/// The use of `crosswind inventory` that compares parents with the sums of their parts.
struct LevelComparison: Sendable {
    static let options: [OptionSpecification] = [
        .value(
            "hierarchy",
            "FILE",
            "compare parents with their parts (CSV: region, parent, value, unit, source)"
        ),
        .value("tolerance", "PERCENT", "difference up to which both agree (5)"),
    ]

    let file: String
    let tolerance: Double

    init(_ options: Options) throws {
        file = try options.required("hierarchy")
        let percent = try options.number("tolerance") ?? 5
        guard (0...100).contains(percent) else {
            throw UsageError.badValue("tolerance", "\(percent)", expected: "a percentage", verb: options.verb)
        }
        tolerance = percent / 100
    }

    func run(_ output: InventoryOutput) throws {
        let levels = try HierarchyTable.read(csvFile: file, tolerance: tolerance)
        let table = Self.table(levels)
        let results = InventoryResults(
            name: "hierarchy",
            tables: [table],
            text: { table.text($0, MassScale(largest: 0, language: $0)) },
            json: { try JSONSummary.text(Summary(levels, outputs: $0)) }
        )
        try results.tell(output, inputs: [file])
    }

    private struct Summary: Encodable {
        struct Level: Encodable {
            let year: String
            let parent: String
            let value: Double
            let sumOfParts: Double
            let ratio: Double
            let finding: AccountHierarchy.Finding
            let missing: [String]
            let unit: String
        }

        let levels: [Level]
        let outputs: [String]
        let software: String

        init(_ levels: [HierarchyTable.Level], outputs: [String]) {
            self.levels = levels.map { level in
                let hierarchy = level.hierarchy
                return Level(
                    year: level.year,
                    parent: hierarchy.parent.english,
                    value: hierarchy.parentValue,
                    sumOfParts: hierarchy.sumOfParts,
                    ratio: hierarchy.ratio,
                    finding: hierarchy.finding,
                    missing: hierarchy.missing,
                    unit: hierarchy.unit
                )
            }
            self.outputs = outputs
            software = "crosswind \(Version.current)"
        }
    }

    private static func table(_ levels: [HierarchyTable.Level]) -> ReadableTable {
        ReadableTable(
            id: "hierarchy",
            title: LocalizedName(english: "parents and their parts", chinese: "上级与下级之和"),
            columns: [
                .init("parent", "parent", "上级"), .init("year", "year", "年份"), .init("value", "value", "数值"),
                .init("parts", "parts", "下级数"), .init("sum_of_parts", "sum of parts", "下级之和"),
                .init("unit", "unit", "单位"), .init("ratio", "ratio", "比值"), .init("finding", "finding", "结论"),
                .init("missing", "without a figure", "缺值"),
            ],
            rows: levels.map { level in
                let hierarchy = level.hierarchy
                return [
                    .name(hierarchy.parent.english, hierarchy.parent), .text(level.year),
                    .number(hierarchy.parentValue), .text("\(hierarchy.partCount)"),
                    .number(hierarchy.sumOfParts),
                    .text(hierarchy.unit), .number(hierarchy.ratio),
                    .name(hierarchy.finding.rawValue, hierarchy.finding.name),
                    .text(hierarchy.missing.joined(separator: " ")),
                ]
            },
            notes: [
                LocalizedName(
                    english:
                        "Levels come from different surveys: a difference is told and nothing is scaled.",
                    chinese: "各级数据来自不同统计: 差异如实列出, 不作调整。"
                )
            ]
        )
    }
}

extension AccountHierarchy.Finding {
    var name: LocalizedName {
        switch self {
        case .agrees: LocalizedName(english: "agree", chinese: "一致")
        case .partsExceed: LocalizedName(english: "parts exceed the parent", chinese: "下级之和偏大")
        case .partsFallShort: LocalizedName(english: "parts fall short", chinese: "下级之和偏小")
        case .incomplete: LocalizedName(english: "parts are missing", chinese: "下级不全")
        }
    }
}
