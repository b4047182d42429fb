import Geo
import NetCDF
import Quantities
import Transport

/// What footprints to be written hold, without their values.
struct FootprintIndex {
    struct Layer {
        let kind: FootprintLayoutNames.Layer
        let emission: Period?
        let count: Int
    }

    private(set) var receptors: [FootprintReceptor] = []
    private(set) var layerCounts: [Int] = []
    private(set) var layers: [Layer] = []
    /// First layer of each receptor.
    private var firstLayers: [Int] = []
    private let cellCount: Int

    /// - Throws: ``NetCDFError`` for footprints of another grid, cells that are not ascending or not on it, and values
    ///   that are not finite.
    @NetCDFThread
    init(_ source: FootprintSource, path: String) throws(NetCDFError) {
        cellCount = source.grid.cellCount
        guard source.count > 0 else {
            throw NetCDFError(.unexpected("there is no footprint to write"), path: path)
        }
        for index in 0..<source.count {
            let footprint = try source.footprint(index)
            let layers = Self.layers(of: footprint)
            for (_, layer) in layers { try check(layer, footprint, source.grid, path) }
            receptors.append(FootprintReceptor(footprint))
            layerCounts.append(layers.count)
            firstLayers.append(self.layers.count)
            self.layers += layers.map { Layer(kind: $0, emission: $1.emission, count: $1.cells.count) }
        }
    }

    var valueCount: Int { layers.reduce(0) { $0 + $1.count } }

    /// Share of the cells of all layers that have a value; 0 without layers.
    var fill: Double {
        layers.isEmpty ? 0 : Double(valueCount) / (Double(layers.count) * Double(cellCount))
    }

    /// The layers of a footprint in the order of the file.
    static func layers(
        of footprint: ReceptorFootprint
    ) -> [(kind: FootprintLayoutNames.Layer, layer: FootprintLayer)] {
        let layers = footprint.layers.map { layer in
            (kind: layer.emission == nil ? FootprintLayoutNames.Layer.integrated : .resolved, layer: layer)
        }
        return layers + (footprint.residual.map { [(.residual, $0)] } ?? [])
    }

    /// Asked for the second time, when the file is laid out for what the first gave.
    @NetCDFThread
    func layers(
        of index: Int,
        _ source: FootprintSource,
        path: String
    ) throws(NetCDFError) -> [(kind: FootprintLayoutNames.Layer, layer: FootprintLayer)] {
        let layers = Self.layers(of: try source.footprint(index))
        let first = firstLayers[index]
        let planned = self.layers[first..<(first + layerCounts[index])]
        guard layers.count == planned.count,
            zip(layers, planned).allSatisfy({ $0.layer.cells.count == $1.count })
        else { throw NetCDFError(.unexpected("footprint \(index) changed while it was written"), path: path) }
        return layers
    }

    private func check(
        _ layer: FootprintLayer,
        _ footprint: ReceptorFootprint,
        _ grid: CellGrid,
        _ path: String
    ) throws(NetCDFError) {
        func refused(_ text: String) -> NetCDFError {
            let whose = "the footprint of \(footprint.receptor) at \(footprint.time)"
            return NetCDFError(.unexpected("\(whose) \(text)"), path: path)
        }
        guard footprint.grid == grid else { throw refused("is on another grid than the first") }
        let isAscending = zip(layer.cells, layer.cells.dropFirst()).allSatisfy { $0 < $1 }
        guard isAscending, (layer.cells.first ?? 0) >= 0, Int(layer.cells.last ?? 0) < cellCount else {
            throw refused("has cells that do not ascend on the grid")
        }
        guard layer.values.allSatisfy(\.isFinite) else { throw refused("has values that are not finite") }
    }
}
