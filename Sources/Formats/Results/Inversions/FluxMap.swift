public import Geo
import Inventory
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

        func covers(_ other: Period) -> Bool { period.start <= other.start && other.end <= period.end }
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

    /// Times within which no layer begins or ends, in their order; those without any layer are left out. Layers of a
    /// month beside one of the whole year give months.
    public var periods: [Period] {
        let moments = Set(layers.flatMap { [$0.period.start, $0.period.end] }).sorted()
        return zip(moments, moments.dropFirst()).map { Period(start: $0, end: $1) }
            .filter { period in layers.contains { $0.covers(period) } }
    }
    /// In the order of their first layer; empty where fluxes are not told by sector.
    public var sectors: [String] { LabelGroups(labels: layers.map(\.sector)).names }

    /// What flows during one of ``periods``, of one sector or of all.
    func layers(of sector: String?, during period: Period) -> [Layer] {
        layers.filter { $0.covers(period) && (sector == nil || $0.sector == sector) }
    }

    /// The first period in which a sector has no layer while another has, so that no sum of sectors is known.
    var gap: (sector: String, period: Period)? {
        let sectors = Set(layers.map(\.sector)).sorted()
        for period in periods {
            for sector in sectors where layers(of: sector, during: period).isEmpty { return (sector, period) }
        }
        return nil
    }

    /// kg per year, that of each layer's period, of each country from each state element, and from what is not solved
    /// for.
    ///
    /// - Parameter layers: which are added up.
    func countryFunctionals(
        _ layers: [Layer],
        states: Int
    ) throws(InversionError) -> LinearFunctionals {
        var weights = Matrix(rows: countries.names.count, columns: states)
        var offsets = [Double](repeating: 0, count: countries.names.count)
        for layer in layers {
            let perFlux = (0..<grid.rows).map { kilogramsPerYear(ofCellInRow: $0, during: layer.period) }
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

    /// Of a flux of one mol m-2 s-1, in the year that the period lies in.
    private func kilogramsPerYear(ofCellInRow row: Int, during period: Period) -> Double {
        grid.cellAreaSquareMetres(row: row) * gas.molarMassGramsPerMole * 1e-3 * period.secondsOfYear
    }
}
