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
        /// Over all periods of the file.
        let tonnes: Double
    }

    let file: String
    let product: String
    let layout: FluxProduct.Layout
    let gas: Gas
    let grid: Grid
    let periods: [PeriodTotal]
    let missingCells: Int
    let totalsCheck: Check?
    let regions: [Region]?
    let software: String

    enum CodingKeys: String, CodingKey {
        case file, product, layout, gas, grid, periods, regions, software
        case missingCells = "missing_cells"
        case totalsCheck = "totals_check"
    }

    init(_ product: FluxProduct, file path: String, mask: RegionMask?) throws(InventoryFault) {
        guard let first = product.fields.first else { preconditionFailure("a product has a field") }
        file = URL(filePath: path).lastPathComponent
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
                tonnesPerYear: field.tonnesPerYear,
                nonZeroCells: field.nonZeroCells
            )
        }
        missingCells = product.missingCells
        totalsCheck = product.totals.map {
            Check(
                declaredTonnes: $0.declaredTonnes,
                computedTonnes: $0.computedTonnes,
                relativeDifference: $0.relativeDifference,
                passes: $0.passes
            )
        }
        regions = try mask.map { mask throws(InventoryFault) in try Self.regions(product, mask, path) }
        software = "crosswind \(Version.current)"
    }

    private static func regions(
        _ product: FluxProduct,
        _ mask: RegionMask,
        _ path: String
    ) throws(InventoryFault) -> [Region] {
        var totals = [Double](repeating: 0, count: mask.names.count)
        for field in product.fields {
            guard let aligned = mask.aligned(with: field.grid) else { throw .otherGrid(path: path) }
            for (index, tonnes) in field.tonnesInPeriod(in: aligned).enumerated() { totals[index] += tonnes }
        }
        return zip(mask.names, totals).map { Region(name: $0, tonnes: $1) }
    }
}

extension InventorySummary {
    /// Lines for a terminal; regions without emission are left out.
    var text: String {
        var lines = [
            "product  \(product)",
            "layout   \(layout.rawValue)",
            "gas      \(gas.formula)",
            "grid     \(grid.rows) x \(grid.columns) cells from \(fixed(grid.west, 3)) E, \(fixed(grid.south, 3)) N, "
                + "\(fixed(grid.longitudeStep, 4)) x \(fixed(grid.latitudeStep, 4)) degrees",
        ]
        for period in periods {
            lines.append("period   \(period.start) to \(period.end)")
            lines.append("total    \(fixed(period.tonnes, 0)) t in \(period.nonZeroCells) cells")
        }
        if missingCells > 0 {
            lines.append("missing  \(missingCells) cells without a value count as no flux")
        }
        lines.append("check    " + checkText)
        if let regions {
            let rows = regions.filter { $0.tonnes != 0 }.map { [$0.name, fixed($0.tonnes, 0)] }
            lines.append(AlignedTable.text(header: ["region", "t"], rows: rows))
        }
        return lines.joined(separator: "\n")
    }

    private var checkText: String {
        guard let totalsCheck else { return "the file declares no total" }
        let verdict = totalsCheck.passes ? "agrees with" : "differs from"
        let percent = String(format: "%+.4f", 100 * totalsCheck.relativeDifference)
        return "\(verdict) the declared \(fixed(totalsCheck.declaredTonnes, 0)) t (\(percent) %)"
    }

    private func fixed(_ value: Double, _ digits: Int) -> String { AlignedTable.fixed(value, digits) }
}
