import Geo
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
        /// ODIAC on 1 degree: `land` and `intl_bunker` in gC m-2 d-1.
        case odiac
        /// ODIAC on 1 km: a GeoTIFF in tonnes of carbon per cell and month.
        case odiacTIFF = "odiac_tiff"
        /// MEIC: one long row from the north-west, tonnes per cell and month.
        case meic
        case meicASCII = "meic_ascii"
        /// GCP-GridFED: five fuels in kg CO2 per cell and month.
        case gridFED = "gridfed"
        /// CAMS-GLOB-ANT: a variable for each sector and their `sum`.
        case camsGlobAnt = "cams_glob_ant"
        /// InTEM: `flux_mean(lat, lon, time)` and its companions.
        case inTEM = "intem"
        /// What ``RegriddedFile`` writes: `flux_GAS(time, latitude, longitude)` in kg m-2 s-1.
        case regridded
        /// Any other file, by a mapping that the user gives.
        case mapped
    }

    public let layout: Layout
    /// One per period, in order.
    public let fields: [FluxField]
    /// Nil where the file declares no total.
    public let totals: TotalsCheck?
    /// Cells without a value, which count as no flux in ``fields``.
    public let missingCells: Int
    /// Of each field, in the order of its grid; empty where several files were added up.
    public var blankCells: [[Int]] = []
    /// How the numbers of the file became ours.
    public var conversion = FluxConversion()

    /// Cells that take up the gas, over all periods, and their sum: legal in some inventories, an error in most.
    public var uptake: (cells: Int, tonnes: Double) {
        var (cells, tonnes) = (0, 0.0)
        for field in fields {
            for (cell, flux) in field.microMolesPerSquareMetreSecond.enumerated() where flux < 0 {
                cells += 1
                tonnes += field.tonnesInPeriod(cell: cell)
            }
        }
        return (cells, tonnes)
    }
}

/// How the numbers of a file became umol m-2 s-1, for the lineage of a report.
public struct FluxConversion: Equatable, Codable, Sendable {
    /// As the file or the mapping spells it.
    public var unit = ""
    /// The unit that the file states where the mapping overrules it.
    public var overruledUnit: String?
    /// Nil where the file does not count carbon.
    public var carbonRatio: CarbonRatio?
    /// Of the sphere that areas of cells were taken on by the file's maker.
    public var earthRadiusMetres = Earth.authalicRadiusMetres
    /// The sectors, fuels or variables that were added up, as the file names them.
    public var categories: [String] = []
    /// What was left out, since others hold it already, and why.
    public var skipped: [String] = []

    public init() {}
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
    var layers: [[Double]]
    let periods: [Period]
    let declaredTonnes: Double?
    let source: String
    var options = FluxReadOptions()
    var conversion = FluxConversion()
}
