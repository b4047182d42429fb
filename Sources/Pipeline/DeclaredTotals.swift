import Formats
import Geo
import Inventory
import Quantities

/// Totals of a gridded inventory over the regions of a mask.
struct DeclaredTotals {
    let file: String
    let definition: Case

    /// t per year, one for each name of the mask, from the field whose period holds the start of the case.
    ///
    /// - Throws: ``PipelineError/unfitInventory(file:reason:)`` when gas, period or grid do not fit: a figure
    ///   of another gas or year must not be set beside the observations.
    func tonnesPerYear(in mask: RegionMask) async throws -> [Double] {
        let fields = try await FluxFile.read(file).fields
        guard let first = fields.first, first.gas == definition.gas else {
            let found = fields.first?.gas.rawValue ?? "nothing"
            throw unfit("the inventory is about \(found), the case about \(definition.gas.rawValue)")
        }
        guard let field = fields.first(where: { $0.period.contains(definition.period.start) }) else {
            throw unfit("no period of the inventory holds \(definition.period.start)")
        }
        guard let aligned = mask.aligned(with: field.grid) else {
            throw unfit("the inventory is on another grid than the regions")
        }
        return field.tonnesPerYear(in: aligned)
    }

    private func unfit(_ reason: String) -> PipelineError { .unfitInventory(file: file, reason: reason) }
}
