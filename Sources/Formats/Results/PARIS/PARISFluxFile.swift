import Geo
public import Inversion
import LinearAlgebra
import NetCDF
import Quantities

/// Fluxes on a grid and by country in the layout that European inversion groups exchange (PARIS, flux version 3).
///
/// Means and standard deviations of every solver; percentiles too where a solver has its own. Totals of a country are
/// emissions in kilograms if the flux lasted the year of its period (365.25 days for one over several), uptakes
/// negative.
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
                Fluxes are positive to the atmosphere. Country totals: emission if the flux lasted the calendar year \
                of its period, 365.25 days where that is over several. Standard deviations hold for the errors \
                stated to the inversion.
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

    /// Nil where the file could be written of a solution with a covariance; else what stands against it.
    public static func refusal(_ map: FluxMap) -> PARISRefusal? {
        var keys: Set<String> = ["", "total"]
        for name in map.sectors where !keys.insert(key(ofSector: name)).inserted { return .sectorName(name) }
        if let gap = map.gap { return .noLayer(sector: gap.sector, gap.period) }
        return CountryCode.twins(map.countries.names).map { .sameCountry($0.0, $0.1) }
    }

    /// Names of the map that are no country of ISO 3166-1, such as that of a sea. They are written as they are, in a
    /// column that says so.
    public static func namesOfNoCountry(_ map: FluxMap) -> [String] {
        map.countries.names.filter { CountryCode.code(ofName: $0) == nil }
    }

    /// A sector in names of variables.
    static func key(ofSector name: String) -> String {
        String(name.lowercased().unicodeScalars.filter { ("a"..."z").contains($0) }.map(Character.init))
    }

    private static func rounded(_ step: Double) -> Double { (step * 1e6).rounded() / 1e6 }

    private static func frequency(_ periods: [Period]) -> String {
        let words = Set(periods.map(frequency))
        return words.count == 1 ? words.first ?? "" : "irregular"
    }

    private static func frequency(_ period: Period) -> String {
        let days = period.seconds / 86_400
        return switch days {
        case 365...366: "yearly"
        case 28...31: "monthly"
        case 7: "weekly"
        case 1: "daily"
        default: "\(rounded(days)) days"
        }
    }
}
