public import Geo
import GeoTIFF
import Gridding
import Quantities

/// Gridded columns as a GeoTIFF: for each window three bands, mean, standard error and number of soundings, NaN where
/// there is none.
public enum Level3Raster {
    /// Whether the format can say what the coordinates of a grid are.
    public static func knows(_ grid: CellGrid) -> Bool {
        grid.projected.map { $0.projection.rasterSystem != nil } ?? true
    }

    /// Blocks while it writes.
    ///
    /// - Throws: `GeoTIFFError`; nothing is left behind then.
    public static func write(_ product: Level3Product, to path: String) throws {
        let plane = product.common.grid.plane
        let layout = GeoTIFFLayout(
            columns: plane.columns,
            rows: plane.rows,
            west: plane.across.origin,
            north: plane.along.end,
            longitudeStep: plane.across.step,
            latitudeStep: plane.along.step,
            system: try product.rasterSystem(path),
            bands: product.windows.flatMap(product.bands)
        )
        var file = try GeoTIFFWriter(replacing: path, layout: layout)
        for (index, window) in product.windows.enumerated() {
            let fields = [window.means, window.standardErrors, window.counts.map(Double.init)]
            for (offset, values) in fields.enumerated() {
                for strip in 0..<layout.stripCount {
                    let rows = layout.rows(ofStrip: strip)
                    try file.write(picture(values, window, rows), band: 3 * index + offset, strip: strip)
                }
            }
        }
        try file.commit()
    }

    /// Rows of the picture, which begins in the north where the grid ends.
    private static func picture(
        _ values: [Double],
        _ window: GriddedColumns,
        _ rows: Range<Int>
    ) -> [Float] {
        let width = window.grid.columns
        let height = window.grid.rows
        var picture = [Float](repeating: .nan, count: rows.count * width)
        for index in window.members(ofRows: (height - rows.upperBound)..<(height - rows.lowerBound)) {
            let (row, column) = window.cells[index].quotientAndRemainder(dividingBy: width)
            picture[(height - 1 - row - rows.lowerBound) * width + column] = Float(values[index])
        }
        return picture
    }
}

extension Level3Product {
    fileprivate func rasterSystem(_ path: String) throws(GeoTIFFError) -> GeoTIFFSystem {
        guard let projection = common.grid.projected?.projection else { return .longitudeLatitude }
        guard let system = projection.rasterSystem else {
            throw GeoTIFFError(path: path, reason: "the format does not know \(projection.methodName)")
        }
        return system
    }

    fileprivate func bands(of window: GriddedColumns) -> [GeoTIFFLayout.Band] {
        let stretch = window.stretch
        let times = windows.count > 1 ? " \(stretch.start)/\(stretch.end)" : ""
        return [
            GeoTIFFLayout.Band(description: "\(columnName)\(times)", unit: "ppm"),
            GeoTIFFLayout.Band(description: "\(columnName)_standard_error\(times)", unit: "ppm"),
            GeoTIFFLayout.Band(description: "\(columnName)_nobs\(times)", unit: "1"),
        ]
    }
}
