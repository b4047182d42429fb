import Geo
import NetCDF
import Quantities
import Transport

/// The variables of a file of ours but its values, before they are written.
struct FootprintDefinition {
    let grid: CellGrid
    let index: FootprintIndex
    let numbers: [ReceptorVariable]
    let isSparse: Bool
    let options: FootprintFileOptions
    let provenance: FileProvenance

    /// Elements of a stored chunk of the sparse form.
    static let chunk = 1 << 16
    /// The library's own for doubles, which bounds, that may not state one, have without saying so.
    static let fill = 0x1.ep+122

    /// A variable and its numbers, which are small against the footprints.
    struct Small {
        let name: String
        let type: NetCDFType
        let dimensions: [String]
        let attributes: [(String, NetCDFAttribute)]
        var numbers: [Double] = []
        var texts: [String] = []
    }

    /// Where one receptor has layers by ascending times of emission alone, they are a coordinate that any program
    /// understands.
    var hasTimeAxis: Bool {
        guard index.receptors.count == 1, !index.layers.isEmpty else { return false }
        let starts = index.layers.compactMap { $0.kind == .resolved ? $0.emission?.start : nil }
        return starts.count == index.layers.count && zip(starts, starts.dropFirst()).allSatisfy { $0 < $1 }
    }

    var layerDimension: String { hasTimeAxis ? "time" : "layer" }
    var plane: [String] { grid.projected == nil ? ["latitude", "longitude"] : ["y", "x"] }

    private var dimensions: [(String, Int)] {
        let layers = max(1, index.layers.count)
        let shared = [
            ("receptor", index.receptors.count), (layerDimension, layers), (plane[0], grid.rows),
            (plane[1], grid.columns), ("nv", 2),
        ]
        return shared + (isSparse ? [("layer_edge", layers + 1), ("entry", max(1, index.valueCount))] : [])
    }

    private var variables: [Small] {
        receptorVariables + layerVariables + planeVariables + (isSparse ? [pointerVariable] : [])
    }

    @NetCDFThread
    func define(in writer: inout NetCDFWriter) throws(NetCDFError) {
        for (name, value) in globalAttributes { try writer.setAttribute(name, value) }
        for (name, length) in dimensions { try writer.defineDimension(name, length: length) }
        for variable in variables {
            try writer.defineVariable(
                variable.name,
                variable.type,
                dimensions: variable.dimensions,
                attributes: variable.attributes
            )
        }
        let type: NetCDFType = options.isDouble ? .double : .float
        guard isSparse else {
            return try writer.defineVariable(
                FootprintLayoutNames.foot,
                type,
                dimensions: [layerDimension] + plane,
                chunks: [1, grid.rows, grid.columns],
                attributes: footAttributes
            )
        }
        for (name, type, attributes) in [
            (FootprintLayoutNames.value, type, sparseValueAttributes),
            (FootprintLayoutNames.cell, .int32, sparseCellAttributes),
        ] {
            try writer.defineVariable(
                name,
                type,
                dimensions: ["entry"],
                chunks: [min(max(1, index.valueCount), Self.chunk)],
                attributes: attributes
            )
        }
    }

    @NetCDFThread
    func fill(_ writer: inout NetCDFWriter) throws(NetCDFError) {
        for variable in variables {
            if case .string = variable.type {
                try writer.write(variable.texts, to: variable.name)
            } else {
                try writer.write(variable.numbers, to: variable.name)
            }
        }
    }
}

// MARK: - Receptors and layers

extension FootprintDefinition {
    private typealias Names = FootprintLayoutNames

    private var receptorVariables: [Small] {
        [
            Small(
                name: Names.receptor,
                type: .string,
                dimensions: ["receptor"],
                attributes: [("long_name", "name of the receptor")],
                texts: index.receptors.map(\.name)
            )
        ] + receptorTimes + receptorPlaces + numbers.map(variable) + [
            Small(
                name: Names.layerCount,
                type: .int32,
                dimensions: ["receptor"],
                attributes: [("long_name", "number of layers of the receptor, which follow each other")],
                numbers: index.layerCounts.map(Double.init)
            )
        ]
    }

    private var receptorTimes: [Small] {
        [
            Small(
                name: Names.time,
                type: .double,
                dimensions: ["receptor"],
                attributes: [
                    ("units", .text(Names.timeUnit)), ("calendar", "proleptic_gregorian"),
                    ("long_name", "start of what the receptor averages"), ("standard_name", "time"),
                    ("bounds", .text(Names.timeBounds)),
                ],
                numbers: index.receptors.map(\.time.secondsSince1970)
            ),
            Small(
                name: Names.timeBounds,
                type: .double,
                dimensions: ["receptor", "nv"],
                attributes: [],
                numbers: index.receptors.flatMap {
                    [$0.time.secondsSince1970, $0.time.secondsSince1970 + $0.averagingSeconds]
                }
            ),
        ]
    }

    private var receptorPlaces: [Small] {
        [
            place(Names.longitude, [("long_name", "longitude of the receptor"), ("units", "degrees_east")]) {
                $0.longitude
            },
            place(Names.latitude, [("long_name", "latitude of the receptor"), ("units", "degrees_north")]) {
                $0.latitude
            },
            place(
                Names.height,
                [
                    ("long_name", "height of the receptor above ground"), ("standard_name", "height"),
                    ("units", "m"), ("positive", "up"),
                ]
            ) { $0.heightMetres },
            place(
                Names.weight,
                [("long_name", "what the receptor's particles count for"), ("units", "1")]
            ) { $0.weight },
            place(
                Names.secondsAfter,
                [("long_name", "seconds from the receptor's time to its place"), ("units", "s")]
            ) { $0.secondsAfter },
        ]
    }

    private func place(
        _ name: String,
        _ attributes: [(String, NetCDFAttribute)],
        _ value: (ReceptorPoint) -> Double
    ) -> Small {
        Small(
            name: name,
            type: .double,
            dimensions: ["receptor"],
            attributes: attributes + [("_FillValue", .double(Self.fill))],
            numbers: index.receptors.map { $0.place.map(value) ?? Self.fill }
        )
    }

    private func variable(_ variable: ReceptorVariable) -> Small {
        let comment: [(String, NetCDFAttribute)] =
            variable.comment.isEmpty ? [] : [("comment", .text(variable.comment))]
        return Small(
            name: variable.name,
            type: .double,
            dimensions: ["receptor"],
            attributes: [
                ("long_name", .text(variable.longName)), ("units", .text(variable.unit)),
                ("_FillValue", .double(Self.fill)),
            ] + comment,
            numbers: variable.values.map { $0.isFinite ? $0 : Self.fill }
        )
    }

    private var layerVariables: [Small] {
        var starts = index.layers.map { $0.emission?.start.secondsSince1970 ?? Self.fill }
        var ends = index.layers.map { $0.emission?.end.secondsSince1970 ?? Self.fill }
        var kinds = index.layers.map { Double($0.kind.rawValue) }
        if starts.isEmpty { (starts, ends, kinds) = ([Self.fill], [Self.fill], [1]) }
        var attributes: [(String, NetCDFAttribute)] = [
            ("long_name", "start of the emissions of a layer"), ("standard_name", "time"),
            ("units", .text(Names.timeUnit)), ("calendar", "proleptic_gregorian"),
            ("bounds", .text(Names.emission)),
        ]
        if hasTimeAxis {
            attributes.append(("axis", "T"))
        } else {
            attributes.append(("_FillValue", .double(Self.fill)))
        }
        return [
            Small(
                name: hasTimeAxis ? "time" : "emission_time",
                type: .double,
                dimensions: [layerDimension],
                attributes: attributes,
                numbers: starts
            ),
            Small(
                name: Names.emission,
                type: .double,
                dimensions: [layerDimension, "nv"],
                attributes: [],
                numbers: zip(starts, ends).flatMap { [$0, $1] }
            ),
            Small(
                name: Names.kind,
                type: .int32,
                dimensions: [layerDimension],
                attributes: [
                    ("long_name", "what the emissions of a layer are"),
                    ("flag_values", .integers([0, 1, 2])),
                    ("flag_meanings", "of_its_time of_all_times from_before_all_layers"),
                ],
                numbers: kinds
            ),
        ]
    }

    private var pointerVariable: Small {
        var pointers = [0.0]
        for layer in index.layers { pointers.append(pointers[pointers.count - 1] + Double(layer.count)) }
        if index.layers.isEmpty { pointers.append(0) }
        return Small(
            name: Names.pointer,
            type: .double,
            dimensions: ["layer_edge"],
            attributes: [
                ("long_name", "layer k holds the entries from foot_indptr[k] to foot_indptr[k + 1] - 1")
            ],
            numbers: pointers
        )
    }
}
