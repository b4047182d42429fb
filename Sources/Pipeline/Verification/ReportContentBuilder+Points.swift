import Formats
import Foundation
import Inventory
import Quantities
import Report
import Verification

// A catalogue of point sources as a database of T5.
extension ReportContentBuilder {
    /// Totals by region of the point sources of a database; nil for one that is a table by region.
    ///
    /// - Throws: `TableError` for catalogue and overrides, the errors of region files.
    mutating func pointTotals(_ database: ReportPlan.DatabasePlan) throws -> Totals? {
        guard let points = database.points, let gas else { return nil }
        let sources = try PointCatalogueFile.read(database.file)
        guard sources.contains(where: { $0.tonnesPerYear[gas] != nil }) else {
            throw TableError(
                file: database.file,
                line: 1,
                column: "\(gas.rawValue)_emis_ty",
                reason: "no source has an emission of \(gas.rawValue)"
            )
        }
        let set = try RegionFile.read(points.regions)
        let overrides = try points.overrides.map {
            try PointOverridesFile.read($0, sources: sources, regions: set)
        }
        let found = PointRegions(
            sources,
            gas: gas,
            finder: RegionFinder(set, reachMetres: points.reachMetres),
            overrides: overrides ?? [:]
        )
        _ = use(points.regions, .regions, points.credit)
        if let file = points.overrides { _ = use(file, .table) }
        var totals = Totals(plan: database)
        for row in found.rows where row.units > 0 {
            outlineNames[row.name.english] = row.name
            let name = regionName(row.name.english).english
            let sum = totals.sums[name]?[database.year]?.value ?? 0
            totals.sums[name, default: [:]][database.year] = (sum + row.tonnes * database.factor, .nan)
        }
        guard !totals.sums.isEmpty else {
            throw TableError(
                file: database.file,
                reason:
                    "no point lies in or near a region of \(URL(filePath: points.regions).lastPathComponent)",
                remedy: "give the regions of these points, or a greater reach_km"
            )
        }
        if found.unassignedTonnes > 0 {
            let name = Self.unassigned
            outlineNames[name.english] = name
            totals.sums[name.english, default: [:]][database.year] = (
                found.unassignedTonnes * database.factor, .nan
            )
        }
        caveats.append(placed(found, sources.count, database, points))
        return totals
    }

    /// How many sources no outline holds: a coast that was simplified loses plants, and nobody sees it.
    private func placed(
        _ found: PointRegions,
        _ count: Int,
        _ database: ReportPlan.DatabasePlan,
        _ points: ReportPlan.PointRegionsPlan
    ) -> LocalizedName {
        let nearest = found.rows.reduce(0) { $0 + $1.nearestTonnes } * database.factor
        let lost = found.unassignedTonnes * database.factor
        func figure(_ value: Double) -> String { "\((value * 100).rounded() / 100)" }
        let reach = "\(figure(points.reachMetres / 1000)) km"
        return LocalizedName(
            english: "\(database.name.english): of \(count) point sources \(found.nearestUnits) "
                + "(\(figure(nearest)) \(plan.unit.english)) lie outside every outline and count to the nearest within "
                + "\(reach); \(found.unassigned.count) (\(figure(lost)) \(plan.unit.english)) count to none.",
            chinese: "\(database.name.chinese)：\(count)个点源中\(found.nearestUnits)个"
                + "（\(figure(nearest)) \(plan.unit.chinese)）位于所有边界之外，计入\(reach)内最近区域；"
                + "\(found.unassigned.count)个（\(figure(lost)) \(plan.unit.chinese)）未计入任何区域。"
        )
    }
}
