import Formats
import Geo
import Inventory
import Quantities
import Transport

/// Turns regions of a mask into quantities: their totals as weighted sums of the flux elements.
struct RegionQuantities {
    let plan: FootprintPlan
    let model: RHIMEOutput
    /// Declared total of each region of the mask, t per year; nil where the prior flux is the inventory.
    let declaredTonnes: [Double]?

    /// kt per year, one per region of the case.
    func quantities() throws(PipelineError) -> [PreparedQuantity] {
        var quantities: [PreparedQuantity] = []
        let names = model.countries.names
        for region in plan.regions {
            guard let index = names.firstIndex(of: region.key) else {
                throw .unknownName(
                    kind: "region",
                    name: region.key,
                    file: plan.file,
                    nearest: nearest(to: region.key, among: names)
                )
            }
            quantities.append(quantity(region, index: Int32(index)))
        }
        return quantities
    }

    private func quantity(_ region: RegionPlan, index: Int32) -> PreparedQuantity {
        let elements = model.sensitivities.fluxNames.count
        var weights = [Double](repeating: 0, count: elements + model.sensitivities.boundaryNames.count)
        var offset = 0.0
        for cell in model.countries.index.indices where model.countries.index[cell] == index {
            let kilotonnes = model.priorFlux.tonnesPerYear(cell: cell) / 1000
            let element = Int(model.basisFunctions.index[cell])
            if element >= 0 { weights[element] += kilotonnes } else { offset += kilotonnes }
        }
        let declared = declaredTonnes.map { $0[Int(index)] / 1000 } ?? weights.reduce(offset, +)
        return PreparedQuantity(
            name: region.name,
            weights: weights,
            offset: offset,
            inventory: Estimate(
                mean: declared,
                standardDeviation: abs(declared) * region.inventoryRelativeSigma
            ),
            inventoryIsPrior: plan.inventory.isPrior
        )
    }
}
