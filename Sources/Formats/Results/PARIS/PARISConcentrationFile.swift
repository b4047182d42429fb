import Inversion
import LinearAlgebra
import NetCDF
public import Quantities

/// Observed and modelled mole fractions in the layout that European inversion groups exchange (PARIS, concentration
/// version 4).
public enum PARISConcentrationFile {
    /// Writes the file beside its place and renames it.
    ///
    /// - Parameters:
    ///   - input: the problem that was solved; it must tell platform, time, place and altitude of each observation,
    ///     and its background: subtracted, or as an element of the state.
    ///   - gas: in words of the layout, such as `ch4`.
    /// - Throws: ``PARISRefusal`` where the layout asks for what is not known, ``NetCDFError``.
    @NetCDFThread
    public static func write(
        _ input: LinearProblemInput,
        _ solution: SolvedState,
        gas: Gas,
        to path: String,
        publication: PARISPublication,
        provenance: FileProvenance
    ) throws {
        let fields = try PARISConcentrationFields(input, solution, gas)
        var dimensions = [("index", fields.count), ("platform", fields.platforms.count), ("nbnds", 2)]
        if fields.percentiles != nil { dimensions.append(("percentile", Percentiles.probabilities.count)) }
        try PARIS.write(
            dimensions: dimensions,
            variables: fields.samples + fields.moleFractions + fields.uncertainties + [fields.platform],
            attributes: publication.attributes(
                title: "Mole fractions at sites and on vehicles: observed and simulated",
                source: "Trace gas observations, transport simulations and inverse modelling.",
                comment: "All observations in the file were used in the inversion.",
                solution: solution,
                provenance
            ),
            to: path
        )
    }

    /// Nil where the file could be written; else what is not known, without solving anything.
    public static func refusal(_ input: LinearProblemInput) -> PARISRefusal? {
        if MoleFractionUnit(spelling: input.unit) == nil { return .unit(input.unit) }
        if !input.hasJacobian { return .jacobianByRows }
        if input.groups == nil { return .unknown("the platform", variable: "observation_group") }
        if input.times == nil, input.periods == nil { return .unknown("the time", variable: "time_bounds") }
        if input.longitudes == nil { return .unknown("the longitude", variable: "longitude") }
        if input.latitudes == nil { return .unknown("the latitude", variable: "latitude") }
        if input.altitudes == nil { return .unknown("the altitude", variable: "altitude") }
        let kinds = Set(input.state?.elements.map(\.kind) ?? [])
        if input.backgrounds == nil, kinds.isDisjoint(with: [.boundary, .background]) {
            return .unknown(
                "a background, subtracted or as an element of the state,",
                variable: "background"
            )
        }
        return nil
    }
}

/// The variables of a PARIS concentration file with their numbers.
struct PARISConcentrationFields {
    let count: Int
    let platforms: [String]
    /// Of the modelled mole fractions, observations x shares; nil for a solver without draws.
    private(set) var percentiles: [Double]?

    private let input: LinearProblemInput
    private let solution: SolvedState
    private let gas: String
    /// mol mol-1 of one unit of the observations.
    private let factor: Double

    init(_ input: LinearProblemInput, _ solution: SolvedState, _ gas: Gas) throws {
        if let refusal = PARISConcentrationFile.refusal(input) { throw refusal }
        guard let unit = MoleFractionUnit(spelling: input.unit), let groups = input.groups else {
            throw PARISRefusal.unit(input.unit)
        }
        if let index = groups.groupOfElement.firstIndex(of: nil) {
            throw PARISRefusal.unknown("the platform", variable: "observation_group[\(index)]")
        }
        for (name, values) in [("altitude", input.altitudes), ("background", input.backgrounds)] {
            guard let index = values?.firstIndex(where: { !$0.isFinite }) else { continue }
            throw PARISRefusal.unknown("the \(name)", variable: "\(name)[\(index)]")
        }
        count = input.problem.observationCount
        platforms = groups.names
        self.input = input
        self.solution = solution
        self.gas = gas.rawValue
        factor = unit.partsPerMillion(1) * 1e-6
        percentiles = solution.draws.map { Self.percentiles($0, input, factor) }
    }

    private static let index = ["index"]

    private func float(
        _ name: String,
        _ longName: String,
        unit: String = "mol mol-1",
        more: [(String, NetCDFAttribute)] = [],
        _ values: [Double]
    ) -> PARISVariable {
        .float(name, Self.index, unit: unit, longName: longName, more: more, .whole(values))
    }

    private func scaled(_ values: [Double]) -> [Double] { values.map { $0 * factor } }

    /// Where and when.
    var samples: [PARISVariable] {
        let moments = input.times ?? []
        let bounds = (0..<count).map { row -> (start: Double, end: Double) in
            if let period = input.periods?[row] {
                return (period.start.secondsSince1970, period.end.secondsSince1970)
            }
            return (moments[row].secondsSince1970, moments[row].secondsSince1970)
        }
        var variables = PARIS.time(
            along: "index",
            bounds: bounds,
            longName: "time of mid of observation interval; UTC",
            axis: []
        )
        for (name, unit, values) in [
            ("longitude", "degrees_east", input.longitudes), ("latitude", "degrees_north", input.latitudes),
        ] {
            let attributes: [(String, NetCDFAttribute)] = [
                ("_FillValue", .double(.nan)), ("long_name", .text("sample_\(name)_in_decimal_degrees")),
                ("units", .text(unit)), ("standard_name", .text(name)),
            ]
            variables.append(PARISVariable(name, .double, Self.index, attributes, .whole(values ?? [])))
        }
        let altitude: [(String, NetCDFAttribute)] = [("standard_name", "altitude"), ("positive", "up")]
        variables.append(
            float(
                "altitude",
                "sample_altitude_in_meters_above_sea_level",
                unit: "m",
                more: altitude,
                input.altitudes ?? []
            )
        )
        if let heights = input.intakeHeights {
            let name = "Height above ground at which air sample was collected"
            variables.append(float("intake_height", name, unit: "m", heights))
        }
        return variables + flags
    }

    private var flags: [PARISVariable] {
        func short(_ name: String, _ longName: String, _ values: [Double]) -> PARISVariable {
            let attributes: [(String, NetCDFAttribute)] = [
                ("units", "1"), ("_FillValue", .short(-9)), ("long_name", .text(longName)),
            ]
            return PARISVariable(name, .int16, Self.index, attributes, .whole(values))
        }
        let numbers = input.groups?.groupOfElement.map { Double($0 ?? -9) } ?? []
        return [
            short("number_of_identifier", "Index of identifier of observing platform", numbers),
            short(
                "assimilation_flag",
                "indicating whether observation was used in inversion/assimilation. 0: not used; 1: used",
                [Double](repeating: 1, count: count)
            ),
        ]
    }

    /// Observed, and modelled before and after: in all, and what comes from outside the domain and from biases.
    var moleFractions: [PARISVariable] {
        let backgrounds = input.backgrounds ?? [Double](repeating: 0, count: count)
        func whole(_ values: [Double]) -> [Double] { scaled(zip(values, backgrounds).map { $0 + $1 }) }
        let (jacobian, prior) = (input.problem.jacobian, input.problem.priorMean)
        var variables = [
            float(
                "mf_observed",
                "observed mole fraction of \(gas) in dry air",
                whole(input.problem.observations)
            ),
            float(
                "mf_prior",
                "prior simulated mole fraction of \(gas) in dry air",
                whole(jacobian.times(prior))
            ),
            float(
                "mf_posterior",
                "posterior simulated mole fraction of \(gas) in dry air",
                whole(jacobian.times(solution.mean))
            ),
        ]
        let outside: Set<StateElement.Kind> = [.boundary, .background, .bias, .siteOffset]
        for (name, state) in [("prior", prior), ("posterior", solution.mean)] {
            let longName = "\(name) simulated boundary condition mole fraction including site bias"
            variables.append(float("mf_bc_\(name)", longName, whole(contribution(outside, state))))
        }
        let biases: Set<StateElement.Kind> = [.bias, .siteOffset]
        guard input.state?.elements.contains(where: { biases.contains($0.kind) }) == true else {
            return variables
        }
        for (name, state) in [("prior", prior), ("posterior", solution.mean)] {
            let longName = "\(name) simulated mole fraction site bias"
            variables.append(float("mf_bias_\(name)", longName, scaled(contribution(biases, state))))
        }
        return variables
    }

    /// H x of the elements of some kinds.
    private func contribution(_ kinds: Set<StateElement.Kind>, _ state: [Double]) -> [Double] {
        let elements = input.state?.elements ?? []
        let own = state.indices.map { index in
            index < elements.count && kinds.contains(elements[index].kind) ? state[index] : 0
        }
        return input.problem.jacobian.times(own)
    }

    /// The error of the observations that the inversion was told, and that of the model from that of the state.
    var uncertainties: [PARISVariable] {
        var variables = [
            float(
                "stdev_mf_total",
                "total model-data-mismatch uncertainty applied in inversion",
                scaled(input.problem.observationError.sigma)
            ),
            float(
                "stdev_mf_prior",
                "standard deviation of prior simulated mole fractions due to state vector uncertainty",
                scaled(spread(input.problem.priorError))
            ),
        ]
        if let covariance = solution.covariance {
            variables.append(
                float(
                    "stdev_mf_posterior",
                    "standard deviation of posterior simulated mole fractions due to state vector uncertainty",
                    scaled(spread(.covariance(covariance)))
                )
            )
        }
        guard let percentiles else { return variables }
        variables += [
            PARIS.percentile(
                longName: "reported percentiles for non-Gaussian probability distribution functions"
            ),
            .float(
                "percentile_mf_posterior",
                ["index", "percentile"],
                unit: "mol mol-1",
                longName: "percentile of posterior simulated mole fraction due to state vector uncertainty",
                .whole(percentiles)
            ),
        ]
        return variables
    }

    /// Square roots of the diagonal of H B Hᵀ.
    private func spread(_ error: ErrorModel) -> [Double] {
        let jacobian = input.problem.jacobian
        let image: Matrix
        switch error {
        case .independent(let sigma):
            var scaled = jacobian
            scaled.scaleColumns(by: sigma.map { $0 * $0 })
            image = scaled
        case .covariance(let matrix): image = jacobian.times(matrix)
        }
        let columns = jacobian.columns
        return (0..<jacobian.rows).map { row in
            let range = (row * columns)..<((row + 1) * columns)
            let variance = range.reduce(0) { $0 + image.storage[$1] * jacobian.storage[$1] }
            return max(0, variance).squareRoot()
        }
    }

    private static func percentiles(
        _ draws: SampledPosterior,
        _ input: LinearProblemInput,
        _ factor: Double
    ) -> [Double] {
        let backgrounds = input.backgrounds
        let columns = input.problem.jacobian.columns
        let all = Matrix(rows: draws.count, columns: columns, storage: draws.chains.flatMap { $0.values })
        return (0..<input.problem.observationCount).flatMap { row in
            let modelled = all.times(input.problem.jacobian.rows(row..<(row + 1)).storage).sorted()
            return Percentiles.probabilities.map { probability in
                (Percentiles.ofSorted(modelled, probability) + (backgrounds?[row] ?? 0)) * factor
            }
        }
    }

    var platform: PARISVariable {
        PARISVariable(
            "platform",
            .string,
            ["platform"],
            [("long_name", "identifier of observing platform")],
            .texts(platforms)
        )
    }
}
