import Geo
import Inventory
import NetCDF
import PROJ
import Quantities
import Transport

/// The cells of a file: their grid, and how arrays of the file lie against it.
struct FootprintCells {
    let grid: CellGrid
    /// Row and column of the file for each of the grid.
    let fileRows: [Int]
    let fileColumns: [Int]

    private init(grid: CellGrid, fileRows: [Int], fileColumns: [Int]) {
        self.grid = grid
        self.fileRows = fileRows
        self.fileColumns = fileColumns
    }

    var count: Int { fileRows.count * fileColumns.count }

    /// Where the coordinates of a file stand in its cells.
    enum Reference {
        case centres
        case lowerLeftCorners
    }

    /// - Parameters:
    ///   - latitudes: either way; longitudes: eastward, also past 180 and around from 360 to 0.
    /// - Throws: for axes that are not equally spaced, naming the variable.
    @NetCDFThread
    init(
        _ file: borrowing NetCDFFile,
        latitude: String,
        longitude: String,
        reference: Reference = .centres
    ) throws(NetCDFError) {
        let latitudes = try Self.axis(file, latitude)
        let longitudes = Self.unwrapped(try Self.axis(file, longitude))
        try self.init(file, latitudes, longitudes, reference: reference, variables: (latitude, longitude))
    }

    @NetCDFThread
    init(
        _ file: borrowing NetCDFFile,
        _ latitudes: [Double],
        _ longitudes: [Double],
        reference: Reference,
        variables: (latitude: String, longitude: String)
    ) throws(NetCDFError) {
        try Self.requireRegular(latitudes, either: true, file, variables.latitude)
        try Self.requireRegular(longitudes, either: false, file, variables.longitude)
        let shift = reference == .centres ? 0 : 0.5
        let arrangement = GridArrangement(
            latitudes: latitudes.map { $0 + shift * abs(latitudes[1] - latitudes[0]) },
            longitudes: longitudes.map { $0 + shift * (longitudes[1] - longitudes[0]) }
        )
        let (count, overflow) = latitudes.count.multipliedReportingOverflow(by: longitudes.count)
        guard let arrangement, !overflow, count <= Int(Int32.max) else {
            throw file.unexpected("the axes form no grid on Earth", variables.latitude)
        }
        let places = arrangement.arrange((0..<count).map(Double.init)).map { Int($0) }
        let columns = longitudes.count
        self.init(
            grid: .longitudeLatitude(arrangement.grid),
            fileRows: latitudes.indices.map { places[$0 * columns] / columns },
            fileColumns: longitudes.indices.map { places[$0] % columns }
        )
    }

    /// Centres in the plane of a projection.
    @NetCDFThread
    init(
        _ file: borrowing NetCDFFile,
        x: String,
        y: String,
        projection definition: String
    ) throws(NetCDFError) {
        let projection: MapProjection
        do {
            projection = try MapProjection.find(definition).projection
        } catch {
            throw file.unexpected("projection `\(definition)`: \(error.what)", "foot")
        }
        let (eastings, northings) = (try Self.axis(file, x), try Self.axis(file, y))
        try Self.requireRegular(northings, either: true, file, y)
        try Self.requireRegular(eastings, either: false, file, x)
        let isNorthFirst = northings[0] > northings[1]
        let (count, overflow) = northings.count.multipliedReportingOverflow(by: eastings.count)
        guard !overflow, count <= Int(Int32.max), let across = UniformAxis(centres: eastings),
            let along = UniformAxis(centres: isNorthFirst ? northings.reversed() : northings)
        else { throw file.unexpected("the axes form no grid", y) }
        self.init(
            grid: .projected(ProjectedGrid(projection: projection, x: across, y: along)),
            fileRows: isNorthFirst ? northings.indices.reversed() : Array(northings.indices),
            fileColumns: Array(eastings.indices)
        )
    }

    /// Those of our own files, which lie as the grid does.
    init(_ grid: CellGrid) {
        self.init(grid: grid, fileRows: Array(0..<grid.rows), fileColumns: Array(0..<grid.columns))
    }

    @NetCDFThread
    private static func axis(_ file: borrowing NetCDFFile, _ name: String) throws(NetCDFError) -> [Double] {
        guard try file.shape(of: name).count == 1 else {
            throw file.unexpected("the grid is curvilinear, its axes are not of one dimension", name)
        }
        return try file.doubles(name)
    }

    /// 359, 0, 1 becomes 359, 360, 361.
    private static func unwrapped(_ longitudes: [Double]) -> [Double] {
        var turns = 0.0
        var values: [Double] = []
        for (index, value) in longitudes.enumerated() {
            if index > 0, value < longitudes[index - 1] - 180 { turns += 360 }
            values.append(value + turns)
        }
        return values
    }

    @NetCDFThread
    private static func requireRegular(
        _ axis: [Double],
        either: Bool,
        _ file: borrowing NetCDFFile,
        _ variable: String
    ) throws(NetCDFError) {
        guard axis.count > 1 else {
            throw file.unexpected("an axis of \(axis.count) does not tell the size of its cells", variable)
        }
        let isDescending = axis[0] > axis[1]
        guard !isDescending || either else { throw file.unexpected("the axis runs westward", variable) }
        guard UniformAxis(centres: isDescending ? axis.reversed() : axis) != nil else {
            throw NetCDFError(
                .unfit(
                    "the axis is not equally spaced",
                    remedy: "bring the footprints to a regular grid with the program that made them"
                ),
                path: file.path,
                variable: variable
            )
        }
    }
}

/// A layer as read, with the cells that had no value, which count as none.
struct ReadLayer {
    let layer: FootprintLayer
    let missing: Int
}

extension FootprintCells {
    /// - Parameters:
    ///   - values: horizontal arrays in the file's order, one after the other.
    ///   - slot: which of them.
    ///   - factor: to ppm per umol m-2 s-1.
    func layer(_ values: [Double], slot: Int = 0, factor: Double, emission: Period?) -> ReadLayer {
        let columns = fileColumns.count
        var cells: [Int32] = []
        var kept: [Double] = []
        var missing = 0
        for (row, fileRow) in fileRows.enumerated() {
            let start = slot * count + fileRow * columns
            for (column, fileColumn) in fileColumns.enumerated() {
                let value = values[start + fileColumn]
                if value == 0 { continue }
                guard value.isFinite else {
                    missing += 1
                    continue
                }
                cells.append(Int32(row * columns + column))
                kept.append(value * factor)
            }
        }
        return ReadLayer(
            layer: FootprintLayer(emission: emission, cells: cells, values: kept),
            missing: missing
        )
    }

    /// From values by cell of the grid in any order; those of one cell are added.
    static func layer(_ entries: [(cell: Int32, value: Double)], emission: Period?) -> FootprintLayer {
        var cells: [Int32] = []
        var values: [Double] = []
        // Equal cells stay in the order of the file, so that their sum is always the same.
        let order = entries.indices.sorted { (entries[$0].cell, $0) < (entries[$1].cell, $1) }
        for entry in order.lazy.map({ entries[$0] }) where entry.value != 0 {
            if cells.last == entry.cell {
                values[values.count - 1] += entry.value
            } else {
                cells.append(entry.cell)
                values.append(entry.value)
            }
        }
        return FootprintLayer(emission: emission, cells: cells, values: values)
    }
}
