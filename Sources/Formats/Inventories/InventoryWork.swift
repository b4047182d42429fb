public import Geo
public import Inventory
public import Quantities

/// What `crosswind inventory` does with a gridded inventory or a catalogue, one call each.
public enum InventoryWork {
    /// Reads an inventory (several files are sectors to add up), brings it to a grid and writes it.
    ///
    /// - Returns: the account of each period, in order.
    /// - Throws: what ``GriddedInventoryFile`` and ``RegriddedFile`` throw.
    public static func regrid(
        _ paths: [String],
        _ options: FluxReadOptions = FluxReadOptions(),
        to grid: CellGrid,
        output: String,
        command: String,
        configuration: String,
        created: Instant?
    ) async throws -> [RegridAccount] {
        let product = try await read(paths, options)
        var inputs: [FileProvenance.Input] = []
        for path in paths { inputs.append(try FileProvenance.Input(ofFile: path)) }
        let regridded = regrid(product, to: grid)
        try await RegriddedFile.write(
            regridded,
            to: output,
            conversion: product.conversion,
            provenance: FileProvenance(
                command: command,
                configuration: configuration,
                seed: nil,
                inputs: inputs,
                created: created
            )
        )
        return regridded.map(\.account)
    }

    /// One file, or the sum of sector files.
    public static func read(_ paths: [String], _ options: FluxReadOptions) async throws -> FluxProduct {
        if paths.count == 1 { return try await GriddedInventoryFile.read(paths[0], options) }
        return try await GriddedInventoryFile.readSectors(paths, options)
    }

    /// All periods with the weights made once.
    public static func regrid(_ product: FluxProduct, to grid: CellGrid) -> [RegriddedFlux] {
        guard let first = product.fields.first else { return [] }
        let regridding = Regridding(from: first.grid, to: grid)
        return product.fields.map { regridding.apply($0) }
    }

    /// Totals of regions for each period; the cells of the inventory are divided by their areas.
    public static func regions(
        _ product: FluxProduct,
        _ set: RegionSet,
        remainder: RegionTotals.Remainder = .unassigned
    ) -> [RegionTotals] {
        guard let first = product.fields.first else { return [] }
        let fractions = RegionFractions(set, on: first.grid)
        return product.fields.map {
            RegionTotals(RegriddedFlux($0), fractions: fractions, remainder: remainder)
        }
    }

    /// A table of regions: every row with unit, basis, source and what is known of its uncertainty.
    public static func table(_ totals: [RegionTotals], source: String) -> String {
        var lines = [
            "code,region,region_zh,gas,start,end,amount,unit,beyond_outline,uncertainty,basis,source"
        ]
        for total in totals {
            let basis = "cells divided by area; beyond_outline came from beyond the outline of the region"
            for row in total.rows {
                lines.append(
                    line(
                        [row.code, row.name.english, row.name.chinese],
                        total,
                        row.tonnes,
                        row.nearestTonnes,
                        basis,
                        source
                    )
                )
            }
            lines.append(
                line(["", "unassigned", "未分配"], total, total.unassignedTonnes, 0, "in no region", source)
            )
            lines.append(line(["", "all cells", "全部网格"], total, total.totalTonnes, 0, "sum", source))
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private static func line(
        _ region: [String],
        _ total: RegionTotals,
        _ tonnes: Double,
        _ beyond: Double,
        _ basis: String,
        _ source: String
    ) -> String {
        let fields =
            region + [
                total.gas.formula, "\(total.period.start)", "\(total.period.end)", "\(tonnes)", "t",
                "\(beyond)",
                "not stated by the source", basis, source,
            ]
        return fields.map(csvField).joined(separator: ",")
    }

    /// A table of point sources by region, with the units that no outline holds and those without a place.
    public static func table(_ points: PointRegions, gas: Gas, source: String) -> String {
        var lines = [
            "code,region,region_zh,gas,units,amount,unit,nearest_units,nearest_amount,uncertainty,source"
        ]
        for row in points.rows {
            let fields = [
                row.code, row.name.english, row.name.chinese, gas.formula, "\(row.units)", "\(row.tonnes)",
                "t/year",
                "\(row.nearestUnits)", "\(row.nearestTonnes)", "not stated by the source", source,
            ]
            lines.append(fields.map(csvField).joined(separator: ","))
        }
        let rest = [
            "", "unassigned", "未分配", gas.formula, "\(points.unassigned.count)", "\(points.unassignedTonnes)",
            "t/year",
            "0", "0", "not stated by the source", source,
        ]
        lines.append(rest.map(csvField).joined(separator: ","))
        return lines.joined(separator: "\n") + "\n"
    }

    /// Sentences about points that a reader should see: without a place, in no region, near two.
    public static func warnings(_ points: PointRegions) -> [String] {
        var found: [String] = []
        if !points.nullIsland.isEmpty {
            let ids = points.nullIsland.map(\.id).joined(separator: ", ")
            found.append("\(points.nullIsland.count) units at longitude 0, latitude 0 have no place: \(ids)")
        }
        let beyond = points.unassigned.count - points.nullIsland.count
        if beyond > 0 { found.append("\(beyond) units lie in no region and beyond the reach of any edge") }
        if !points.ambiguous.isEmpty {
            let ids = points.ambiguous.map(\.id).joined(separator: ", ")
            found.append("\(points.ambiguous.count) units are nearly as near to a second region: \(ids)")
        }
        return found
    }

    /// The factors of a cycle, an hour a row.
    public static func table(_ factors: HourlyFactors, id: String) -> String {
        var lines = ["start_utc,factor,profile"]
        for (hour, factor) in factors.factors.enumerated() {
            lines.append(
                "\(factors.period.start.advanced(bySeconds: 3600 * Double(hour))),\(factor),\(csvField(id))"
            )
        }
        return lines.joined(separator: "\n") + "\n"
    }
}
