import Geo
import Quantities

extension ReceptorFootprint {
    /// Sum of all cells and times with the residual, ppm per umol m-2 s-1.
    public var sum: Double {
        layers.reduce(0) { $0 + $1.sum } + (residual?.sum ?? 0)
    }

    /// All layers and the residual in one, without a time of emission.
    public var integratedLayer: FootprintLayer {
        FootprintLayer(sumOf: layers + (residual.map { [$0] } ?? []))
    }

    /// The same footprint with one layer for all times.
    public var integrated: ReceptorFootprint {
        ReceptorFootprint(
            receptor: receptor,
            time: time,
            averagingSeconds: averagingSeconds,
            place: place,
            grid: grid,
            layers: [integratedLayer]
        )
    }
}

extension FootprintLayer {
    public var sum: Double { values.reduce(0, +) }

    /// Values of the same cell added; the layer has no time of emission.
    init(sumOf layers: [FootprintLayer]) {
        var entries: [(cell: Int32, value: Double)] = []
        entries.reserveCapacity(layers.reduce(0) { $0 + $1.cells.count })
        for layer in layers {
            for (cell, value) in zip(layer.cells, layer.values) { entries.append((cell, value)) }
        }
        if layers.count == 1, let layer = layers.first {
            self.init(emission: nil, cells: layer.cells, values: layer.values)
            return
        }
        // In the order of the layers within a cell, so that the sum is one of them.
        let order = entries.indices.sorted { (entries[$0].cell, $0) < (entries[$1].cell, $1) }
        var (cells, values) = ([Int32](), [Double]())
        for index in order {
            if cells.last == entries[index].cell {
                values[values.count - 1] += entries[index].value
            } else {
                cells.append(entries[index].cell)
                values.append(entries[index].value)
            }
        }
        self.init(emission: nil, cells: cells, values: values)
    }
}
