public import Quantities

/// A result that cannot be written in the PARIS layout, because something is not known that the layout asks for.
public enum PARISRefusal: Fault, Equatable {
    /// The problem does not say where on a grid its elements emit.
    case noGrid
    /// The solver gives no covariance, so that countries have no uncertainty.
    case noCovariance(solver: String)
    /// A sector whose name cannot become part of the name of a variable, or becomes that of another.
    case sectorName(String)
    /// A sector without a layer during a period in which others have one.
    case noLayer(sector: String, Period)
    /// Two names of one country.
    case sameCountry(String, String)
    /// A name that is no country of ISO 3166-1.
    case noCountry(String)
    /// Something is not known of the observations.
    case unknown(String, variable: String)
    /// Observations that are no mole fraction.
    case unit(String)
    /// The Jacobian was read by rows and is not at hand any more.
    case jacobianByRows

    public var exitStatus: ExitStatus { .badData }

    public var what: String {
        switch self {
        case .noGrid: "the PARIS flux layout needs fluxes on a grid, and the problem has none"
        case .noCovariance(let solver): "the solver `\(solver)` gives no covariance of the state"
        case .sectorName(let name): "sector `\(name)` has no name of its own in letters a to z"
        case .noLayer(let sector, let period):
            "sector `\(sector)` has no flux from \(period.start) to \(period.end), where others have, so that no "
                + "total is known"
        case .sameCountry(let first, let second): "`\(first)` and `\(second)` are one country"
        case .noCountry(let name): "`\(name)` is no country of ISO 3166-1"
        case .unknown(let name, _): "the PARIS concentration layout needs \(name) of every observation"
        case .unit(let unit): "`\(unit)` is no unit of mole fractions"
        case .jacobianByRows:
            "the parts of each mole fraction that the PARIS layout asks for need the jacobian in memory"
        }
    }

    public var place: String {
        switch self {
        case .noGrid: "cell_flux"
        case .noCovariance: "posterior_covariance"
        case .sectorName: "layer_sector"
        case .noLayer: "layer_bounds"
        case .sameCountry, .noCountry: "country_name"
        case .unknown(_, let variable): variable
        case .unit: "observation_value"
        case .jacobianByRows: "jacobian"
        }
    }

    public var remedy: String {
        switch self {
        case .noGrid:
            "add cell_flux, cell_state, cell_country, country_name, cell_longitude, cell_latitude, layer_bounds and gas"
        case .noCovariance: "use another solver"
        case .sectorName: "rename it"
        case .noLayer: "add a layer of the sector for that time, of zeros where it emits nothing"
        case .sameCountry: "give both the same index in cell_country and one name"
        case .noCountry:
            "use an English name or a code of three letters, and -1 in cell_country outside countries"
        case .unknown(_, let variable): "add \(variable) to the problem file"
        case .unit: "give the observations in ppm, ppb or mol/mol"
        case .jacobianByRows: "allow more memory with --memory"
        }
    }
}
