import Geo
public import Gridding
import NetCDF

/// Writes what follows from gridded columns: the map without gaps and the enhancement above the background, one each
/// for every window, on the grid of the product.
public enum DerivedMapsWriter {
    /// - Parameters:
    ///   - filled: for each window of the product; nil where it holds too few cells.
    ///   - enhancements: for each window of the product.
    /// - Throws: `NetCDFError` when the file cannot be written; nothing is left behind then.
    public static func write(
        _ product: Level3Product,
        filled: [GapFilledMap?],
        enhancements: [EnhancementMap?],
        to path: String
    ) async throws {
        precondition(filled.count == product.windows.count && enhancements.count == filled.count)
        let file = DerivedMapsFile(product: product, filled: filled, enhancements: enhancements)
        try await file.write(to: path)
    }
}

private struct DerivedMapsFile: Sendable {
    let product: Level3Product
    let filled: [GapFilledMap?]
    let enhancements: [EnhancementMap?]

    private var dimensions: [String] {
        ["time", "bnds"] + product.horizontalDimensions
            + (product.common.grid.projected == nil ? [] : [Level3Places.cornerDimension])
    }
    /// The default fill value of netCDF for doubles.
    private static let fill = 9.969209968386869e36

    private var grid: (rows: Int, columns: Int) { (product.common.grid.rows, product.common.grid.columns) }
    private var definition: Level3Definition { Level3Layout.full.definition(of: product) }

    @NetCDFThread
    func write(to path: String) async throws {
        let definition = self.definition
        let dimensions = self.dimensions
        var file = try NetCDFWriter(replacing: path)
        for (name, length) in definition.dimensions where dimensions.contains(name) {
            try file.defineDimension(name, length: length)
        }
        let coordinates = definition.coordinates.filter { coordinate in
            coordinate.variable.dimensions.allSatisfy { dimensions.contains($0) }
        }
        for coordinate in coordinates { try define(coordinate.variable, in: &file) }
        try definition.places?.define(in: &file)
        for map in maps { try define(map.variable, in: &file) }
        for (name, value) in definition.attributes where name != "title" && name != "comment" {
            try file.setAttribute(name, value)
        }
        let comment = """
            filled cells are kriged too where they hold soundings: their noise is filtered by their neighbours; \
            cells farther from all soundings than the reach of the variogram are left empty; a background needs at \
            least \(EnhancementMap.fewestCells) cells
            """
        try file.setAttribute("comment", .text(comment))
        try file.setAttribute("variogram_range_resolved", .text(rangesResolved))
        try file.setAttribute("title", .text("Gap-filled map and enhancement of \(product.columnName)"))
        for coordinate in coordinates { try file.write(coordinate.values, to: coordinate.variable.name) }
        try await definition.places?.write(to: &file)
        for map in maps {
            for window in product.windows.indices {
                let values = map.values(window).map { $0.isFinite ? $0 : Self.fill }
                try file.write(
                    values,
                    to: map.variable.name,
                    start: [window, 0, 0],
                    shape: [1, grid.rows, grid.columns]
                )
            }
        }
        try file.commit()
    }

    /// One word for each window.
    private var rangesResolved: String {
        filled.map { $0.map { $0.fit.isLengthResolved ? "yes" : "no" } ?? "none" }.joined(separator: ", ")
    }

    @NetCDFThread
    private func define(_ variable: Level3Variable, in file: inout NetCDFWriter) throws(NetCDFError) {
        try file.defineVariable(
            variable.name,
            variable.type,
            dimensions: variable.dimensions,
            attributes: variable.attributes
        )
    }

    private struct Map {
        let variable: Level3Variable
        /// Of every cell of the grid, NaN where there is none.
        let values: (Int) -> [Double]
    }

    private var maps: [Map] {
        let name = product.columnName
        return [
            map("\(name)_filled", "column-averaged mole fraction, gaps filled by local kriging", "1e-6") {
                filled[$0]?.values ?? empty
            },
            map("\(name)_filled_standard_deviation", "kriging standard deviation", "1e-6") {
                filled[$0]?.standardDeviations ?? empty
            },
            map("gap_state", "0 observed, 1 interpolated, 2 beyond the range, 3 unknown", "1") {
                filled[$0]?.states.map { Double($0.rawValue) } ?? empty
            },
            map("\(name)_enhancement", "column above its regional background", "1e-6") {
                spread(enhancements[$0]) { $0.enhancements }
            },
            map("\(name)_enhancement_standard_error", "standard error of the enhancement", "1e-6") {
                spread(enhancements[$0]) { $0.standardErrors }
            },
            map("\(name)_background", "median of the cells between 100 and 500 km away", "1e-6") {
                spread(enhancements[$0]) { $0.backgrounds }
            },
        ]
    }

    private func map(
        _ name: String,
        _ longName: String,
        _ unit: String,
        _ values: @escaping (Int) -> [Double]
    ) -> Map {
        let variable = Level3Variable(
            name: name,
            type: .double,
            dimensions: ["time"] + product.horizontalDimensions,
            attributes: [
                ("long_name", .text(longName)), ("units", .text(unit)), ("_FillValue", .double(Self.fill)),
                ("grid_mapping", .text("crs")),
            ] + (product.common.grid.projected == nil ? [] : Level3Product.placeAttributes)
        )
        return Map(variable: variable, values: values)
    }

    private var empty: [Double] { [Double](repeating: .nan, count: grid.rows * grid.columns) }

    private func spread(_ map: EnhancementMap?, _ values: (EnhancementMap) -> [Double]) -> [Double] {
        var field = empty
        guard let map else { return field }
        for (cell, value) in zip(map.cells, values(map)) { field[cell] = value }
        return field
    }
}
