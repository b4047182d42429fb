import Geo
import Inversion
import LinearAlgebra
public import NetCDF
import Quantities

extension LinearProblemFile {
    /// Writes a problem in the layout that ``read(_:)`` takes, all digits kept.
    ///
    /// - Parameter provenance: global attributes, in order.
    /// - Throws: ``NetCDFError``; the file at `path` is then what it was before.
    @NetCDFThread
    public static func write(
        _ input: LinearProblemInput,
        to path: String,
        provenance: [(String, String)] = []
    ) throws(NetCDFError) {
        var writer = try NetCDFWriter(replacing: path)
        try defineShape(input, provenance, &writer)
        let jacobian = Column(
            "jacobian",
            ["observation", "state"],
            input.problem.jacobian.storage,
            unit: input.unit
        )
        try jacobian.define(in: &writer)
        try fill(input, &writer)
        try writer.write(jacobian.values, to: jacobian.name)
        try writer.commit()
    }

    /// Dimensions and global attributes.
    @NetCDFThread
    static func defineShape(
        _ input: LinearProblemInput,
        _ provenance: [(String, String)],
        _ writer: inout NetCDFWriter
    ) throws(NetCDFError) {
        try writer.setAttribute("Conventions", "CF-1.8")
        if !input.title.isEmpty { try writer.setAttribute("title", .text(input.title)) }
        for (name, value) in provenance { try writer.setAttribute(name, .text(value)) }
        if !input.transportModel.isEmpty {
            try writer.setAttribute("transport_model", .text(input.transportModel))
        }
        try writer.defineDimension("observation", length: input.problem.observationCount)
        try writer.defineDimension("state", length: input.problem.stateCount)
        if input.periods != nil || input.fluxMap != nil { try writer.defineDimension("bound", length: 2) }
        if let totals = input.totals { try writer.defineDimension("total", length: totals.names.count) }
    }

    /// All but the Jacobian.
    @NetCDFThread
    static func fill(_ input: LinearProblemInput, _ writer: inout NetCDFWriter) throws(NetCDFError) {
        let problem = input.problem
        var columns: [Column] = [
            Column("observation_value", ["observation"], problem.observations, unit: input.unit),
            Column("prior_mean", ["state"], problem.priorMean),
        ]
        columns.append(try error("observation", problem.observationError, &writer, unit: input.unit))
        columns.append(try error("prior", problem.priorError, &writer, unit: ""))
        columns += optional(input)
        let labels = labels(input)
        for label in labels {
            try writer.defineVariable(label.name, .string, dimensions: [label.dimension], attributes: [])
        }
        for column in columns { try column.define(in: &writer) }
        if let map = input.fluxMap { try define(map, in: &writer) }
        for label in labels { try writer.write(label.values, to: label.name) }
        for column in columns { try writer.write(column.values, to: column.name) }
        if let map = input.fluxMap { try write(map, to: &writer) }
    }

    private static func optional(_ input: LinearProblemInput) -> [Column] {
        var columns =
            coordinates(longitudes: input.longitudes, latitudes: input.latitudes, times: input.times)
            + bounds(input) + places(input) + sampling(input)
        if let emissions = input.emissions {
            columns.append(Column("state_emission", ["state"], emissions.perUnit, unit: emissions.unit))
        }
        if let totals = input.totals {
            columns += [
                Column("total_weight", ["total", "state"], totals.weights.storage, unit: input.totalUnit),
                Column("total_offset", ["total"], totals.offsets, unit: input.totalUnit),
            ]
        }
        return columns
    }

    private static func sampling(_ input: LinearProblemInput) -> [Column] {
        let observation = ["observation"]
        var columns: [Column] = []
        if let periods = input.periods {
            let bounds = periods.flatMap { [$0.start.secondsSince1970, $0.end.secondsSince1970] }
            let unit = "seconds since 1970-01-01 00:00:00"
            columns.append(Column("time_bounds", observation + ["bound"], bounds, unit: unit))
        }
        for (name, values, unit) in [
            ("altitude", input.altitudes, "m"), ("intake_height", input.intakeHeights, "m"),
            ("background", input.backgrounds, input.unit),
        ] {
            if let values { columns.append(Column(name, observation, values, unit: unit)) }
        }
        return columns
    }

    private static func bounds(_ input: LinearProblemInput) -> [Column] {
        [("state_lower", input.lowerBounds), ("state_upper", input.upperBounds)].compactMap { name, values in
            values.map { Column(name, ["state"], $0.map { $0.isFinite ? $0 : .nan }) }
        }
    }

    private static func places(_ input: LinearProblemInput) -> [Column] {
        guard let places = input.statePlaces else { return [] }
        return [
            Column("state_longitude", ["state"], places.map { $0?.longitude ?? .nan }),
            Column("state_latitude", ["state"], places.map { $0?.latitude ?? .nan }),
        ]
    }

    private static func labels(
        _ input: LinearProblemInput
    ) -> [(name: String, dimension: String, values: [String])] {
        var labels = [(name: "state_name", dimension: "state", values: input.problem.stateNames)]
        if let classes = input.stateClasses { labels.append(("state_class", "state", classes)) }
        if let elements = input.state?.elements {
            labels += [
                ("state_kind", "state", elements.map(\.kind.rawValue)),
                ("state_region", "state", elements.map(\.region)),
                ("state_sector", "state", elements.map(\.sector)),
                ("state_period", "state", elements.map(\.period)),
            ]
        }
        if let groups = input.groups { labels.append(("observation_group", "observation", groups.labels)) }
        if let totals = input.totals { labels.append(("total_name", "total", totals.names)) }
        return labels
    }

    @NetCDFThread
    private static func error(
        _ owner: String,
        _ model: ErrorModel,
        _ writer: inout NetCDFWriter,
        unit: String
    ) throws(NetCDFError) -> Column {
        let dimension = owner == "prior" ? "state" : "observation"
        switch model {
        case .independent(let sigma): return Column("\(owner)_sigma", [dimension], sigma, unit: unit)
        case .covariance(let matrix):
            try writer.defineDimension("\(dimension)_2", length: matrix.rows)
            return Column("\(owner)_covariance", [dimension, "\(dimension)_2"], matrix.storage)
        }
    }

    /// Coordinates of the observations as CF wants them; times in seconds since 1970.
    static func coordinates(
        longitudes: [Double]?,
        latitudes: [Double]?,
        times: [Instant]?
    ) -> [Column] {
        var columns: [Column] = []
        func add(_ name: String, _ values: [Double]?, _ unit: String) {
            guard let values else { return }
            var column = Column(name, ["observation"], values, unit: unit)
            column.standardName = name
            columns.append(column)
        }
        add("longitude", longitudes, "degrees_east")
        add("latitude", latitudes, "degrees_north")
        add("time", times?.map(\.secondsSince1970), "seconds since 1970-01-01 00:00:00")
        return columns
    }
}

/// One variable of doubles to be written.
struct Column: Sendable {
    let name: String
    let dimensions: [String]
    let values: [Double]
    let unit: String
    let longName: String
    var standardName = ""

    init(
        _ name: String,
        _ dimensions: [String],
        _ values: [Double],
        unit: String = "",
        longName: String = ""
    ) {
        self.name = name
        self.dimensions = dimensions
        self.values = values
        self.unit = unit
        self.longName = longName
    }

    @NetCDFThread
    func define(in writer: inout NetCDFWriter) throws(NetCDFError) {
        var attributes: [(String, NetCDFAttribute)] = []
        if !longName.isEmpty { attributes.append(("long_name", .text(longName))) }
        if !standardName.isEmpty { attributes.append(("standard_name", .text(standardName))) }
        if !unit.isEmpty { attributes.append(("units", .text(unit))) }
        try writer.defineVariable(name, .double, dimensions: dimensions, attributes: attributes)
    }
}
