import Concurrent
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
    private static let chunksAtOnce = 8

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
    func write(to path: String) async throws {
        var file = try NetCDFWriter(replacing: path)
        try define(in: &file)
        for coordinate in definition.coordinates {
            try file.write(coordinate.values, to: coordinate.variable.name)
        }
        try await definition.places?.write(to: &file)
        for (index, window) in product.windows.enumerated() {
            for field in definition.fields {
                let tiles = tiles(of: field, window, index)
                // Few at a time: a chunk takes a megabyte while it is packed.
                for first in stride(from: 0, to: tiles.count, by: Self.chunksAtOnce) {
                    let group = Array(tiles[first..<min(tiles.count, first + Self.chunksAtOnce)])
                    let chunks = try await parallelMap(count: group.count, chunks: group.count) { range in
                        range.map { group[$0].packed }
                    }
                    for (tile, chunk) in zip(group, chunks.joined()) {
                        guard let chunk else { throw NetCDFError(.inputOutput("out of memory"), path: path) }
                        try file.write(chunk, to: field.variable.name, offset: tile.offset)
                    }
                }
            }
        }
        try file.commit()
    }

    @NetCDFThread
    private func define(in file: inout NetCDFWriter) throws(NetCDFError) {
        for (name, length) in definition.dimensions { try file.defineDimension(name, length: length) }
        for coordinate in definition.coordinates { try define(coordinate.variable, chunks: nil, in: &file) }
        try definition.places?.define(in: &file)
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

    /// The chunks of a field in a window that hold something.
    private func tiles(of field: Level3Field, _ window: GriddedColumns, _ index: Int) -> [Level3Tile] {
        let values = field.values(window)
        let height = field.isProfile ? 1 : tileRows
        return stride(from: 0, to: rows, by: height).compactMap { first in
            let members = window.members(ofRows: first..<min(rows, first + height))
            if members.isEmpty, field.emptyIsFill { return nil }
            return Level3Tile(
                field: field,
                values: values,
                cells: window.cells,
                members: members,
                firstCell: first * width,
                size: height * width,
                offset: field.isProfile ? [index, 0, first, 0] : [index, first, 0]
            )
        }
    }
}

/// A chunk of a variable before it is packed.
private struct Level3Tile: Sendable {
    let field: Level3Field
    /// Of all cells of the window.
    let values: [Double]
    let cells: [Int]
    let members: Range<Int>
    let firstCell: Int
    /// Cells of the chunk.
    let size: Int
    let offset: [Int]

    var packed: PackedChunk? { PackedChunk(dense, as: field.variable.type) }

    /// `depth x row x longitude`
    private var dense: [Double] {
        let depth = field.depth
        var block = [Double](repeating: field.empty, count: depth * size)
        for index in members {
            let place = cells[index] - firstCell
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
