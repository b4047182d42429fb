import Geo
public import Gridding
import NetCDF
import Quantities

/// Writes gridded columns as Level 3: netCDF-4 after CF-1.8 and ACDD-1.3.
public enum Level3Writer {
    /// Stored where a cell holds no value: the default fill value of netCDF for doubles.
    static let fill = 9.969209968386869e36

    /// Writes the file beside its place and renames it into it.
    ///
    /// - Throws: `NetCDFError` when the file cannot be written; nothing is left behind then.
    public static func write(
        _ columns: GriddedColumns,
        tally: SoundingTally,
        provenance: FileProvenance,
        to path: String
    ) async throws {
        try await Level3File(columns: columns, tally: tally, provenance: provenance).write(to: path)
    }
}

/// The parts of one Level 3 file.
struct Level3File: Sendable {
    let columns: GriddedColumns
    let tally: SoundingTally
    let provenance: FileProvenance

    @NetCDFThread
    func write(to path: String) throws(NetCDFError) {
        var file = try NetCDFWriter(replacing: path)
        try define(in: &file)
        try writeCoordinates(to: &file)
        try writeFields(to: &file)
        try writeProfiles(to: &file)
        try file.commit()
    }

    @NetCDFThread
    private func define(in file: inout NetCDFWriter) throws(NetCDFError) {
        let dimensions = [
            ("time", 1), ("latitude", columns.grid.rows), ("longitude", columns.grid.columns),
            ("level", columns.levels), ("bnds", 2),
        ]
        for (name, length) in dimensions { try file.defineDimension(name, length: length) }
        for variable in coordinateVariables + fieldVariables + profileVariables {
            try file.defineVariable(
                variable.name,
                variable.type,
                dimensions: variable.dimensions,
                chunks: chunks(variable.dimensions),
                attributes: variable.attributes
            )
        }
        for (name, value) in globalAttributes { try file.setAttribute(name, value) }
    }

    /// Profiles are stored by rows, so that rows without soundings take no room.
    private func chunks(_ dimensions: [String]) -> [Int]? {
        dimensions == Self.profileDimensions ? [1, columns.levels, 1, columns.grid.columns] : nil
    }

    @NetCDFThread
    private func writeCoordinates(to file: inout NetCDFWriter) throws(NetCDFError) {
        let days = self.days
        try file.write([(days.start.secondsSince1970 + days.end.secondsSince1970) / 2], to: "time")
        try file.write([days.start.secondsSince1970, days.end.secondsSince1970], to: "time_bnds")
        for (name, axis) in [("latitude", columns.grid.latitude), ("longitude", columns.grid.longitude)] {
            try file.write(axis.centres, to: name)
            let bounds = (0..<axis.count).flatMap { [axis.edge($0), axis.edge($0 + 1)] }
            try file.write(bounds, to: "\(name)_bnds")
        }
        try file.write((1...Int64(columns.levels)).map { $0 }, to: "level")
        try file.write([Int64(0)], to: "crs")
    }

    @NetCDFThread
    private func writeFields(to file: inout NetCDFWriter) throws(NetCDFError) {
        let name = columnName
        let fill = Level3Writer.fill
        try file.write(dense(columns.means, empty: fill), to: name)
        try file.write(dense(columns.standardErrors, empty: fill), to: "\(name)_standard_error")
        try file.write(dense(columns.standardDeviations, empty: fill), to: "\(name)_stddev")
        try file.write(dense(columns.counts.map(Double.init), empty: 0), to: "\(name)_nobs")
        try file.write(dense(columns.weights, empty: 0), to: "weight")
        try file.write(dense(columns.priorColumns, empty: fill), to: "\(name)_prior")
    }

    /// One value for each cell of the grid, in its order.
    private func dense(_ values: [Double], empty: Double) -> [Double] {
        var field = [Double](repeating: empty, count: columns.grid.cellCount)
        for (cell, value) in zip(columns.cells, values) where value.isFinite { field[cell] = value }
        return field
    }

    @NetCDFThread
    private func writeProfiles(to file: inout NetCDFWriter) throws(NetCDFError) {
        let profiles = [
            ("averaging_kernel", columns.averagingKernels), ("pressure_weight", columns.pressureWeights),
            ("prior_profile", columns.priorProfiles), ("pressure_levels", columns.pressures),
        ]
        let width = columns.grid.columns
        var first = 0
        while first < columns.cells.count {
            let row = columns.cells[first] / width
            let members =
                first..<(columns.cells[first...].firstIndex { $0 / width != row } ?? columns.cells.count)
            for (name, values) in profiles {
                try file.write(
                    denseRow(values, members),
                    to: name,
                    start: [0, 0, row, 0],
                    shape: [1, columns.levels, 1, width]
                )
            }
            first = members.upperBound
        }
    }

    /// The profiles of one row of the grid, `level x longitude`.
    private func denseRow(_ values: [Double], _ members: Range<Int>) -> [Double] {
        let levels = columns.levels
        let width = columns.grid.columns
        var row = [Double](repeating: Level3Writer.fill, count: levels * width)
        for index in members {
            let column = columns.cells[index] % width
            for level in 0..<levels { row[level * width + column] = values[index * levels + level] }
        }
        return row
    }
}
