public import Geo
public import NetCDF
import Quantities
public import Transport

/// Footprints asked for one by one, so that more can be written than lie in memory.
///
/// Each is asked for twice, first for its shape.
public struct FootprintSource {
    public let grid: CellGrid
    public let count: Int
    let footprint: @NetCDFThread (Int) throws(NetCDFError) -> ReceptorFootprint
    let boundary: (@NetCDFThread (Int) throws(NetCDFError) -> BoundarySensitivity?)?
    let variables: [ReceptorVariable]

    /// - Parameters:
    ///   - footprint: that of an index below `count`, on the grid; the same each time it is asked.
    ///   - boundary: where its particles left the domain, with the cells of the grid along the sides and the same
    ///     heights for all; nil where nobody knows.
    ///   - variables: further numbers of each receptor, which our own layout alone keeps.
    public init(
        grid: CellGrid,
        count: Int,
        footprint: @escaping @NetCDFThread (Int) throws(NetCDFError) -> ReceptorFootprint,
        boundary: (@NetCDFThread (Int) throws(NetCDFError) -> BoundarySensitivity?)? = nil,
        variables: [ReceptorVariable] = []
    ) {
        self.grid = grid
        self.count = count
        self.footprint = footprint
        self.boundary = boundary
        self.variables = variables
    }

    /// Of footprints at hand; nil for none and where their grids differ.
    public init?(_ footprints: [ReceptorFootprint]) {
        guard let grid = footprints.first?.grid, footprints.allSatisfy({ $0.grid == grid }) else {
            return nil
        }
        self.init(grid: grid, count: footprints.count, footprint: { index in footprints[index] })
    }
}

/// How our files are written.
public struct FootprintFileOptions: Equatable, Sendable {
    /// How values are arranged.
    public enum Storage: String, CaseIterable, Codable, Sendable {
        /// Sparse where few cells have a value, as with footprints by time of emission.
        case automatic
        /// `foot` over all cells, which every program reads.
        case dense
        /// `foot_value` and `foot_cell` of those cells alone that have a value.
        case sparse
    }

    public var storage = Storage.automatic
    /// Values as doubles and not, as other programs write them, with about seven digits.
    public var isDouble = false
    /// Whether the areas of the cells are written too.
    public var hasAreas = false
    public var title = ""
    /// What the meteorology gave and what was diagnosed, say: a name and a text of each.
    public var attributes: [String: String] = [:]

    public init() {}
}

/// What a file of ours came to.
public struct FootprintFileSummary: Equatable, Sendable {
    public let receptors: Int
    public let layers: Int
    public let values: Int
    public let isSparse: Bool
    /// Share of the cells of all layers that have a value.
    public let fill: Double
}

/// Writes our own layout: CF-1.8 and ACDD-1.3, many receptors in a file, each with layers by time of emission, one
/// integrated over time, and a residual from before.
///
/// Receptors follow each other along `layer` (`time` where one receptor alone has layers by time), `layer_count` of
/// them each; `layer_kind` tells what each is.
public enum FootprintWriter {
    /// Writes the file whole or not at all.
    ///
    /// - Parameter provenance: how the footprints were made.
    /// - Throws: ``NetCDFError``; what the source throws.
    @NetCDFThread
    @discardableResult
    public static func write(
        _ source: FootprintSource,
        to path: String,
        options: FootprintFileOptions = FootprintFileOptions(),
        provenance: FileProvenance
    ) throws(NetCDFError) -> FootprintFileSummary {
        let index = try FootprintIndex(source, path: path)
        let isSparse =
            options.storage == .automatic ? index.fill < sparseBelow : options.storage == .sparse
        let boundary = try BoundaryDefinition(
            source,
            along: "receptor",
            height: "boundary_height",
            closure: "boundary_closure",
            path: path
        )
        let definition = FootprintDefinition(
            grid: source.grid,
            index: index,
            numbers: source.variables,
            isSparse: isSparse,
            options: options,
            provenance: provenance
        )
        var writer = try NetCDFWriter(replacing: path)
        try definition.define(in: &writer)
        try boundary?.define(in: &writer)
        try definition.fill(&writer)
        try boundary?.fill(source, &writer)
        if isSparse {
            try writeSparse(source, index, &writer)
        } else {
            try writeDense(source, index, &writer)
        }
        try writer.commit()
        return FootprintFileSummary(
            receptors: source.count,
            layers: index.layers.count,
            values: index.valueCount,
            isSparse: isSparse,
            fill: index.fill
        )
    }

    /// Below this share of cells with a value the sparse form is taken.
    ///
    /// Measured with random cells of 150 x 200 it is smaller by 36 % at a share of 0.02 and by 29 % at 0.3. NAME
    /// footprints on 293 x 391 cells, of which 0.45 have a value, take 1 % more than dense, and more programs read the
    /// dense form.
    static let sparseBelow = 0.3

    @NetCDFThread
    private static func writeDense(
        _ source: FootprintSource,
        _ index: FootprintIndex,
        _ writer: inout NetCDFWriter
    ) throws(NetCDFError) {
        let (rows, columns) = (source.grid.rows, source.grid.columns)
        var slot = 0
        for receptor in 0..<source.count {
            for (_, layer) in try index.layers(of: receptor, source, path: writer.path) {
                var values = [Double](repeating: 0, count: rows * columns)
                for (cell, value) in zip(layer.cells, layer.values) { values[Int(cell)] = value }
                try writer.write(
                    values,
                    to: FootprintLayoutNames.foot,
                    start: [slot, 0, 0],
                    shape: [1, rows, columns]
                )
                slot += 1
            }
        }
    }

    @NetCDFThread
    private static func writeSparse(
        _ source: FootprintSource,
        _ index: FootprintIndex,
        _ writer: inout NetCDFWriter
    ) throws(NetCDFError) {
        var place = 0
        var (cells, values) = ([Double](), [Double]())
        // Written in whole chunks, each of which is packed once.
        for receptor in 0..<source.count {
            for (_, layer) in try index.layers(of: receptor, source, path: writer.path) {
                cells += layer.cells.map(Double.init)
                values += layer.values
            }
            let isLast = receptor == source.count - 1
            let whole =
                isLast ? values.count : values.count / FootprintDefinition.chunk * FootprintDefinition.chunk
            guard whole > 0 else { continue }
            let (firstCells, firstValues) = (Array(cells.prefix(whole)), Array(values.prefix(whole)))
            try writer.write(firstCells, to: FootprintLayoutNames.cell, start: [place], shape: [whole])
            try writer.write(firstValues, to: FootprintLayoutNames.value, start: [place], shape: [whole])
            cells.removeFirst(whole)
            values.removeFirst(whole)
            place += whole
        }
        // A dimension of no length would be one without end; an empty file holds one element that no layer has.
        guard index.valueCount == 0 else { return }
        try writer.write([0.0], to: FootprintLayoutNames.cell)
        try writer.write([0.0], to: FootprintLayoutNames.value)
    }
}
