import Geo
import NetCDF
import PROJ
import Quantities
import Transport

/// Our own files, as ``FootprintWriter`` writes them.
struct CrosswindLayout: FootprintLayout {
    let head: FootprintHead
    private typealias Names = FootprintLayoutNames
    /// First layer of each receptor, and the end of the last.
    private let firstLayers: [Int]
    private let kinds: [FootprintLayoutNames.Layer]
    private let emissions: [Period?]
    /// First entry of each layer and the end of the last; nil in a dense file.
    private let pointers: [Int]?
    private let factor: Double
    private let edges: BoundaryReader?

    init(_ file: borrowing NetCDFFile) throws(NetCDFError) {
        let version = file.text(Names.marker) ?? ""
        guard version == Names.version else {
            throw NetCDFError(
                .unfit("layout `\(version)` is of a later version", remedy: "use a newer crosswind"),
                path: file.path
            )
        }
        let cells = FootprintCells(try Self.grid(file))
        let receptors = try Self.receptors(file)
        kinds = try Self.kinds(file)
        emissions = try Self.emissions(file, kinds)
        firstLayers = try Self.firstLayers(file, receptors: receptors.count, layers: kinds.count)
        let isSparse = file.hasVariable(Names.value)
        pointers = isSparse ? try Self.pointers(file, layers: kinds.count, cells: cells.count) : nil
        factor = try file.footprintFactor(of: isSparse ? Names.value : Names.foot)
        if !isSparse {
            let shape = try file.shape(of: Names.foot)
            guard shape == [kinds.count, cells.grid.rows, cells.grid.columns] else {
                throw file.unexpected("shape \(shape) does not fit the axes", Names.foot)
            }
        }
        let isResolved = kinds.contains { $0 == .resolved }
        edges = try BoundaryReader(
            file,
            cells: cells,
            latitude: cells.grid.projected == nil ? "latitude" : "y",
            longitude: cells.grid.projected == nil ? "longitude" : "x",
            along: "receptor",
            height: "boundary_height"
        )
        head = FootprintHead(
            kind: .crosswind,
            source: file.text("software") ?? "",
            cells: cells,
            receptors: receptors,
            isResolved: isResolved,
            hasBoundary: edges != nil
        )
    }

    // MARK: - Head

    private static func grid(_ file: borrowing NetCDFFile) throws(NetCDFError) -> CellGrid {
        let isProjected = file.hasVariable("y") && file.hasVariable("x")
        let along = try axis(file, isProjected ? "y" : "latitude")
        let across = try axis(file, isProjected ? "x" : "longitude")
        let (count, overflow) = along.count.multipliedReportingOverflow(by: across.count)
        guard !overflow, count <= Int(Int32.max) else {
            throw NetCDFError(.unexpected("the grid has too many cells"), path: file.path)
        }
        guard isProjected else {
            guard let grid = LatitudeLongitudeGrid(latitude: along, longitude: across) else {
                throw file.unexpected("the axes form no grid on Earth", "latitude")
            }
            return .longitudeLatitude(grid)
        }
        let text = file.text("crs_wkt", of: "crs") ?? ""
        do {
            let projection = try MapProjection.find(text).projection
            return .projected(ProjectedGrid(projection: projection, x: across, y: along))
        } catch {
            throw file.unexpected("projection: \(error.what)", "crs")
        }
    }

    private static func axis(_ file: borrowing NetCDFFile, _ name: String) throws(NetCDFError) -> UniformAxis
    {
        let shape = try file.shape(of: name)
        guard shape.count == 1, let origin = file.number("axis_origin", of: name),
            let step = file.number("axis_step", of: name),
            let axis = UniformAxis(origin: origin, step: step, count: shape[0])
        else { throw file.unexpected("no axis with `axis_origin` and `axis_step`", name) }
        return axis
    }

    private static func receptors(_ file: borrowing NetCDFFile) throws(NetCDFError) -> [FootprintReceptor] {
        let names = try file.texts(Names.receptor)
        let shape = [names.count]
        let times = try file.instants(try file.doubles(Names.time, shape: shape), of: Names.time)
        let bounds = try file.doubles(Names.timeBounds, shape: shape + [2])
        var columns: [[Double]] = []
        for name in [Names.longitude, Names.latitude, Names.height, Names.weight, Names.secondsAfter] {
            columns.append(try file.doubles(name, shape: shape))
        }
        guard !names.isEmpty, bounds.allSatisfy(\.isFinite) else {
            throw file.unexpected("a receptor has no time", Names.timeBounds)
        }
        return names.indices.map { index in
            let numbers = columns.map { $0[index] }
            let place = ReceptorPoint(
                longitude: numbers[0],
                latitude: numbers[1],
                heightMetres: numbers[2],
                weight: numbers[3],
                secondsAfter: numbers[4]
            )
            return FootprintReceptor(
                name: names[index],
                time: times[index],
                averagingSeconds: max(0, bounds[2 * index + 1] - bounds[2 * index]),
                place: numbers.allSatisfy(\.isFinite) ? place : nil
            )
        }
    }

    private static func kinds(_ file: borrowing NetCDFFile) throws(NetCDFError) -> [FootprintLayoutNames
        .Layer]
    {
        var kinds: [FootprintLayoutNames.Layer] = []
        for number in try file.integers(Names.kind) {
            guard let kind = Int(exactly: number).flatMap(FootprintLayoutNames.Layer.init) else {
                throw file.unexpected("a layer is of kind \(number)", Names.kind)
            }
            kinds.append(kind)
        }
        return kinds
    }

    private static func emissions(
        _ file: borrowing NetCDFFile,
        _ kinds: [FootprintLayoutNames.Layer]
    ) throws(NetCDFError) -> [Period?] {
        let bounds = try file.doubles(Names.emission, shape: [kinds.count, 2])
        var emissions: [Period?] = []
        for (layer, kind) in kinds.enumerated() {
            let (first, last) = (bounds[2 * layer], bounds[2 * layer + 1])
            let start = Instant(secondsSince1970: first)
            let end = Instant(secondsSince1970: last)
            if let start, let end, start <= end {
                emissions.append(Period(start: start, end: end))
            } else if kind != .resolved, first.isNaN, last.isNaN {
                emissions.append(nil)
            } else {
                throw file.unexpected("layer \(layer) lies at no time", Names.emission)
            }
        }
        return emissions
    }

    private static func firstLayers(
        _ file: borrowing NetCDFFile,
        receptors: Int,
        layers: Int
    ) throws(NetCDFError) -> [Int] {
        let counts = try file.integers(Names.layerCount)
        var firsts = [0]
        for count in counts where firsts[firsts.count - 1] <= layers {
            firsts.append(firsts[firsts.count - 1] + Int(max(0, min(count, Int64(layers) + 1))))
        }
        let total = firsts[firsts.count - 1]
        // A file without layers holds one that no receptor has.
        guard firsts.count == receptors + 1, total == layers || (total == 0 && layers == 1),
            counts.allSatisfy({ $0 >= 0 })
        else {
            throw file.unexpected("\(layers) layers are not divided among the receptors", Names.layerCount)
        }
        return firsts
    }

    private static func pointers(
        _ file: borrowing NetCDFFile,
        layers: Int,
        cells: Int
    ) throws(NetCDFError) -> [Int] {
        let entries = try file.shape(of: Names.value).first ?? 0
        let pointers = try file.doubles(Names.pointer).compactMap { Int(exactly: $0) }
        guard pointers.count == layers + 1, pointers[0] == 0, pointers[layers] <= entries,
            zip(pointers, pointers.dropFirst()).allSatisfy({ $0 <= $1 && $1 - $0 <= cells })
        else { throw file.unexpected("does not divide \(entries) entries", Names.pointer) }
        return pointers
    }

    // MARK: - Footprints

    func boundary(_ index: Int, _ file: borrowing NetCDFFile) throws(NetCDFError) -> BoundarySensitivity? {
        try edges?.read(index, of: head.receptors[index], file)
    }

    func read(
        _ index: Int,
        resolved: Bool,
        _ file: borrowing NetCDFFile
    ) throws(NetCDFError) -> ReadFootprint {
        let range = firstLayers[index]..<firstLayers[index + 1]
        var layers: [FootprintLayer]
        if let pointers {
            layers = try sparse(range, pointers, file)
        } else {
            layers = try dense(range, file)
        }
        var residual: FootprintLayer?
        if range.last.map({ kinds[$0] }) == .residual { residual = layers.popLast() }
        if !resolved, layers.count + (residual == nil ? 0 : 1) > 1 {
            layers = [STILTLayout.sum(layers + (residual.map { [$0] } ?? []))]
            residual = nil
        }
        return ReadFootprint(footprint: footprint(index, layers: layers, residual: residual), missing: 0)
    }

    private func dense(
        _ range: Range<Int>,
        _ file: borrowing NetCDFFile
    ) throws(NetCDFError) -> [FootprintLayer] {
        let grid = head.cells.grid
        var layers: [FootprintLayer] = []
        for layer in range {
            let shape = [1, grid.rows, grid.columns]
            let values = try file.doubles(Names.foot, start: [layer, 0, 0], shape: shape)
            let read = head.cells.layer(values, factor: factor, emission: emissions[layer])
            guard read.missing == 0 else {
                throw file.unexpected("layer \(layer) has missing values", Names.foot)
            }
            layers.append(read.layer)
        }
        return layers
    }

    private func sparse(
        _ range: Range<Int>,
        _ pointers: [Int],
        _ file: borrowing NetCDFFile
    ) throws(NetCDFError) -> [FootprintLayer] {
        let first = pointers[range.lowerBound]
        let count = pointers[range.upperBound] - first
        let values = try file.doubles(Names.value, start: [first], shape: [count])
        let cells = try file.doubles(Names.cell, start: [first], shape: [count])
        guard values.allSatisfy(\.isFinite) else { throw file.unexpected("a value is missing", Names.value) }
        var layers: [FootprintLayer] = []
        for layer in range {
            let entries = (pointers[layer] - first)..<(pointers[layer + 1] - first)
            let whole = cells[entries].compactMap { Int32(exactly: $0) }
            let isAscending = zip(whole, whole.dropFirst()).allSatisfy { $0 < $1 }
            guard whole.count == entries.count, isAscending, (whole.first ?? 0) >= 0,
                Int(whole.last ?? 0) < head.cells.count
            else { throw file.unexpected("cells of layer \(layer) do not ascend on the grid", Names.cell) }
            layers.append(
                FootprintLayer(
                    emission: emissions[layer],
                    cells: whole,
                    values: values[entries].map { $0 * factor }
                )
            )
        }
        return layers
    }
}
