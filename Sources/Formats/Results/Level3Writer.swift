import Geo
public import Gridding
import NetCDF

/// Writes gridded columns as Level 3 netCDF-4. The same product gives the same bytes.
public enum Level3Writer {
    /// Writes the file beside its place and renames it into it; rows of the grid are filled in one tile after the
    /// other, so that beside the product a few megabytes are taken.
    ///
    /// - Throws: `NetCDFError` when the file cannot be written; nothing is left behind then.
    public static func write(
        _ product: Level3Product,
        layout: Level3Layout = .full,
        to path: String
    ) async throws {
        try await Level3File(product: product, definition: layout.definition(of: product)).write(to: path)
    }

    /// Writes the means of a single window.
    public static func write(
        _ columns: GriddedColumns,
        tally: SoundingTally,
        provenance: FileProvenance,
        to path: String
    ) async throws {
        guard let product = Level3Product([columns], tally: tally, provenance: provenance) else {
            preconditionFailure("one window is of one kind")
        }
        try await write(product, to: path)
    }
}

/// One Level 3 file being written.
private struct Level3File: Sendable {
    /// Cells of a chunk of a field, about a megabyte of doubles.
    private static let chunkCells = 131_072

    let product: Level3Product
    let definition: Level3Definition

    private var rows: Int { product.common.grid.rows }
    private var width: Int { product.common.grid.columns }

    /// Rows of a chunk: all tiles about equally high.
    private var tileRows: Int {
        let tiles = max(1, (rows * width + Self.chunkCells - 1) / Self.chunkCells)
        return max(1, (rows + tiles - 1) / tiles)
    }

    @NetCDFThread
    func write(to path: String) throws(NetCDFError) {
        var file = try NetCDFWriter(replacing: path)
        try define(in: &file)
        for coordinate in definition.coordinates {
            try file.write(coordinate.values, to: coordinate.variable.name)
        }
        for (index, window) in product.windows.enumerated() {
            for field in definition.fields {
                try write(field, of: window, at: index, to: &file)
            }
        }
        try file.commit()
    }

    @NetCDFThread
    private func define(in file: inout NetCDFWriter) throws(NetCDFError) {
        for (name, length) in definition.dimensions { try file.defineDimension(name, length: length) }
        for coordinate in definition.coordinates { try define(coordinate.variable, chunks: nil, in: &file) }
        for field in definition.fields {
            // Profiles are stored by rows, so that rows without soundings take no room.
            let chunks = field.isProfile ? [1, field.depth, 1, width] : [1, tileRows, width]
            try define(field.variable, chunks: chunks, in: &file)
        }
        for (name, value) in definition.attributes { try file.setAttribute(name, value) }
    }

    @NetCDFThread
    private func define(
        _ variable: Level3Variable,
        chunks: [Int]?,
        in file: inout NetCDFWriter
    ) throws(NetCDFError) {
        try file.defineVariable(
            variable.name,
            variable.type,
            dimensions: variable.dimensions,
            chunks: chunks,
            attributes: variable.attributes
        )
    }

    @NetCDFThread
    private func write(
        _ field: Level3Field,
        of window: GriddedColumns,
        at index: Int,
        to file: inout NetCDFWriter
    ) throws(NetCDFError) {
        let values = field.values(window)
        let step = field.isProfile ? 1 : tileRows
        for first in stride(from: 0, to: rows, by: step) {
            let tile = first..<min(rows, first + step)
            let members = window.members(ofRows: tile)
            if members.isEmpty, field.emptyIsFill { continue }
            try file.write(
                dense(values, members, tile, field, window),
                to: field.variable.name,
                start: field.isProfile ? [index, 0, first, 0] : [index, first, 0],
                shape: field.isProfile ? [1, field.depth, 1, width] : [1, tile.count, width]
            )
        }
    }

    /// The values of a tile of the grid, `depth x row x longitude`.
    private func dense(
        _ values: [Double],
        _ members: Range<Int>,
        _ tile: Range<Int>,
        _ field: Level3Field,
        _ window: GriddedColumns
    ) -> [Double] {
        let size = tile.count * width
        let depth = field.depth
        var block = [Double](repeating: field.empty, count: depth * size)
        for index in members {
            let place = window.cells[index] - tile.lowerBound * width
            for level in 0..<depth {
                let value = values[index * depth + level]
                if value.isFinite { block[level * size + place] = value * field.factor }
            }
        }
        return block
    }
}

extension Level3Field {
    var isProfile: Bool { variable.dimensions.count == 4 }
}
