import Foundation
import Geo
import NetCDF
import Quantities
import TestSupport
import Testing
import Transport

@testable import Formats

/// Numbers expected by the formulas of wrf-python (`wrf.g_geoht`, `wrf.g_pressure`, `wrf.g_temp`, destaggering) in
/// numpy.
@Suite struct WRFReadingTests {
    static let path = Places.shared("met/wrf/wrfout_katrina_subset.nc")?.path ?? ""
    static var hasData: Bool { !path.isEmpty }
    static let time = Instant(CivilTime(year: 2005, month: 8, day: 28, hour: 15))

    private func nest(box: BoundingBox? = nil) async throws -> any MeteorologySource {
        let window = Period(start: Self.time, end: Self.time)
        return try await MeteorologyFiles.open([Self.path], window: window, box: box, marginCells: 1)
    }

    @Test(.enabled(if: hasData)) func theNestThatFollowsAStormIsRefused() async throws {
        let error = try await #require(throws: MeteorologyError.self) {
            _ = try await MeteorologyFiles.open([Self.path])
        }
        #expect(error.line.contains("moves between 2005-08-28T12:00:00Z and 2005-08-28T15:00:00Z"))
    }

    @Test(.enabled(if: hasData)) func valuesAreThoseOfTheFile() async throws {
        let source = try await nest()
        #expect(source.times == [Self.time] && source.grid.rows == 48)
        let hour = try await source.hour(at: 0)
        let (cells, cell) = (48 * 48, 20 * 48 + 30)
        func at(_ values: [Float], _ level: Int) -> Double { Double(values[level * cells + cell]) }
        #expect(abs(at(hour.heightMetres, 0) - 30.319566) < 1e-2)
        #expect(abs(at(hour.heightMetres, 5) - 697.01876) < 1e-2)
        #expect(abs(at(hour.heightMetres, 13) - 5569.7113) < 1e-2)
        #expect(abs(at(hour.pressurePascal, 0) - 99361.367) < 0.1)
        #expect(abs(at(hour.pressurePascal, 13) - 51541.824) < 0.1)
        #expect(abs(at(hour.temperatureKelvin, 0) - 302.05458) < 1e-3)
        #expect(abs(at(hour.temperatureKelvin, 13) - 270.79085) < 1e-3)
        #expect(abs(at(hour.alongColumns, 0) - 15.79578) < 1e-4)
        #expect(abs(at(hour.alongRows, 0) + 1.549027) < 1e-4)
        #expect(abs(at(hour.upward, 3) + 0.0309652) < 1e-6)
        #expect(abs(at(hour.specificHumidity, 0) - 0.02084003) < 1e-7)
    }

    @Test(.enabled(if: hasData)) func theGridReproducesThePlacesOfTheFile() async throws {
        let source = try await nest()
        let place = source.grid.centres(of: [20 * 48 + 30])
        // A thousandth of a cell of 10 km is 9e-5 degrees.
        #expect(abs(place.latitudes[0] - 23.711536) < 5e-5 && abs(place.longitudes[0] + 89.494705) < 5e-5)
        let grid = try #require(source.grid.projected)
        #expect(grid.x.step == 10_000 && grid.projection.semiMajorAxisMetres == 6_370_000)
    }

    @Test(.enabled(if: hasData)) func aBoxCutsTheStaggeredFieldsToo() async throws {
        let box = try #require(BoundingBox(west: -89.6, south: 23.6, east: -89.4, north: 23.8))
        let (part, whole) = (try await nest(box: box), try await nest())
        let (a, b) = (try await part.hour(at: 0), try await whole.hour(at: 0))
        let places = GeographicPoints(longitudes: [-89.494705], latitudes: [23.711536])
        let (i, j) = (try #require(part.grid.cells(holding: places)[0]), 20 * 48 + 30)
        #expect(part.grid.cellCount < 60)
        for level in 0..<14 {
            let (x, y) = (level * part.grid.cellCount + i, level * 48 * 48 + j)
            #expect(a.alongColumns[x] == b.alongColumns[y] && a.alongRows[x] == b.alongRows[y])
            #expect(a.upward[x] == b.upward[y] && a.heightMetres[x] == b.heightMetres[y])
        }
    }

    /// Places of a Lambert and a polar stereographic grid by the formulas of Snyder 1987 (eqs. 15-1 to 15-11 and 21-4
    /// to 21-8 on the sphere), computed here without the projection library.
    @Test(arguments: [1, 2]) func otherMapsAreFoundFromTheirPlaces(kind: Int) async throws {
        let folder = try TemporaryFolder()
        let sample = WRFSample(kind: kind)
        let path = folder.file("wrfout").path
        try await sample.write(path)
        let source = try await MeteorologyFiles.open([path])
        #expect(source.times.count == 2)
        let places = source.grid.centres(of: Array(0..<source.grid.cellCount))
        for (index, place) in sample.places.enumerated() {
            #expect(abs(places.longitudes[index] - place.longitude) < 3e-5)
            #expect(abs(places.latitudes[index] - place.latitude) < 3e-5)
        }
        let hour = try await source.hour(at: 1)
        #expect(hour.alongColumns.allSatisfy { $0 == 4 } && hour.surface.sensibleHeatFlux.isEmpty)
        var wrong = sample
        wrong.standardLongitude += 1
        try await wrong.write(path, places: sample.places)
        let error = try await #require(throws: MeteorologyError.self) {
            _ = try await MeteorologyFiles.open([path])
        }
        #expect(error.line.contains("do not lie on the map"))
    }

    @Test func rotatedGridsAreRefused() async throws {
        let folder = try TemporaryFolder()
        var sample = WRFSample(kind: 1)
        sample.declaredKind = 6
        let path = folder.file("wrfout").path
        try await sample.write(path)
        let error = try await #require(throws: MeteorologyError.self) {
            _ = try await MeteorologyFiles.open([path])
        }
        #expect(error.line.contains("rotated"))
    }
}

/// A small wrfout on a Lambert (1) or polar stereographic (2) map.
struct WRFSample: Sendable {
    let kind: Int
    var declaredKind: Int
    var standardLongitude = 105.0
    let columns = 6
    let rows = 5
    let levels = 3

    init(kind: Int) {
        self.kind = kind
        declaredKind = kind
    }

    private static let radius = 6_370_000.0
    private static let radian = Double.pi / 180

    var places: [(longitude: Double, latitude: Double)] {
        (0..<(columns * rows)).map { index in
            let (x, y) = (Double(index % columns) * 9000, Double(index / columns) * 9000)
            return kind == 1 ? lambert(x - 200_000, y + 100_000) : stereographic(x + 300_000, y - 2_500_000)
        }
    }

    /// True at 30 and 60 north, origin at 35 north.
    private func lambert(_ x: Double, _ y: Double) -> (Double, Double) {
        let (a, b, origin) = (30 * Self.radian, 60 * Self.radian, 35 * Self.radian)
        let n = log(cos(a) / cos(b)) / log(tan(.pi / 4 + b / 2) / tan(.pi / 4 + a / 2))
        let f = cos(a) * pow(tan(.pi / 4 + a / 2), n) / n
        let start = Self.radius * f / pow(tan(.pi / 4 + origin / 2), n)
        let rho = (x * x + (start - y) * (start - y)).squareRoot()
        let latitude = 2 * atan(pow(Self.radius * f / rho, 1 / n)) - .pi / 2
        return (standardLongitude + atan2(x, start - y) / n / Self.radian, latitude / Self.radian)
    }

    /// True at 60 north.
    private func stereographic(_ x: Double, _ y: Double) -> (Double, Double) {
        let scale = Self.radius * (1 + sin(60 * Self.radian))
        let rho = (x * x + y * y).squareRoot()
        let latitude = .pi / 2 - 2 * atan(rho / scale)
        return (standardLongitude + atan2(x, -y) / Self.radian, latitude / Self.radian)
    }

    @NetCDFThread
    func write(_ path: String, places: [(longitude: Double, latitude: Double)]? = nil) throws {
        var file = try NetCDFWriter(replacing: path)
        let sizes = [
            ("Time", 2), ("west_east", columns), ("south_north", rows), ("bottom_top", levels),
            ("west_east_stag", columns + 1), ("south_north_stag", rows + 1), ("bottom_top_stag", levels + 1),
        ]
        for (name, length) in sizes { try file.defineDimension(name, length: length) }
        let attributes: [(String, Double)] = [
            ("MAP_PROJ", Double(declaredKind)), ("DX", 9000), ("DY", 9000), ("TRUELAT1", kind == 1 ? 30 : 60),
            ("TRUELAT2", 60), ("STAND_LON", standardLongitude), ("MOAD_CEN_LAT", 35),
            ("POLE_LAT", declaredKind == 6 ? 40 : 90), ("POLE_LON", 0),
        ]
        for (name, value) in attributes { try file.setAttribute(name, .double(value)) }
        try file.defineVariable("Times", .string, dimensions: ["Time"], attributes: [])
        try file.write(["2020-01-01_00:00:00", "2020-01-01_01:00:00"], to: "Times")
        let places = places ?? self.places
        for (name, values) in [("XLAT", places.map(\.latitude)), ("XLONG", places.map(\.longitude))] {
            try file.defineVariable(
                name,
                .float,
                dimensions: ["Time", "south_north", "west_east"],
                attributes: []
            )
            try file.write(values + values, to: name)
        }
        try writeFields(&file)
        try file.commit()
    }

    @NetCDFThread
    private func writeFields(_ file: inout NetCDFWriter) throws {
        let flat = columns * rows
        let aloft: [(String, [String], Int, (Int) -> Double)] = [
            ("T", ["bottom_top", "south_north", "west_east"], flat, { _ in -10 }),
            ("P", ["bottom_top", "south_north", "west_east"], flat, { _ in 0 }),
            ("PB", ["bottom_top", "south_north", "west_east"], flat, { 95_000 - 5000 * Double($0) }),
            ("QVAPOR", ["bottom_top", "south_north", "west_east"], flat, { _ in 0.01 }),
            ("U", ["bottom_top", "south_north", "west_east_stag"], (columns + 1) * rows, { _ in 4 }),
            ("V", ["bottom_top", "south_north_stag", "west_east"], columns * (rows + 1), { _ in 1 }),
            ("W", ["bottom_top_stag", "south_north", "west_east"], flat, { _ in 0 }),
            ("PH", ["bottom_top_stag", "south_north", "west_east"], flat, { _ in 0 }),
            (
                "PHB", ["bottom_top_stag", "south_north", "west_east"], flat,
                { 9.81 * (200 + 400 * Double($0)) }
            ),
        ]
        for (name, dimensions, count, value) in aloft {
            try file.defineVariable(name, .float, dimensions: ["Time"] + dimensions, attributes: [])
            let depth = dimensions[0] == "bottom_top" ? levels : levels + 1
            let values = (0..<depth).flatMap { [Double](repeating: value($0), count: count) }
            try file.write(values + values, to: name)
        }
        for (name, value) in [("PSFC", 98_000.0), ("HGT", 200)] {
            try file.defineVariable(
                name,
                .float,
                dimensions: ["Time", "south_north", "west_east"],
                attributes: []
            )
            try file.write([Double](repeating: value, count: 2 * flat), to: name)
        }
    }
}
