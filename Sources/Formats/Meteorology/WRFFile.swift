import Foundation
import Geo
import NetCDF
import Quantities

/// What one wrfout file holds: its times, its size and its map.
struct WRFFile: Sendable {
    let path: String
    let times: [Instant]
    let columns: Int
    let rows: Int
    let levels: Int
    let map: WRFMap
    private let hasStaticPlaces: Bool

    @NetCDFThread
    init(_ path: String) throws(MeteorologyError) {
        do throws(NetCDFError) {
            let file = try NetCDFFile(reading: path)
            self.path = path
            times = try Self.times(file)
            let shape = try file.shape(of: "T")
            let places = try file.shape(of: "XLAT")
            guard shape.count == 4, shape[0] == times.count, shape[1] > 1, shape[2] > 1, shape[3] > 1,
                places.suffix(2) == shape.suffix(2)
            else {
                throw NetCDFError(
                    .unexpected("shape is \(shape), expected time, levels, rows and columns"),
                    path: path,
                    variable: "T"
                )
            }
            (levels, rows, columns) = (shape[1], shape[2], shape[3])
            hasStaticPlaces = places.count == 2
            map = WRFMap(file)
        } catch { throw .netCDF(error) }
    }

    @NetCDFThread
    private static func times(_ file: borrowing NetCDFFile) throws(NetCDFError) -> [Instant] {
        var times: [Instant] = []
        for text in try file.texts("Times") {
            guard let time = Instant(iso8601: text.replacing("_", with: "T") + "Z") else {
                throw NetCDFError(.unexpected("`\(text)` is not a time"), path: file.path, variable: "Times")
            }
            times.append(time)
        }
        return times
    }

    /// Longitudes and latitudes of all cells at a time.
    @NetCDFThread
    func places(at time: Int) throws(NetCDFError) -> GeographicPoints {
        let file = try NetCDFFile(reading: path)
        let start = hasStaticPlaces ? [0, 0] : [time, 0, 0]
        let shape = hasStaticPlaces ? [rows, columns] : [1, rows, columns]
        return GeographicPoints(
            longitudes: try file.doubles("XLONG", start: start, shape: shape),
            latitudes: try file.doubles("XLAT", start: start, shape: shape)
        )
    }
}

/// The map of a domain by the attributes of its files.
struct WRFMap: Equatable, Sendable {
    /// Of the sphere that WRF takes, m.
    static let radiusMetres = 6_370_000.0

    /// 1 Lambert, 2 polar stereographic, 3 Mercator, 6 longitude and latitude.
    let kind: Int
    let stepAcross: Double
    let stepAlong: Double
    let trueLatitudes: (first: Double, second: Double)
    let centralLongitude: Double
    let originLatitude: Double
    let pole: (latitude: Double, longitude: Double)

    @NetCDFThread
    init(_ file: borrowing NetCDFFile) {
        func number(_ name: String, _ file: borrowing NetCDFFile) -> Double? {
            file.number(name, ofGroup: "")
        }
        kind = number("MAP_PROJ", file).flatMap { Int(exactly: $0) } ?? 0
        stepAcross = number("DX", file) ?? .nan
        stepAlong = number("DY", file) ?? .nan
        let first = number("TRUELAT1", file) ?? .nan
        trueLatitudes = (first, number("TRUELAT2", file) ?? first)
        centralLongitude = number("STAND_LON", file) ?? .nan
        originLatitude = number("MOAD_CEN_LAT", file) ?? first
        pole = (number("POLE_LAT", file) ?? 90, number("POLE_LON", file) ?? 0)
    }

    static func == (a: WRFMap, b: WRFMap) -> Bool {
        (a.kind, a.stepAcross, a.stepAlong) == (b.kind, b.stepAcross, b.stepAlong)
            && a.trueLatitudes == b.trueLatitudes && a.centralLongitude == b.centralLongitude
            && a.pole == b.pole
    }

    /// Nil for a grid of longitude and latitude, and where the library cannot compute it.
    var projection: MapProjection? {
        let (first, second) = trueLatitudes
        let definition: (text: String, name: String)? =
            switch kind {
            case 1:
                (
                    "+proj=lcc +lat_1=\(first) +lat_2=\(second) +lat_0=\(originLatitude)",
                    "Lambert conformal on WRF's sphere"
                )
            case 2:
                (
                    "+proj=stere +lat_0=\(first < 0 ? -90 : 90) +lat_ts=\(first)",
                    "polar stereographic on WRF's sphere"
                )
            case 3: ("+proj=merc +lat_ts=\(first)", "Mercator on WRF's sphere")
            default: nil
            }
        guard let definition, centralLongitude.isFinite, first.isFinite else { return nil }
        return MapProjection.onSphere(
            definition.text + " +lon_0=\(centralLongitude)",
            radiusMetres: Self.radiusMetres,
            name: definition.name
        )
    }
}
