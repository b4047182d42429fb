import Formats
import Foundation
import Geo
import Inventory
import Quantities

/// What `crosswind inventory` says of a product, for programs and for people.
struct InventorySummary: Encodable {
    struct Grid: Encodable {
        let rows: Int
        let columns: Int
        let west: Double
        let south: Double
        let longitudeStep: Double
        let latitudeStep: Double

        enum CodingKeys: String, CodingKey {
            case rows, columns, west, south
            case longitudeStep = "longitude_step"
            case latitudeStep = "latitude_step"
        }
    }

    struct PeriodTotal: Encodable {
        let start: Instant
        let end: Instant
        let tonnes: Double
        let tonnesPerYear: Double
        let nonZeroCells: Int

        enum CodingKeys: String, CodingKey {
            case start, end, tonnes
            case tonnesPerYear = "tonnes_per_julian_year"
            case nonZeroCells = "nonzero_cells"
        }
    }

    struct Check: Encodable {
        let declaredTonnes: Double
        let computedTonnes: Double
        let relativeDifference: Double
        let passes: Bool

        enum CodingKeys: String, CodingKey {
            case declaredTonnes = "declared_tonnes"
            case computedTonnes = "computed_tonnes"
            case relativeDifference = "relative_difference"
            case passes
        }
    }

    struct Region: Encodable {
        let name: String
        let nameChinese: String
        /// Empty where the file has none.
        let code: String
        /// Over all periods of the file.
        let tonnes: Double
        /// Of these, beyond the outline of the region.
        let beyondOutlineTonnes: Double

        enum CodingKeys: String, CodingKey {
            case name, code, tonnes
            case nameChinese = "name_zh"
            case beyondOutlineTonnes = "beyond_outline_tonnes"
        }
    }

    let file: String
    let product: String
    let layout: FluxProduct.Layout
    let gas: Gas
    let grid: Grid
    let periods: [PeriodTotal]
    let missingCells: Int
    /// Cells below zero over all periods, and their sum.
    let negativeCells: Int
    let negativeTonnes: Double
    let totalsCheck: Check?
    /// How the numbers of the file became ours.
    let conversion: FluxConversion
    let regions: [Region]?
    /// In no region; nil without regions.
    let unassignedTonnes: Double?
    let regionsSource: String?
    let remainder: RegionTotals.Remainder?
    var outputs: [String]?
    let software: String
    private let regionTotals: InventoryRegions?

    enum CodingKeys: String, CodingKey {
        case file, product, layout, gas, grid, periods, regions, software, conversion, remainder, outputs
        case missingCells = "missing_cells"
        case negativeCells = "negative_cells"
        case negativeTonnes = "negative_tonnes"
        case totalsCheck = "totals_check"
        case unassignedTonnes = "unassigned_tonnes"
        case regionsSource = "regions_source"
    }

    init(_ product: FluxProduct, files: [String], regions found: InventoryRegions?) {
        guard let first = product.fields.first else { preconditionFailure("a product has a field") }
        file = files.map { URL(filePath: $0).lastPathComponent }.joined(separator: " ")
        self.product = first.source
        layout = product.layout
        gas = first.gas
        grid = Grid(
            rows: first.grid.rows,
            columns: first.grid.columns,
            west: first.grid.longitude.origin,
            south: first.grid.latitude.origin,
            longitudeStep: first.grid.longitude.step,
            latitudeStep: first.grid.latitude.step
        )
        periods = product.fields.map { field in
            PeriodTotal(
                start: field.period.start,
                end: field.period.end,
                tonnes: field.tonnesInPeriod,
                tonnesPerYear: field.tonnesPerJulianYear,
                nonZeroCells: field.nonZeroCells
            )
        }
        missingCells = product.missingCells
        (negativeCells, negativeTonnes) = product.uptake
        totalsCheck = product.totals.map {
            Check(
                declaredTonnes: $0.declaredTonnes,
                computedTonnes: $0.computedTonnes,
                relativeDifference: $0.relativeDifference,
                passes: $0.passes
            )
        }
        conversion = product.conversion
        regions = found.map { Self.regions($0.totals) }
        unassignedTonnes = found.map { $0.totals.reduce(0) { $0 + $1.unassignedTonnes } }
        regionsSource = found.map {
            let name = URL(filePath: $0.file).lastPathComponent
            return $0.credit.isEmpty || $0.credit == name ? name : "\(name): \($0.credit)"
        }
        remainder = found?.remainder
        regionTotals = found
        software = "crosswind \(Version.current)"
    }

    private static func regions(_ totals: [RegionTotals]) -> [Region] {
        guard let first = totals.first else { return [] }
        return first.rows.indices.map { index in
            let (code, name) = (first.rows[index].code, first.rows[index].name)
            return Region(
                name: name.english,
                nameChinese: name.chinese,
                code: code,
                tonnes: totals.reduce(0) { $0 + $1.rows[index].tonnes },
                beyondOutlineTonnes: totals.reduce(0) { $0 + $1.rows[index].nearestTonnes }
            )
        }
    }

    /// With the names of the files that are written with it.
    func naming(_ outputs: [String]) -> InventorySummary {
        var copy = self
        copy.outputs = outputs.isEmpty ? nil : outputs
        return copy
    }

    /// Periods, and regions by period.
    var tables: [ReadableTable] {
        let periods = ReadableTable(
            id: "periods",
            title: LocalizedName(english: "periods", chinese: "时段"),
            columns: [
                .init("start", "from", "起"), .init("end", "to", "止"),
                .init("total", "total", "总量", isMass: true),
                .init("nonzero_cells", "cells", "有排放格数"),
            ],
            rows: periods.map {
                [
                    .text("\($0.start)"), .text("\($0.end)"), .mass($0.tonnes, halfWidth: nil),
                    .text("\($0.nonZeroCells)"),
                ]
            }
        )
        guard let regionTotals else { return [periods] }
        var regions = ReadableTable(
            id: "regions",
            title: LocalizedName(english: "regions", chinese: "地区"),
            columns: [],
            rows: []
        )
        let source = "\(product), \(file); regions of \(regionsSource ?? "")"
        regions.ownCSV = InventoryWork.table(regionTotals.totals, source: source)
        return [periods, regions]
    }
}
