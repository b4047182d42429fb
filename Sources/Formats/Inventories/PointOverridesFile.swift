public import Geo
public import Inventory
import Quantities

/// Regions of point sources from whoever knows better than an outline: a table with the columns `id` and `region`.
public enum PointOverridesFile {
    /// Codes of regions by the id of a source.
    ///
    /// - Throws: ``TableError`` with line and column for a source or a region that is not there.
    public static func read(
        _ path: String,
        sources: [PointSource],
        regions: RegionSet
    ) throws(TableError) -> [String: String] {
        let table = try CSVTable(inventory: path)
        let id = try table.column("id", "name")
        let region = try table.column("region", "code", "iso_3166_2")
        let known = Set(sources.map(\.id))
        let codes = regions.regions.map(\.code).filter { !$0.isEmpty }
        var overrides: [String: String] = [:]
        for row in table.rows {
            let (source, code) = (row.fields[id], row.fields[region])
            guard known.contains(source) else {
                let hint = nearest(to: source, among: sources.map(\.id)).map { "; is it `\($0)`?" } ?? ""
                throw table.error(row, id, "`\(source)` is no source of the catalogue\(hint)")
            }
            guard codes.contains(code) else {
                let hint = nearest(to: code, among: codes).map { "; is it `\($0)`?" } ?? ""
                throw table.error(row, region, "`\(code)` is no code of a region\(hint)")
            }
            guard overrides.updateValue(code, forKey: source) == nil else {
                throw table.error(row, id, "`\(source)` stands twice")
            }
        }
        return overrides
    }
}
