import NetCDF
import Quantities
import Report

/// Writes a report into a folder: a CSV for each table that is there, all of them as JSON and netCDF, and the pages.
struct ReportFiles {
    let report: VerificationReport

    static func page(_ language: Language) -> String { "report-\(language.rawValue).html" }

    /// Pages last.
    var names: [String] { tableNames + Language.allCases.map(Self.page) }
    private var tableNames: [String] {
        report.tables.filter { $0.absence == nil }.map(\.fileName) + ["tables.json", "tables.nc"]
    }

    func write(into folder: OutputFolder) async throws {
        let tables = report.tables.filter { $0.absence == nil }
        for table in tables { try folder.write(table.csv(report.provenance), to: table.fileName) }
        try folder.write(try report.tablesJSON(), to: "tables.json")
        try await Self.writeNetCDF(report, tables, to: folder.stagedFile("tables.nc"))
        for language in Language.allCases {
            let other: Language = language == .english ? .chinese : .english
            let page = HTMLReport.render(report, language: language, otherLanguage: Self.page(other))
            try folder.write(page, to: Self.page(language))
        }
    }

    /// A dimension for each table and a variable for each column, named `T4_posterior`.
    @NetCDFThread
    private static func writeNetCDF(
        _ report: VerificationReport,
        _ tables: [ReportTable],
        to path: String
    ) throws(NetCDFError) {
        var file = try NetCDFWriter(replacing: path)
        try file.setAttribute("Conventions", "CF-1.11")
        try file.setAttribute("title", .text(report.title.english))
        try file.setAttribute("source", .text(report.provenance.software))
        for table in tables {
            try file.defineDimension("\(table.code.label)_row", length: table.rows.count)
            for column in table.numberColumns { try define(.double, column.key, column.title, table, file) }
            for column in table.textColumns { try define(.string, column.key, column.title, table, file) }
        }
        for table in tables {
            for column in table.numberColumns {
                try file.write(column.values, to: "\(table.code.label)_\(column.key)")
            }
            for column in table.textColumns {
                try file.write(column.values, to: "\(table.code.label)_\(column.key)")
            }
        }
        try file.commit()
    }

    @NetCDFThread
    private static func define(
        _ type: NetCDFType,
        _ key: String,
        _ title: LocalizedName,
        _ table: ReportTable,
        _ file: borrowing NetCDFWriter
    ) throws(NetCDFError) {
        let label = table.code.label
        var attributes: [(String, NetCDFAttribute)] = [
            ("long_name", .text(title.english)), ("long_name_zh", .text(title.chinese)),
            ("table_title", .text("\(label) \(table.code.title.english)")),
        ]
        if case .double = type, table.columns.contains(where: { $0.key == "unit" }) {
            attributes.append(("comment", .text("in the unit of the row, \(label)_unit, where it has one")))
        }
        try file.defineVariable("\(label)_\(key)", type, dimensions: ["\(label)_row"], attributes: attributes)
    }
}
