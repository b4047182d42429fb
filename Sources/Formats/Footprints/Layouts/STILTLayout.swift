import Geo
import NetCDF
import Quantities
import Transport

/// `foot(time, lat, lon)` of STILT-R, PYSTILT and the ICOS Carbon Portal: one receptor in a file.
///
/// The stamp of a layer is where its hour starts: run time + layer x 3600 s, so -1 h for the first hour back. A
/// footprint integrated over time has one layer, stamped with the run time itself.
struct STILTLayout: FootprintLayout {
    let head: FootprintHead
    private let slabs: SlabReader
    private let factor: Double
    /// When each layer's emissions took place; nil for one integrated over time.
    private let emissions: [Period]?

    init(_ file: borrowing NetCDFFile) throws(NetCDFError) {
        try Self.refuseEmpty(file)
        let (cells, order) = try Self.cells(file)
        slabs = try SlabReader(file, "foot", along: "time", order: order)
        factor = try file.footprintFactor(of: "foot")
        let kind = Self.kind(file)
        let stamps = try file.instants(try file.doubles("time", shape: [slabs.count]), of: "time")
        var warnings: [String] = []
        var receptor = Self.receptor(file, kind, cells.grid)
        if receptor == nil {
            let latest = stamps.max() ?? Instant(microseconds: 0)
            let time = stamps.count > 1 ? latest.later(bySeconds: 3600) ?? latest : latest
            receptor = FootprintReceptor(name: Self.stem(file.path), time: time)
            warnings.append("neither content nor file name tell the receptor; its time is that of the layers")
        }
        // The first hour back would be stamped an hour before; run times may have seconds that the name leaves out.
        let isIntegrated =
            stamps.count == 1 && abs(stamps[0].seconds(since: receptor?.time ?? stamps[0])) < 1800
        if isIntegrated {
            emissions = nil
        } else {
            var periods: [Period] = []
            for stamp in stamps {
                guard let period = stamp.period(seconds: 3600) else {
                    throw file.unexpected("a layer lies at no time", "time")
                }
                periods.append(period)
            }
            emissions = periods
        }
        head = FootprintHead(
            kind: kind,
            source: file.text("title") ?? file.text("source") ?? "",
            cells: cells,
            receptors: receptor.map { [$0] } ?? [],
            isResolved: !isIntegrated,
            warnings: warnings + Self.warnings(kind, cells)
        )
    }

    private static func kind(_ file: borrowing NetCDFFile) -> FootprintFileKind {
        if file.text("stilt_receptor", of: "foot") != nil { return .pystilt }
        let units = (file.text("units", of: "time") ?? "").lowercased()
        return units.hasPrefix("days since 2000-01-01") ? .icosAggregated : .stilt
    }

    private static func warnings(_ kind: FootprintFileKind, _ cells: FootprintCells) -> [String] {
        guard kind == .icosAggregated, let grid = cells.grid.longitudeLatitude else { return [] }
        let corner = (grid.longitude.centre(0), grid.latitude.centre(0))
        // -15 to 34.875 in steps of 1/8 looks like corners of -15 to 35, but the files call them centres.
        guard corner.0.rounded() == corner.0, corner.1.rounded() == corner.1 else { return [] }
        return [
            "coordinates start at whole degrees; they are taken as centres of cells, as the file labels them"
        ]
    }

    /// PYSTILT writes a file without cells where no particle reached the grid, and why.
    private static func refuseEmpty(_ file: borrowing NetCDFFile) throws(NetCDFError) {
        let shape = file.hasVariable("foot") ? try file.shape(of: "foot") : [0]
        let hasCells = !shape.contains(0)
        if hasCells { return }
        let places = file.hasVariable("foot") ? ["foot", nil] : [nil]
        let keys = ["stilt_empty_reason", "empty_reason", "reason", "comment"]
        var reason = "no particle reached the grid"
        for place in places.reversed() {
            for key in keys.reversed() { reason = file.text(key, of: place) ?? reason }
        }
        throw NetCDFError(
            .unfit(
                "the footprint is empty (\(reason))",
                remedy: "leave that receptor out, or run it on a wider grid"
            ),
            path: file.path,
            variable: "foot"
        )
    }

    private static func cells(
        _ file: borrowing NetCDFFile
    ) throws(NetCDFError) -> (FootprintCells, [String]) {
        let names = try file.dimensionNames(of: "foot")
        if names.contains("x"), names.contains("y") {
            let given =
                file.text("crs") ?? file.text("crs_wkt", of: "crs") ?? file.text("spatial_ref", of: "crs")
            guard let definition = given ?? file.text("projection") else {
                throw file.unexpected("the grid has x and y, and the file no projection (`crs`)", "foot")
            }
            let cells = try FootprintCells(file, x: "x", y: "y", projection: definition)
            return (cells, ["y", "x"])
        }
        let latitude = names.first { ["lat", "latitude"].contains($0) } ?? "lat"
        let longitude = names.first { ["lon", "longitude"].contains($0) } ?? "lon"
        return (try FootprintCells(file, latitude: latitude, longitude: longitude), [latitude, longitude])
    }

    private static func receptor(
        _ file: borrowing NetCDFFile,
        _ kind: FootprintFileKind,
        _ grid: CellGrid
    ) -> FootprintReceptor? {
        let name = FileProvenance.Input.name(ofFile: file.path)
        switch kind {
        case .pystilt:
            let id = (try? file.texts("receptor").first) ?? stem(name)
            return file.text("stilt_receptor", of: "foot")
                .flatMap { STILTIdentifier.receptor(json: $0, name: id, path: file.path) }
        case .icosAggregated: return STILTIdentifier.icosReceptor(ofFile: name)
        default: return STILTIdentifier.receptor(ofFile: name, on: grid)
        }
    }

    private static func stem(_ path: String) -> String {
        FileProvenance.Input.name(ofFile: path).split(separator: ".").first.map(String.init) ?? path
    }

    func read(
        _ index: Int,
        resolved: Bool,
        _ file: borrowing NetCDFFile
    ) throws(NetCDFError) -> ReadFootprint {
        var layers: [FootprintLayer] = []
        var (missing, total) = (0, 0)
        for slot in 0..<slabs.count {
            let values = try slabs.slab(slot, file)
            let read = head.cells.layer(values, factor: factor, emission: emissions?[slot])
            layers.append(read.layer)
            (missing, total) = (missing + read.missing, total + values.count)
        }
        guard missing < total else { throw file.missingFootprint(head.receptors[index], "foot") }
        if !resolved, emissions != nil { layers = [Self.sum(layers)] }
        return ReadFootprint(footprint: footprint(index, layers: layers), missing: missing)
    }

    static func sum(_ layers: [FootprintLayer]) -> FootprintLayer {
        let entries = layers.flatMap { layer in zip(layer.cells, layer.values).map { (cell: $0, value: $1) } }
        return FootprintCells.layer(entries, emission: nil)
    }
}
