public import Inventory

/// Maps of sectors as tables: a column of native codes and one for each classification they are brought to.
public enum SectorMapFile {
    /// - Parameters:
    ///   - native: the column of native codes, e.g. `edgar_code`.
    ///   - standard: the column of the classification wanted, e.g. `gnfr` or `ipcc_2006`.
    /// - Throws: ``TableError`` for a missing column or a code that stands twice.
    public static func read(
        _ path: String,
        native: String,
        standard: String,
        version: String
    ) throws(TableError) -> SectorMap {
        let table = try CSVTable(inventory: path)
        let (from, to) = (try table.column(native), try table.column(standard))
        var codes: [String: String] = [:]
        for row in table.rows where !row.fields[to].isEmpty {
            guard codes.updateValue(row.fields[to], forKey: row.fields[from]) == nil else {
                throw table.error(row, from, "`\(row.fields[from])` stands twice")
            }
        }
        return SectorMap(id: "\(native) to \(standard)", version: version, standard: codes)
    }
}
