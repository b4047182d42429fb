public import Geo
public import Inventory
public import Transport

/// The inputs of a regional inversion as RHIME (openghg_inversions) leaves them beside its result.
public struct RHIMEOutput: Sendable {
    /// Response of the observations to flux and boundary elements, ppm.
    public let sensitivities: SensitivityTable
    /// Observed mole fractions, ppm, one per row of the sensitivities.
    public let observations: [Double]
    /// Standard deviations of the observations as stated, ppm; without model error.
    public let observationSigmas: [Double]
    /// Mean prior flux of the run's period.
    public let priorFlux: FluxField
    /// Region k of this mask is flux element k of the state; the regions cover the domain.
    public let basisFunctions: RegionMask
    public let countries: RegionMask
    /// Prior totals of the countries as the file gives them, g per year of 365 days; on another Earth radius and
    /// molar mass than ours (ratio 0.99891).
    public let countryPriorGrams: [Double]

    /// Prior emission of each country that each flux element carries, t in the year of the run: countries x elements.
    /// A state x gives country totals W x, and a state of ones the prior.
    public var countryWeights: [[Double]] {
        var weights = [[Double]](
            repeating: [Double](repeating: 0, count: basisFunctions.names.count),
            count: countries.names.count
        )
        for cell in 0..<priorFlux.grid.cellCount where countries.index[cell] >= 0 {
            let element = basisFunctions.index[cell]
            guard element >= 0 else { continue }
            weights[Int(countries.index[cell])][Int(element)] += priorFlux.tonnesPerYear(cell: cell)
        }
        return weights
    }
}
