import Formats
import Foundation
import Inventory
import Quantities

/// The use of `crosswind inventory` that checks tables of source documents against themselves.
struct SourceCheck: Sendable {
    static let options: [OptionSpecification] = [
        .value("check-sources", "FOLDER", "check tables of source documents against themselves"),
        .value("national", "FILE", "a table of years and national totals to compare with (year, national)"),
    ]

    let folder: String
    let national: String?
    let account: AccountSettings?

    init(_ options: Options) throws {
        folder = try options.required("check-sources")
        national = options.text("national")
        account = options.isSet("account") ? try AccountSettings(options) : nil
        if account == nil, let other = AccountSettings.options.first(where: { options.isSet($0.name) }) {
            throw UsageError.lacks(other.name, needs: "account", verb: options.verb)
        }
    }

    func run(_ output: InventoryOutput) async throws {
        var tables = try SourceTableFile.readAll(folder: folder)
        guard !tables.isEmpty else {
            let names = SourceDefects.tableNames.prefix(3).map { "\($0).csv" }
            throw AccountingError(
                .unusable(
                    "no table of a source document is here",
                    remedy: "their names are \(names.joined(separator: ", ")) and others"
                ),
                at: TablePlace(file: folder)
            )
        }
        if let national {
            let table = try SourceTableFile.read(csvFile: national)
            tables.append(
                SourceTable(name: "ceads_provinces_vs_national", header: table.header, rows: table.rows)
            )
        }
        let defects = SourceDefects(
            tables,
            catalogue: try AccountSettings.folder.catalogue(),
            account: try await account?.run().account
        )
        let text = SourceCheckText(defects)
        let results = InventoryResults(
            name: "source-check",
            tables: [text.table],
            text: { text.text($0) },
            json: { try JSONSummary.text(SourceCheckSummary(defects, outputs: $0)) }
        )
        try results.tell(output, inputs: [national].compactMap(\.self) + (account?.inputs ?? []))
    }
}

/// For programs.
struct SourceCheckSummary: Encodable {
    let findings: [SourceFinding]
    let counts: [String: Int]
    let outputs: [String]
    let software: String

    init(_ defects: SourceDefects, outputs: [String]) {
        findings = defects.findings
        counts = Dictionary(grouping: defects.findings, by: \.verdict.rawValue).mapValues(\.count)
        self.outputs = outputs
        software = "crosswind \(Version.current)"
    }
}

/// For people: what is wrong first and in full, then what agrees.
struct SourceCheckText {
    let defects: SourceDefects

    init(_ defects: SourceDefects) { self.defects = defects }

    var table: ReadableTable {
        ReadableTable(
            id: "source-check",
            title: LocalizedName(english: "all checks", chinese: "全部检查"),
            columns: [
                .init("id", "check", "编号"), .init("verdict", "verdict", "结论"), .init("table", "table", "表"),
                .init("row", "row", "行"), .init("printed", "printed", "原文值"),
                .init("computed", "computed", "计算值"),
                .init("unit", "unit", "单位"), .init("tolerance", "rounding", "舍入容差"),
            ],
            rows: defects.findings.map { finding in
                [
                    .text(finding.id), .name(finding.verdict.rawValue, finding.verdict.name),
                    .text(finding.table), .text(finding.row), .exact(finding.printed),
                    .exact(finding.computed), .text(finding.unit), .exact(finding.tolerance),
                ]
            }
        )
    }

    func text(_ language: Language) -> String {
        let scale = MassScale(largest: 0, language: language)
        let wrong = defects.defects.map { line($0, language) }
        let head = LocalizedName(
            english: "\(defects.findings.count) checks, \(wrong.count) to be known; nothing was repaired",
            chinese: "共\(defects.findings.count)项检查, \(wrong.count)项须注意; 未作任何修改"
        )
        return ([head[language]] + wrong + ["", table.text(language, scale)]).joined(separator: "\n")
    }

    private func line(_ finding: SourceFinding, _ language: Language) -> String {
        let place = [finding.table, finding.row].filter { !$0.isEmpty }.joined(separator: ", ")
        var text = "  \(finding.id) \(finding.verdict.name[language]): \(place): \(finding.text[language])"
        if let printed = finding.printed, let computed = finding.computed {
            let (first, second) = (AmountFigure.exact(printed), AmountFigure.exact(computed))
            text +=
                language == .english
                ? " (printed \(first), computed \(second) \(finding.unit))"
                : " (原文\(first), 计算\(second) \(finding.unit))"
        }
        return text
    }
}

extension SourceFinding.Verdict {
    var name: LocalizedName {
        switch self {
        case .reproduced: LocalizedName(english: "agrees", chinese: "一致")
        case .rounding: LocalizedName(english: "agrees within rounding", chinese: "舍入内一致")
        case .defect: LocalizedName(english: "DEFECT", chinese: "缺陷")
        case .definition: LocalizedName(english: "two definitions", chinese: "定义不同")
        case .notReproducible: LocalizedName(english: "cannot be told", chinese: "无法复算")
        case .missingTable: LocalizedName(english: "table missing", chinese: "缺表")
        }
    }
}
