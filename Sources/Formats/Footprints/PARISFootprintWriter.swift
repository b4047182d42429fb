import Geo
public import NetCDF
import Quantities
import Transport

/// Writes the layout of the PARIS project, `srr(time, latitude, longitude)`, which openghg reads: one receptor over
/// time in a file.
public enum PARISFootprintWriter {
    /// Writes the file whole or not at all.
    ///
    /// Footprints by time of emission become `srr_time_resolved` and `srr_residual`; `srr` is their sum. One that comes
    /// integrated alone has NaN in both.
    ///
    /// - Throws: ``NetCDFError`` for a projected grid, several receptors, times that do not ascend and layers that are
    ///   not even steps back from each time.
    @NetCDFThread
    public static func write(
        _ source: FootprintSource,
        to path: String,
        provenance: FileProvenance
    ) throws(NetCDFError) {
        guard source.grid.longitudeLatitude != nil else {
            throw NetCDFError(
                .unfit("PARIS files are of longitude and latitude", remedy: "write another layout"),
                path: path
            )
        }
        let plan = try PARISFootprintPlan(source, path: path)
        let boundary = try BoundaryDefinition(source, along: "time", height: "height", path: path)
        var writer = try NetCDFWriter(replacing: path)
        for (name, value) in plan.attributes + provenance.attributes { try writer.setAttribute(name, value) }
        try plan.define(in: &writer)
        try boundary?.define(in: &writer)
        try plan.fill(&writer)
        try boundary?.fill(source, &writer)
        for index in 0..<source.count { try plan.write(index, try source.footprint(index), &writer) }
        try writer.commit()
    }
}

/// What a PARIS file will hold.
private struct PARISFootprintPlan {
    private var receptors: [FootprintReceptor] = []
    private let grid: CellGrid
    /// Seconds back from the stamp at which each slot starts, and its length; empty for integrated footprints.
    private var slotStarts: [Double] = []
    private var slotSeconds = 0.0

    @NetCDFThread
    init(_ source: FootprintSource, path: String) throws(NetCDFError) {
        grid = source.grid
        var starts = Set<Double>()
        for index in 0..<source.count {
            let footprint = try source.footprint(index)
            receptors.append(FootprintReceptor(footprint))
            for emission in footprint.layers.compactMap(\.emission) {
                if slotSeconds == 0 { slotSeconds = emission.seconds }
                guard emission.seconds == slotSeconds else {
                    throw Self.refused("layers are of several lengths", path)
                }
                starts.insert(footprint.time.seconds(since: emission.start))
            }
        }
        guard Set(receptors.map(\.name)).count == 1 else {
            throw Self.refused("a PARIS file is of one receptor, and these are several or none", path)
        }
        guard zip(receptors, receptors.dropFirst()).allSatisfy({ $0.time < $1.time }) else {
            throw Self.refused("times do not ascend", path)
        }
        guard let first = starts.min(), let last = starts.max(), slotSeconds > 0 else { return }
        let count = ((last - first) / slotSeconds).rounded() + 1
        guard count <= 10_000 else { throw Self.refused("layers reach too far back", path) }
        slotStarts = (0..<Int(count)).map { first + Double($0) * slotSeconds }
        guard starts.isSubset(of: Set(slotStarts)) else {
            throw Self.refused("layers are not even steps back from each time", path)
        }
    }

    private static func refused(_ text: String, _ path: String) -> NetCDFError {
        NetCDFError(
            .unfit(
                text,
                remedy: "convert them integrated over time, a receptor to a file, or to our own layout"
            ),
            path: path
        )
    }

    private var isResolved: Bool { !slotStarts.isEmpty }

    var attributes: [(String, NetCDFAttribute)] {
        [
            ("Conventions", "CF-1.8"),
            (
                "title",
                "Total source sensitivities and boundary sensitivities from time-inversed LPDM simulations"
            ),
            ("model", "crosswind"), ("species", "inert"), ("site", .text(receptors.first?.name ?? "")),
        ]
    }

    @NetCDFThread
    func define(in writer: inout NetCDFWriter) throws(NetCDFError) {
        var dimensions = [("time", receptors.count), ("latitude", grid.rows), ("longitude", grid.columns)]
        if isResolved { dimensions.append(("resolution", slotStarts.count)) }
        for (name, length) in dimensions { try writer.defineDimension(name, length: length) }
        for axis in axes {
            try writer.defineVariable(
                axis.name,
                .double,
                dimensions: [axis.dimension],
                attributes: axis.attributes
            )
        }
        let plane = ["latitude", "longitude"]
        try define("srr", ["time"] + plane, "source_receptor_relationship", &writer)
        guard isResolved else { return }
        try define(
            "srr_time_resolved",
            ["time", "resolution"] + plane,
            "source_receptor_relationship by time of emission",
            &writer
        )
        try define(
            "srr_residual",
            ["time"] + plane,
            "source_receptor_relationship of emissions before those resolved",
            &writer
        )
    }

    @NetCDFThread
    private func define(
        _ name: String,
        _ dimensions: [String],
        _ text: String,
        _ writer: inout NetCDFWriter
    ) throws(NetCDFError) {
        try writer.defineVariable(
            name,
            .float,
            dimensions: dimensions,
            chunks: dimensions.dropLast(2).map { _ in 1 } + [grid.rows, grid.columns],
            attributes: [
                ("units", "(mol/mol)/(mol/m2/s)"), ("_FillValue", .float(.nan)), ("long_name", .text(text)),
                ("loss_lifetime_hrs", -9.0),
            ]
        )
    }

    private struct Axis {
        let name: String
        let dimension: String
        let attributes: [(String, NetCDFAttribute)]
        let values: [Double]
    }

    private var axes: [Axis] {
        let plane = [
            Axis(
                name: "latitude",
                dimension: "latitude",
                attributes: [("units", "degrees_north"), ("long_name", "latitude")],
                values: grid.plane.along.centres
            ),
            Axis(
                name: "longitude",
                dimension: "longitude",
                attributes: [("units", "degrees_east"), ("long_name", "longitude")],
                values: grid.plane.across.centres
            ),
        ]
        let axes = [timeAxis] + plane + releases
        return isResolved ? axes + [resolution] : axes
    }

    private var timeAxis: Axis {
        let hours = (receptors.first?.averagingSeconds ?? 0) / 3600
        return Axis(
            name: "time",
            dimension: "time",
            attributes: [
                ("long_name", "time"), ("standard_name", "time"), ("label", "left"),
                ("period", .text("\(hours) hours")),
                ("comment", "time stamp corresponds to the beginning of each averaging period"),
                ("units", .text(FootprintLayoutNames.timeUnit)), ("calendar", "gregorian"),
            ],
            values: receptors.map(\.time.secondsSince1970)
        )
    }

    private var releases: [Axis] {
        func release(_ name: String, _ unit: String, _ text: String, _ values: [Double]) -> Axis {
            let attributes: [(String, NetCDFAttribute)] = [
                ("units", .text(unit)), ("long_name", .text(text)), ("_FillValue", .double(.nan)),
            ]
            return Axis(name: name, dimension: "time", attributes: attributes, values: values)
        }
        let places = receptors.map(\.place)
        return [
            release("release_lon", "degrees_east", "Release longitude", places.map { $0?.longitude ?? .nan }),
            release("release_lat", "degrees_north", "Release latitude", places.map { $0?.latitude ?? .nan }),
            release(
                "release_height",
                "m",
                "Release height above model ground",
                places.map { $0?.heightMetres ?? .nan }
            ),
        ]
    }

    private var resolution: Axis {
        Axis(
            name: "resolution",
            dimension: "resolution",
            attributes: [
                ("units", "Hours"), ("long_name", "Hours back from release time, at which a slot starts"),
            ],
            values: slotStarts.map { $0 / 3600 }
        )
    }

    @NetCDFThread
    func fill(_ writer: inout NetCDFWriter) throws(NetCDFError) {
        for axis in axes { try writer.write(axis.values, to: axis.name) }
    }

    // MARK: - Values

    @NetCDFThread
    func write(
        _ index: Int,
        _ footprint: ReceptorFootprint,
        _ writer: inout NetCDFWriter
    ) throws(NetCDFError) {
        let plane = [grid.rows, grid.columns]
        let residual = footprint.residual.map { [$0] } ?? []
        try writer.write(
            field(footprint.layers + residual),
            to: "srr",
            start: [index, 0, 0],
            shape: [1] + plane
        )
        guard isResolved else { return }
        let isWhole = footprint.layers.allSatisfy { $0.emission != nil }
        let missing = [Double](repeating: .nan, count: grid.cellCount)
        for (slot, start) in slotStarts.enumerated() {
            let layers = footprint.layers.filter {
                $0.emission.map { footprint.time.seconds(since: $0.start) == start } ?? false
            }
            try writer.write(
                isWhole ? field(layers) : missing,
                to: "srr_time_resolved",
                start: [index, slot, 0, 0],
                shape: [1, 1] + plane
            )
        }
        try writer.write(
            isWhole ? field(residual) : missing,
            to: "srr_residual",
            start: [index, 0, 0],
            shape: [1] + plane
        )
    }

    private func field(_ layers: [FootprintLayer]) -> [Double] {
        var values = [Double](repeating: 0, count: grid.cellCount)
        for (cell, value) in layers.lazy.flatMap({ zip($0.cells, $0.values) }) { values[Int(cell)] += value }
        return values
    }
}
