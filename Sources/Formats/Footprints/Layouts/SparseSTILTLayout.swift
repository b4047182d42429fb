import Foundation
import Geo
import NetCDF
import Quantities
import Transport

/// `ftp_YYYYMMDDHH_lon`, `_lat`, `_val`, `_indptr` of STILT v1: a set of sparse variables for each hour of a station.
///
/// Coordinates are lower left corners (`lon_ll`, `lon_res`, `numpix_x`...). Elements `indptr[k]..<indptr[k + 1]` belong
/// to the hour from k + 1 to k hours before the release.
struct SparseSTILTLayout: FootprintLayout {
    let head: FootprintHead
    /// `ftp_YYYYMMDDHH_` for each receptor.
    private let prefixes: [String]
    private let factor: Double

    init(_ file: borrowing NetCDFFile) throws(NetCDFError) {
        let cells = try Self.cells(file)
        let ending = "_indptr"
        prefixes = try file.variableNames().filter { $0.hasPrefix("ftp_") && $0.hasSuffix(ending) }
            .map { String($0.dropLast(ending.count - 1)) }.sorted()
        let named = try Self.place(file)
        var receptors: [FootprintReceptor] = []
        for prefix in prefixes {
            guard let time = STILTIdentifier.moment(prefix.dropFirst(4).dropLast() + "00") else {
                throw file.unexpected("`\(prefix)` tells no hour", prefix + "indptr")
            }
            receptors.append(FootprintReceptor(name: named.name, time: time, place: named.place))
        }
        let value = (prefixes.first ?? "ftp_") + "val"
        // Files come without a unit; STILT has one alone.
        factor = file.text("units", of: value) == nil ? 1 : try file.footprintFactor(of: value)
        head = FootprintHead(
            kind: .icosSparse,
            source: file.text("model") ?? "STILT",
            cells: cells,
            receptors: receptors,
            isResolved: true
        )
    }

    private static func cells(_ file: borrowing NetCDFFile) throws(NetCDFError) -> FootprintCells {
        var numbers: [Double] = []
        for name in ["lon_ll", "lon_res", "numpix_x", "lat_ll", "lat_res", "numpix_y"] {
            let value = file.number(name) ?? file.text(name).flatMap { Double($0.trimmed) }
            guard let value, value.isFinite else {
                throw NetCDFError(.absent("no number `\(name)`"), path: file.path)
            }
            numbers.append(value)
        }
        guard let columns = Int(exactly: numbers[2]), let rows = Int(exactly: numbers[5]),
            (1...100_000).contains(columns), (1...100_000).contains(rows), rows * columns <= Int(Int32.max),
            let longitude = UniformAxis(origin: numbers[0], step: numbers[1], count: columns),
            let latitude = UniformAxis(origin: numbers[3], step: numbers[4], count: rows),
            let grid = LatitudeLongitudeGrid(latitude: latitude, longitude: longitude)
        else {
            throw NetCDFError(.unexpected("corner, step and number of cells form no grid"), path: file.path)
        }
        return FootprintCells(.longitudeLatitude(grid))
    }

    /// `Footprints_receptor` is `site: HTM; lat: 56.10; ...`, `sampling_height` `150 meters above ground`; an older
    /// name of the file, `footprint_HTM_202106.nc`, stands in `Filename`.
    private static func place(
        _ file: borrowing NetCDFFile
    ) throws(NetCDFError) -> (name: String, place: ReceptorPoint?) {
        var fields: [(key: String, value: String)] = []
        for part in (file.text("Footprints_receptor") ?? "").split(separator: ";") {
            let sides = part.split(separator: ":", maxSplits: 1).map { String($0).trimmed }
            if sides.count == 2 { fields.append((sides[0].lowercased(), sides[1])) }
        }
        func number(_ key: String) -> Double? {
            fields.first { $0.key.hasPrefix(key) }
                .flatMap { Double($0.value.prefix { $0.isNumber || "+-.".contains($0) }) }
        }
        let fileName = file.text("Filename") ?? FileProvenance.Input.name(ofFile: file.path)
        let parts = fileName.split(separator: "_").map(String.init)
        let stem = String(parts.first?.split(separator: ".").first ?? "")
        let name = fields.first?.value ?? (parts.count > 1 ? parts[1] : stem)
        let height = (file.text("sampling_height") ?? "").split(separator: " ").first.flatMap { Double($0) }
        let place = ReceptorPoint.checked(
            longitude: number("lon"),
            latitude: number("lat"),
            heightMetres: height
        )
        return (name, place)
    }

    func read(
        _ index: Int,
        resolved: Bool,
        _ file: borrowing NetCDFFile
    ) throws(NetCDFError) -> ReadFootprint {
        let prefix = prefixes[index]
        let ends = try file.doubles(prefix + "indptr")
        let values = try file.doubles(prefix + "val")
        let longitudes = try file.doubles(prefix + "lon", shape: [values.count])
        let latitudes = try file.doubles(prefix + "lat", shape: [values.count])
        guard ends.contains(where: \.isFinite) else {
            throw file.missingFootprint(head.receptors[index], prefix + "indptr")
        }
        let pointers = ends.compactMap { Int(exactly: $0) }
        let isAscending = zip(pointers, pointers.dropFirst()).allSatisfy { $0 <= $1 }
        guard pointers.count == ends.count, isAscending, pointers.first == 0, pointers.last == values.count
        else {
            throw file.unexpected("does not divide \(values.count) elements", prefix + "indptr")
        }
        let cells = try cells(longitudes, latitudes, prefix, file)
        var layers: [FootprintLayer] = []
        for hour in 0..<(pointers.count - 1) {
            let start = head.receptors[index].time.later(bySeconds: -3600 * Double(hour + 1))
            guard let emission = start?.period(seconds: 3600) else {
                throw file.unexpected("hour \(hour) lies at no time", prefix + "indptr")
            }
            let entries = (pointers[hour]..<pointers[hour + 1]).map {
                (cell: cells[$0], value: values[$0] * factor)
            }
            layers.append(FootprintCells.layer(entries, emission: emission))
        }
        guard values.allSatisfy(\.isFinite) else {
            throw file.unexpected("a value is missing", prefix + "val")
        }
        if !resolved { layers = [STILTLayout.sum(layers)] }
        return ReadFootprint(footprint: footprint(index, layers: layers), missing: 0)
    }

    private func cells(
        _ longitudes: [Double],
        _ latitudes: [Double],
        _ prefix: String,
        _ file: borrowing NetCDFFile
    ) throws(NetCDFError) -> [Int32] {
        guard let grid = head.cells.grid.longitudeLatitude else { return [] }
        let (halfLongitude, halfLatitude) = (grid.longitude.step / 2, grid.latitude.step / 2)
        var cells: [Int32] = []
        for (longitude, latitude) in zip(longitudes, latitudes) {
            // The middle is asked for: the corner itself lies, by rounding, on either side of an edge.
            let cell = grid.cell(longitude: longitude + halfLongitude, latitude: latitude + halfLatitude)
            guard let cell else {
                throw file.unexpected("\(longitude), \(latitude) lies outside the grid", prefix + "lon")
            }
            cells.append(Int32(cell))
        }
        return cells
    }
}
