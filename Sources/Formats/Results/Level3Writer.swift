import Concurrent
import Geo
public import Gridding
import NetCDF

/// Writes gridded columns as Level 3 netCDF-4. The same product gives the same bytes.
public enum Level3Writer {
    /// Writes the file beside its place and renames it into it; rows of the grid are filled in one tile after the
    /// other, so that beside the product a few megabytes are taken.
    ///
    /// - Parameter ahead: tiles of the same windows in the same layout that are packed already.
    /// - Throws: `NetCDFError` when the file cannot be written; nothing is left behind then.
    public static func write(
        _ product: Level3Product,
        layout: Level3Layout = .full,
        ahead: PackedTiles = PackedTiles(),
        to path: String
    ) async throws {
        let file = Level3File(product: product, definition: layout.definition(of: product))
        try await file.write(ahead, to: path)
    }

    /// Packs the first tiles of a product, some megabytes, before all is known that its attributes tell.
    public static func tilesAhead(_ product: Level3Product, layout: Level3Layout) async throws -> PackedTiles
    {
        try await Level3File(product: product, definition: layout.definition(of: product)).tilesAhead()
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

/// The first tiles of a Level 3 file, packed before the file is made.
public struct PackedTiles: Sendable {
    /// Of the first fields in the first window.
    fileprivate var groups: [[PackedChunk?]] = []

    public init() {}
}

/// One Level 3 file being written.
private struct Level3File: Sendable {
    /// Cells of a chunk of a field, about a megabyte of doubles.
    private static let chunkCells = 131_072
    private static let chunksAtOnce = 8
    private static let groupsAhead = 4

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
    func write(_ ahead: PackedTiles, to path: String) async throws {
        var file = try NetCDFWriter(replacing: path)
        try define(in: &file)
        for coordinate in definition.coordinates {
            try file.write(coordinate.values, to: coordinate.variable.name)
        }
        try await definition.places?.write(to: &file)
        var ahead = ahead.groups
        for (index, window) in product.windows.enumerated() {
            for fields in fieldsAtOnce {
                try await write(groups(of: fields, window, index), ahead, to: &file)
                ahead = []
            }
        }
        try file.commit()
    }

    func tilesAhead() async throws -> PackedTiles {
        var ahead = PackedTiles()
        guard let window = product.windows.first, let fields = fieldsAtOnce.first else { return ahead }
        for group in groups(of: fields, window, 0).prefix(Self.groupsAhead) {
            ahead.groups.append(try await Self.packed(group))
        }
        return ahead
    }

    /// Those without levels together, as they lie ready in memory; each with levels alone, as it is made to be written.
    private var fieldsAtOnce: [[Level3Field]] {
        definition.fields.reduce(into: []) { groups, field in
            if let last = groups.last?.last, !last.isProfile, !field.isProfile {
                groups[groups.count - 1].append(field)
            } else {
                groups.append([field])
            }
        }
    }

    /// A few tiles at a time, of whatever fields: a chunk takes a megabyte while it is packed.
    private func groups(of fields: [Level3Field], _ window: GriddedColumns, _ index: Int) -> [[Level3Tile]] {
        let tiles = fields.flatMap { self.tiles(of: $0, window, index) }
        return stride(from: 0, to: tiles.count, by: Self.chunksAtOnce).map {
            Array(tiles[$0..<min(tiles.count, $0 + Self.chunksAtOnce)])
        }
    }

    /// While some tiles are stored the next ones are packed.
    ///
    /// - Parameter ahead: those of the first groups that are packed already.
    @NetCDFThread
    private func write(
        _ groups: [[Level3Tile]],
        _ ahead: [[PackedChunk?]],
        to file: inout NetCDFWriter
    ) async throws {
        var packed = ahead.first ?? []
        if ahead.isEmpty { packed = try await Self.packed(groups.first ?? []) }
        for (place, group) in groups.enumerated() {
            let next = place + 1
            let unpacked = next < ahead.count || next == groups.count ? [] : groups[next]
            async let following = Self.packed(unpacked)
            for (tile, chunk) in zip(group, packed) {
                guard let chunk else { throw NetCDFError(.inputOutput("out of memory"), path: file.path) }
                try file.write(chunk, to: tile.field.variable.name, offset: tile.offset)
            }
            let others = try await following
            packed = next < ahead.count ? ahead[next] : others
        }
    }

    private static func packed(_ tiles: [Level3Tile]) async throws -> [PackedChunk?] {
        try await parallelMap(count: tiles.count, chunks: tiles.count) { range in
            range.map { tiles[$0].packed }
        }.flatMap(\.self)
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
