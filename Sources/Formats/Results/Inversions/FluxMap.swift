public import Geo
import Inversion
import LinearAlgebra
public import Quantities

/// The fluxes that a state stands for, on the grid they were taken from.
public struct FluxMap: Sendable {
    /// The flux of one sector during one period.
    public struct Layer: Sendable {
        /// Empty where fluxes are not told by sector.
        public let sector: String
        public let period: Period
        /// mol m-2 s-1 per unit of the state element of the cell, negative for an uptake; the flux itself where the
        /// cell has no element. In grid order.
        public let flux: [Double]
        /// State element of each cell; -1 for a flux that is not solved for.
        public let element: [Int32]

        public init(sector: String, period: Period, flux: [Double], element: [Int32]) {
            self.sector = sector
            self.period = period
            self.flux = flux
            self.element = element
        }
    }

    public let gas: Gas
    public let grid: LatitudeLongitudeGrid
    public let layers: [Layer]
    /// Country or region of each cell, on the same grid.
    public let countries: RegionMask

    /// - Precondition: at least one layer; layers and mask fit the grid.
    public init(gas: Gas, grid: LatitudeLongitudeGrid, layers: [Layer], countries: RegionMask) {
        precondition(!layers.isEmpty && countries.grid == .longitudeLatitude(grid))
        precondition(
            layers.allSatisfy { $0.flux.count == grid.cellCount && $0.element.count == grid.cellCount }
        )
        self.gas = gas
        self.grid = grid
        self.layers = layers
        self.countries = countries
    }

    /// In the order of time.
    public var periods: [Period] {
        Set(layers.map(\.period)).sorted { ($0.start, $0.end) < ($1.start, $1.end) }
    }
    /// In the order of their first layer; empty where fluxes are not told by sector.
    public var sectors: [String] { LabelGroups(labels: layers.map(\.sector)).names }

    /// kg per Julian year of each country from each state element, and from what is not solved for.
    ///
    /// - Parameter layers: which are added up.
    func countryFunctionals(
        _ layers: [Layer],
        states: Int
    ) throws(InversionError) -> LinearFunctionals {
        var weights = Matrix(rows: countries.names.count, columns: states)
        var offsets = [Double](repeating: 0, count: countries.names.count)
        let perFlux = (0..<grid.rows).map(kilogramsPerYear(ofCellInRow:))
        for layer in layers {
            for cell in layer.flux.indices where countries.index[cell] >= 0 {
                let country = Int(countries.index[cell])
                let kilograms = layer.flux[cell] * perFlux[cell / grid.columns]
                let element = Int(layer.element[cell])
                if element >= 0 {
                    weights[country, element] += kilograms
                } else {
                    offsets[country] += kilograms
                }
            }
        }
        return try LinearFunctionals(names: countries.names, weights: weights, offsets: offsets)
    }

    /// Of a flux of one mol m-2 s-1, in a year of 365.25 days.
    private func kilogramsPerYear(ofCellInRow row: Int) -> Double {
        grid.cellAreaSquareMetres(row: row) * gas.molarMassGramsPerMole * 1e-3 * 31_557_600
    }
}
