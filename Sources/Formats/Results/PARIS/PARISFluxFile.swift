import Geo
public import Inversion
import LinearAlgebra
import NetCDF
import Quantities

/// Fluxes on a grid and by country in the layout that European inversion groups exchange (PARIS, flux version 3).
///
/// Means and standard deviations of every solver; percentiles too where a solver has its own. Totals of a country are
/// emissions in kilograms if the flux lasted a year of 365.25 days, uptakes negative.
public enum PARISFluxFile {
    /// Writes the file beside its place and renames it.
    ///
    /// - Parameter problem: the one that was solved.
    /// - Throws: ``PARISRefusal`` where the layout asks for what is not known, ``InversionError``, ``NetCDFError``.
    @NetCDFThread
    public static func write(
        _ map: FluxMap,
        _ solution: SolvedState,
        of problem: LinearProblem,
        to path: String,
        publication: PARISPublication,
        provenance: FileProvenance
    ) throws {
        let fields = try PARISFluxFields(map, solution, problem)
        let grid = map.grid
        var dimensions = [
            ("longitude", grid.columns), ("latitude", grid.rows), ("time", fields.periods.count),
            ("country", map.countries.names.count), ("nbnds", 2),
        ]
        if fields.hasPercentiles { dimensions.append(("percentile", Percentiles.probabilities.count)) }
        if !fields.sectors.isEmpty { dimensions.append(("sector", fields.sectors.count)) }
        var attributes = publication.attributes(
            title: "GHG flux distribution and country totals",
            source: "Flux estimated from mole fractions, transport simulations and inverse modelling.",
            comment: """
                Fluxes are positive to the atmosphere. Country totals: emission if the flux lasted a year of 365.25 \
                days. Standard deviations hold for the errors stated to the inversion.
                """,
            solution: solution,
            provenance
        )
        attributes += [
            ("frequency", .text(frequency(fields.periods))),
            ("geospatial_lat_resolution", .text("\(rounded(grid.latitude.step)) degree")),
            ("geospatial_lon_resolution", .text("\(rounded(grid.longitude.step)) degree")),
        ]
        try PARIS.write(
            dimensions: dimensions,
            variables: fields.coordinates + fields.products + fields.auxiliary,
            attributes: attributes,
            to: path
        )
    }

    private static func rounded(_ step: Double) -> Double { (step * 1e6).rounded() / 1e6 }

    private static func frequency(_ periods: [Period]) -> String {
        let days = (periods.first?.seconds ?? 0) / 86_400
        return switch days {
        case 365...366: "yearly"
        case 28...31: "monthly"
        case 7: "weekly"
        case 1: "daily"
        default: "\(rounded(days)) days"
        }
    }
}
