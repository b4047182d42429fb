import Foundation
public import Inventory

/// Tables of source documents, read as they are.
public enum SourceTableFile {
    /// Reads those tables of ``SourceDefects/tableNames`` that a folder holds; the others are for the validator to
    /// report as missing.
    ///
    /// - Throws: ``AccountingError`` for a folder that is not there and for files that are no tables.
    public static func readAll(folder: String) throws(AccountingError) -> [SourceTable] {
        guard FileManager.default.fileExists(atPath: folder) else {
            throw AccountingError(.noSuchFile, at: TablePlace(file: folder))
        }
        var tables: [SourceTable] = []
        for name in SourceDefects.tableNames {
            let file = "\(folder)/\(name).csv"
            guard FileManager.default.fileExists(atPath: file) else { continue }
            tables.append(try read(csvFile: file))
        }
        return tables
    }

    /// One table under its header.
    public static func read(csvFile file: String) throws(AccountingError) -> SourceTable {
        var rows: [[String]] = []
        do throws(TableError) {
            var lines = try TableLines(try TableBytes.read(file), file: file)
            while let fields = try lines.next() { rows.append(fields) }
        } catch { throw AccountingError(error) }
        guard let header = rows.first else {
            throw AccountingError(
                .unusable("the table is empty", remedy: "give a header and rows"),
                at: TablePlace(file: file)
            )
        }
        return SourceTable(
            name: URL(filePath: file).deletingPathExtension().lastPathComponent,
            header: header,
            rows: Array(rows.dropFirst())
        )
    }
}
