public import Geo
public import Quantities

/// One inventory among several of a category, of which the one higher in rank holds inside its mask.
///
/// Categories add; within a category hierarchy replaces, as in HEMCO (Keller et al. 2014, doi:10.5194/gmd-7-1409-2014).
public struct InventoryLayer: Sendable {
    public let name: String
    public let category: String
    /// Higher replaces lower.
    public let hierarchy: Int
    public let field: FluxField
    /// The part of each cell where this layer holds, 0 to 1; nil for everywhere.
    public let mask: [Double]?

    /// - Precondition: a mask has one part for each cell, from 0 to 1.
    public init(name: String, category: String, hierarchy: Int, field: FluxField, mask: [Double]? = nil) {
        precondition(mask.map { $0.count == field.grid.cellCount } ?? true, "mask does not fit the grid")
        precondition(mask.map { $0.allSatisfy { (0...1).contains($0) } } ?? true, "mask is no part of a cell")
        self.name = name
        self.category = category
        self.hierarchy = hierarchy
        self.field = field
        self.mask = mask
    }

    /// The part of each cell within any of some regions.
    public static func mask(_ fractions: RegionFractions, regions: [Int]) -> [Double] {
        var mask = [Double](repeating: 0, count: fractions.grid.cellCount)
        for region in regions {
            for (cell, part) in zip(fractions.regions[region].cells, fractions.regions[region].fractions) {
                mask[Int(cell)] = min(1, mask[Int(cell)] + part)
            }
        }
        return mask
    }
}

/// Layers put together.
public struct LayeredInventory: Sendable {
    /// What became of a layer.
    public struct Line: Equatable, Sendable {
        public let name: String
        public let category: String
        /// Of the layer inside its mask, tonnes in the period.
        public let givenTonnes: Double
        /// Of these, replaced by layers of higher rank.
        public let replacedTonnes: Double
    }

    public let field: FluxField
    /// In the order in which they were laid.
    public let lines: [Line]

    /// - Throws: ``LayerError`` for layers of several grids, gases or periods, or two of one rank in a category.
    public init(_ layers: [InventoryLayer], source: String) throws(LayerError) {
        guard let first = layers.first else { throw .noLayers }
        for layer in layers.dropFirst() { try Self.check(layer, first) }
        let ordered = layers.sorted { ($0.category, $0.hierarchy) < ($1.category, $1.hierarchy) }
        for (low, high) in zip(ordered, ordered.dropFirst())
        where low.category == high.category && low.hierarchy == high.hierarchy {
            throw .equalRank(low.name, high.name)
        }
        let grid = first.field.grid
        var sum = [Double](repeating: 0, count: grid.cellCount)
        // What is left of each layer once those of higher rank took their parts.
        var left = [Double](repeating: 1, count: grid.cellCount)
        var lines: [Line] = []
        for (place, layer) in ordered.enumerated().reversed() {
            if place == ordered.count - 1 || ordered[place + 1].category != layer.category {
                for cell in left.indices { left[cell] = 1 }
            }
            var (given, kept) = (0.0, 0.0)
            for cell in sum.indices {
                let part = layer.mask?[cell] ?? 1
                let flux = layer.field.microMolesPerSquareMetreSecond[cell]
                // At a border the layers share a cell: what is masked comes out of what is still open.
                let taken = min(part, left[cell])
                let area = grid.cellAreaSquareMetres(row: cell / grid.columns)
                sum[cell] += flux * taken
                given += flux * part * area
                kept += flux * taken * area
                left[cell] -= taken
            }
            let tonnes = Regridding.tonnesPerMicroMole(layer.field.gas) * layer.field.period.seconds
            lines.append(
                Line(
                    name: layer.name,
                    category: layer.category,
                    givenTonnes: given * tonnes,
                    replacedTonnes: (given - kept) * tonnes
                )
            )
        }
        self.lines = lines.reversed()
        field = FluxField(
            grid: grid,
            gas: first.field.gas,
            microMolesPerSquareMetreSecond: sum,
            period: first.field.period,
            source: source
        )
    }

    private static func check(_ layer: InventoryLayer, _ first: InventoryLayer) throws(LayerError) {
        guard layer.field.grid == first.field.grid else { throw .differ(layer.name, first.name, "grid") }
        guard layer.field.gas == first.field.gas else { throw .differ(layer.name, first.name, "gas") }
        guard layer.field.period == first.field.period else {
            throw .differ(layer.name, first.name, "period")
        }
    }
}

/// Layers that do not go together.
public enum LayerError: Fault, Equatable {
    case noLayers
    case differ(String, String, String)
    case equalRank(String, String)

    public var exitStatus: ExitStatus { .badData }

    public var what: String {
        switch self {
        case .noLayers: "there is no layer"
        case .differ(_, let other, let what): "its \(what) is not that of \(other)"
        case .equalRank(_, let other): "it has the category and the rank of \(other)"
        }
    }

    public var place: String {
        switch self {
        case .noLayers: "layers"
        case .differ(let name, _, _), .equalRank(let name, _): "layer \(name)"
        }
    }

    public var remedy: String {
        switch self {
        case .noLayers: "name at least one inventory"
        case .differ: "regrid it first, or choose the same gas and year"
        case .equalRank: "give one of them a higher rank"
        }
    }
}
