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
        let problem = input.problem
        try writer.setAttribute("Conventions", "CF-1.8")
        if !input.title.isEmpty { try writer.setAttribute("title", .text(input.title)) }
        for (name, value) in provenance { try writer.setAttribute(name, .text(value)) }
        try writer.defineDimension("observation", length: problem.observationCount)
        try writer.defineDimension("state", length: problem.stateCount)
        var columns: [Column] = [
            Column("jacobian", ["observation", "state"], problem.jacobian.storage, unit: input.unit),
            Column("observation_value", ["observation"], problem.observations, unit: input.unit),
            Column("prior_mean", ["state"], problem.priorMean),
        ]
        columns.append(try error("observation", problem.observationError, &writer, unit: input.unit))
        columns.append(try error("prior", problem.priorError, &writer, unit: ""))
        columns += coordinates(longitudes: input.longitudes, latitudes: input.latitudes, times: input.times)
        columns += bounds(input) + places(input)
        if let totals = input.totals {
            try writer.defineDimension("total", length: totals.names.count)
            columns.append(
                Column("total_weight", ["total", "state"], totals.weights.storage, unit: input.totalUnit)
            )
            columns.append(Column("total_offset", ["total"], totals.offsets, unit: input.totalUnit))
        }
        let labels = labels(input)
        for label in labels {
            try writer.defineVariable(label.name, .string, dimensions: [label.dimension], attributes: [])
        }
        for column in columns { try column.define(in: &writer) }
        for label in labels { try writer.write(label.values, to: label.name) }
        for column in columns { try writer.write(column.values, to: column.name) }
        try writer.commit()
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
        if let longitudes {
            columns.append(Column("longitude", ["observation"], longitudes, unit: "degrees_east"))
        }
        if let latitudes {
            columns.append(Column("latitude", ["observation"], latitudes, unit: "degrees_north"))
        }
        if let times {
            let seconds = times.map(\.secondsSince1970)
            let unit = "seconds since 1970-01-01 00:00:00"
            columns.append(Column("time", ["observation"], seconds, unit: unit))
        }
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
        if !unit.isEmpty { attributes.append(("units", .text(unit))) }
        try writer.defineVariable(name, .double, dimensions: dimensions, attributes: attributes)
    }
}
