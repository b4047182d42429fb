public import Geo
import Quantities

extension RegionTotals {
    /// By a mask that gives each cell to one region or to none.
    ///
    /// - Precondition: the mask is on the grid of the field.
    public init(_ field: FluxField, mask: RegionMask) {
        let tonnes = field.tonnesInPeriod(in: mask)
        gas = field.gas
        period = field.period
        rows = zip(mask.names, tonnes).map {
            Row(code: "", name: .init(english: $0), tonnes: $1, nearestTonnes: 0)
        }
        unassignedTonnes = mask.index.indices.reduce(0) { sum, cell in
            mask.index[cell] < 0 ? sum + field.tonnesInPeriod(cell: cell) : sum
        }
        totalTonnes = field.tonnesInPeriod
    }
}
