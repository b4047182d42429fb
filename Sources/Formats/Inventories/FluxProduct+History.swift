import Foundation
import Geo
import Inventory
import Quantities
public import Transport

extension FluxProduct {
    /// The fluxes in the order of time, as footprints meet them: NaN in cells without a value, which ``fields`` take
    /// for no flux.
    ///
    /// - Throws: `FootprintFault` for periods that overlap.
    public func history() throws(FootprintFault) -> FluxHistory {
        let order = fields.indices.sorted { fields[$0].period.start < fields[$1].period.start }
        guard let first = order.first.map({ fields[$0] }) else { throw .badFlux("there is none") }
        var values: [Double] = []
        values.reserveCapacity(fields.count * first.grid.cellCount)
        for index in order {
            var field = fields[index].microMolesPerSquareMetreSecond
            for cell in index < blankCells.count ? blankCells[index] : [] { field[cell] = .nan }
            values += field
        }
        return try FluxHistory(
            grid: .longitudeLatitude(first.grid),
            periods: order.map { fields[$0].period },
            values: values
        )
    }
}
