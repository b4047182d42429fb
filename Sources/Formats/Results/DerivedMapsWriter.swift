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
            cells farther from all soundings than the reach of the variogram, its range or the longest distance \
            that pairs were looked at, are left empty; the background is the median of the filled cells between 100 \
            and 500 km away, at least \(EnhancementMap.fewestCells) of them
            """
        try file.setAttribute("comment", .text(comment))
        try file.setAttribute("variogram_range_resolved", .text(resolved { $0.isLengthResolved }))
        if filled.contains(where: { $0?.fit.isDurationResolved != nil }) {
            try file.setAttribute("variogram_duration_resolved", .text(resolved { $0.isDurationResolved }))
        }
        try file.setAttribute(
            "variogram_reach_kilometres",
            .doubles(filled.map { $0?.fit.reachKilometres ?? .nan })
        )
        try file.setAttribute("title", .text("Gap-filled map and enhancement of \(product.columnName)"))
        for coordinate in coordinates { try file.write(coordinate.values, to: coordinate.variable.name) }
        try await definition.places?.write(to: &file)
        for map in maps {
            for window in product.windows.indices {
                let values = map.values(window).map { $0.isFinite ? $0 : map.empty }
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
    private func resolved(_ judge: (VariogramFit) -> Bool?) -> String {
        filled.map { map in map.flatMap { judge($0.fit) }.map { $0 ? "yes" : "no" } ?? "none" }
            .joined(separator: ", ")
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
        /// Stored where there is none.
        var empty = DerivedMapsFile.fill
        /// Of every cell of the grid, NaN where there is none.
        let values: (Int) -> [Double]
    }

    private var maps: [Map] {
        let name = product.columnName
        let standardName = product.standardName
        return [
            map("\(name)_filled", "column-averaged mole fraction, gaps filled by local kriging", standardName)
            {
                filled[$0]?.values ?? empty
            },
            map(
                "\(name)_filled_standard_deviation",
                "kriging standard deviation",
                "\(standardName) standard_error"
            ) {
                filled[$0]?.standardDeviations ?? empty
            },
            stateMap,
            map("\(name)_enhancement", "column above its regional background") {
                spread(enhancements[$0]) { $0.enhancements }
            },
            map("\(name)_enhancement_standard_error", "standard error of the enhancement") {
                spread(enhancements[$0]) { $0.standardErrors }
            },
            map("\(name)_background", "median of the cells between 100 and 500 km away", standardName) {
                spread(enhancements[$0]) { $0.backgrounds }
            },
        ]
    }

    private static let emptyState: Int32 = -1

    /// A class for each cell, as CF writes flags.
    private var stateMap: Map {
        let attributes: [(String, NetCDFAttribute)] = [
            ("long_name", "what stands behind the filled value of the cell"), ("units", "1"),
            ("flag_values", .integers(GapState.allCases.map { Int32($0.rawValue) })),
            ("flag_meanings", .text(GapState.meanings.joined(separator: " "))),
            ("_FillValue", .integers([Self.emptyState])),
        ]
        return Map(
            variable: variable("gap_state", .int32, attributes),
            empty: Double(Self.emptyState)
        ) { filled[$0]?.states.map { Double($0.rawValue) } ?? empty }
    }

    private func map(
        _ name: String,
        _ longName: String,
        _ standardName: String? = nil,
        _ values: @escaping (Int) -> [Double]
    ) -> Map {
        var attributes: [(String, NetCDFAttribute)] = [
            ("long_name", .text(longName)), ("units", "1e-6"), ("_FillValue", .double(Self.fill)),
        ]
        if let standardName { attributes.append(("standard_name", .text(standardName))) }
        return Map(variable: variable(name, .double, attributes), values: values)
    }

    private func variable(
        _ name: String,
        _ type: NetCDFType,
        _ attributes: [(String, NetCDFAttribute)]
    ) -> Level3Variable {
        let places = product.common.grid.projected == nil ? [] : Level3Product.placeAttributes
        return Level3Variable(
            name: name,
            type: type,
            dimensions: ["time"] + product.horizontalDimensions,
            attributes: attributes + [("grid_mapping", "crs")] + places
        )
    }

    private var empty: [Double] { [Double](repeating: .nan, count: grid.rows * grid.columns) }

    private func spread(_ map: EnhancementMap?, _ values: (EnhancementMap) -> [Double]) -> [Double] {
        var field = empty
        guard let map else { return field }
        for (cell, value) in zip(map.cells, values(map)) { field[cell] = value }
        return field
    }
}
