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

    /// Values of the same cell added in the order of the layers; the sum has no time of emission.
    init(sumOf layers: [FootprintLayer]) {
        if layers.count == 1, let layer = layers.first {
            self.init(emission: nil, cells: layer.cells, values: layer.values)
            return
        }
        guard let first = layers.compactMap(\.cells.first).min(),
            let last = layers.compactMap(\.cells.last).max()
        else {
            self.init(emission: nil, cells: [], values: [])
            return
        }
        // The window of all layers, densely: merging many long layers by their cells costs more.
        let count = Int(last) - Int(first) + 1
        var sums = [Double](repeating: 0, count: count)
        var isHeld = [Bool](repeating: false, count: count)
        for layer in layers {
            for (cell, value) in zip(layer.cells, layer.values) {
                sums[Int(cell) - Int(first)] += value
                isHeld[Int(cell) - Int(first)] = true
            }
        }
        let held = isHeld.indices.filter { isHeld[$0] }
        self.init(
            emission: nil,
            cells: held.map { Int32(truncatingIfNeeded: $0) + first },
            values: held.map { sums[$0] }
        )
    }
}
