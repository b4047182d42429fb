public import Inventory
import Quantities

/// A gridded inventory or flux field as its file gives it, in our units and order.
public struct FluxProduct: Sendable {
    /// The family of files it was recognised as.
    public enum Layout: String, Codable, Sendable {
        /// EDGAR v4 to v7: `emi_<gas>(lat, lon)` in kg m-2 s-1.
        case edgarFlux = "edgar_emi"
        /// EDGAR v8 and later: `fluxes(lat, lon)` in kg m-2 s-1.
        case edgarFluxes = "edgar_fluxes"
        /// EDGAR v8 and later: `emissions(lat, lon)` in tonnes per cell and year.
        case edgarEmissions = "edgar_emissions"
        /// openghg: `flux(lat, lon, time)` in mol m-2 s-1.
        case openghg
    }

    public let layout: Layout
    /// One per period, in order.
    public let fields: [FluxField]
    /// Nil where the file declares no total.
    public let totals: TotalsCheck?
    /// Cells without a value, which count as no flux.
    public let missingCells: Int
}

/// What a flux file holds before its axes are known to form a grid.
struct RawFlux {
    let path: String
    let variable: String
    let layout: FluxProduct.Layout
    let gas: Gas
    let unit: FluxUnit
    let latitudes: [Double]
    let longitudes: [Double]
    /// Row by row in the file's order, one array per period; NaN where missing.
    let layers: [[Double]]
    let periods: [Period]
    let declaredTonnes: Double?
    let source: String
}
