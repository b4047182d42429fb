import Formats
import Foundation
import Geo
import NetCDF
import Quantities
import TestSupport
import Testing
import Transport

/// Layouts and traps that no real file at hand has.
@Suite struct FootprintLayoutTests {
    private typealias Variable = FootprintLayouts.Variable
    private let folder: TemporaryFolder
    private let start = FootprintExamples.start.secondsSince1970

    init() throws { folder = try TemporaryFolder() }

    private func path(_ name: String) -> String { folder.file(name).path }

    private func entries(_ layer: FootprintLayer) -> [Int32: Double] {
        Dictionary(uniqueKeysWithValues: zip(layer.cells, layer.values))
    }

    // MARK: - STILT

    @Test func southwardLatitudesAndLongitudesPast180LieAsTheGridDoes() async throws {
        let file = path("202403011200_-10_41_5_foot.nc")
        try await FootprintLayouts.stilt(
            file,
            y: ("lat", [42, 41, 40]),
            x: ("lon", [349, 350]),
            times: [start]
        )
        let footprint = try await FootprintData.footprints(file)[0]
        let grid = try #require(footprint.grid.longitudeLatitude)
        #expect(grid.longitude.centres == [-11, -10] && grid.latitude.centres == [40, 41, 42])
        // Rows of the file are 42, 41 and 40 degrees.
        #expect(entries(footprint.layers[0]) == [0: 4, 1: 5, 2: 2, 3: 3, 5: 1])
        #expect(footprint.place?.longitude == -10 && footprint.place?.latitude == 41)
    }

    @Test func longitudesAroundGreenwichGoOn() async throws {
        let file = path("202403011200_0_41_5_foot.nc")
        try await FootprintLayouts.stilt(
            file,
            y: ("lat", [40, 41]),
            x: ("lon", [359, 0, 1]),
            times: [start]
        )
        let head = try await FootprintData.head(file)
        #expect(head.grid.longitudeLatitude?.longitude.centres == [-1, 0, 1])
    }

    @Test func anIrregularAxisIsRefusedByName() async throws {
        let file = path("202403011200_0_41_5_foot.nc")
        try await FootprintLayouts.stilt(
            file,
            y: ("lat", [40, 41, 42.5]),
            x: ("lon", [0, 1]),
            times: [start]
        )
        let error = await #expect(throws: NetCDFError.self) { try await FootprintData.head(file) }
        #expect(error?.variable == "lat" && error?.what == "the axis is not equally spaced")
    }

    @Test func theOrderOfLongitudeAndLatitudeInANameIsThatWhichLiesOnTheGrid() async throws {
        for name in ["202403011200_40.5_20.5_5_foot.nc", "202403011200_20.5_40.5_5_foot.nc"] {
            let file = path(name)
            try await FootprintLayouts.stilt(
                file,
                y: ("lat", [40, 41]),
                x: ("lon", [20, 21]),
                times: [start]
            )
            let place = try await FootprintData.head(file).receptors[0].place
            #expect(place?.longitude == 20.5 && place?.latitude == 40.5)
        }
    }

    @Test func cellsOfTheFillValueAreMissingAndCounted() async throws {
        let file = path("202403011200_0_41_5_foot.nc")
        try await FootprintLayouts.stilt(
            file,
            y: ("lat", [40, 41]),
            x: ("lon", [0, 1]),
            times: [start],
            foot: [-1, 0.5, 0, 0.25]
        )
        #expect(try await FootprintData.footprints(file)[0].sum == 0.75)
        let inspection = try await FootprintInspection.inspect(file)
        #expect(inspection.missingCells == 1)
        #expect(inspection.warnings == ["1 cells without a value count as zero"])
    }

    @Test func aProjectedFootprintIsOnItsPlane() async throws {
        let file = path("202403011200_116.1_39.76_10_foot.nc")
        try await FootprintLayouts.stilt(
            file,
            y: ("y", [4_400_500, 4_401_500]),
            x: ("x", [420_500, 421_500, 422_500]),
            times: [start - 3600],
            attributes: [("crs", "+proj=utm +zone=50 +datum=WGS84 +units=m")]
        )
        let footprint = try await FootprintData.footprints(file)[0]
        let grid = try #require(footprint.grid.projected)
        #expect(grid.x.origin == 420_000 && grid.y.step == 1000)
        #expect(footprint.layers[0].emission?.end == footprint.time)
        let centre = footprint.grid.centres(of: [0])
        #expect(abs(centre.longitudes[0] - 116.07) < 0.01 && abs(centre.latitudes[0] - 39.75) < 0.01)
        // Written in our layout and as STILT-R it is the same.
        let footprints = [footprint]
        let ours = path("ours.nc")
        let (again, folder) = (path("again"), folder)
        try FileManager.default.createDirectory(atPath: again, withIntermediateDirectories: true)
        let written = try await Task { @NetCDFThread in
            let source = try #require(FootprintSource(footprints))
            try FootprintWriter.write(source, to: ours, provenance: FootprintExamples.provenance)
            return try FootprintConversion.convert(
                [ours],
                to: .stilt,
                output: again,
                provenance: FootprintExamples.provenance
            )
        }.value
        #expect(isSame(try await FootprintData.footprints(ours)[0], footprint))
        let back = try await FootprintData.footprints(written.files[0])[0]
        #expect(
            back.grid == footprint.grid && back.layers == footprint.layers && back.place == footprint.place
        )
        withExtendedLifetime(folder) {}
    }

    @Test func anEmptyPYSTILTFileIsRefusedWithItsReason() async throws {
        let file = path("empty_foot.nc")
        try await FootprintLayouts.write(
            file,
            dimensions: [("time", 1)],
            variables: [
                Variable(name: "time", type: .double, dimensions: ["time"], values: [0])
            ],
            attributes: [("stilt_receptor", "{}"), ("empty_reason", "all particles left at once")]
        )
        let error = await #expect(throws: NetCDFError.self) { try await FootprintData.head(file) }
        #expect(error?.what == "the footprint is empty (all particles left at once)")
        #expect(error?.remedy.isEmpty == false)
    }

    @Test func anICOSFootprintHasItsReceptorInItsName() async throws {
        let file = path("footprint_HTM_2021x06x08x12x56.10Nx013.42Ex00150_aggreg.nc")
        let days = try #require(Instant(iso8601: "2021-06-08T12:00:00Z")).secondsSince1970 / 86_400 - 10_957
        try await FootprintLayouts.stilt(
            file,
            y: ("lat", (0..<5).map { 33 + Double($0) / 12 }),
            x: ("lon", (0..<6).map { -15 + Double($0) / 8 }),
            times: [days],
            timeUnit: [("units", "days since 2000-01-01 00:00:00 UTC")],
            attributes: []
        )
        let head = try await FootprintData.head(file)
        let receptor = head.receptors[0]
        #expect(head.kind == .icosAggregated && !head.isResolved)
        #expect(receptor.name == "2021x06x08x12x56.10Nx013.42Ex00150")
        #expect(receptor.time == Instant(iso8601: "2021-06-08T12:00:00Z"))
        #expect(receptor.place == ReceptorPoint(longitude: 13.42, latitude: 56.10, heightMetres: 150))
        #expect(head.grid.longitudeLatitude?.longitude.origin == -15.0625)
        #expect(head.warnings.count == 1)
    }

    // MARK: - Sparse STILT

    @Test func cornersOfSparseFilesBecomeCells() async throws {
        let file = path("footprint_HTM_202403.nc")
        func variable(_ name: String, _ dimension: String, _ values: [Double]) -> Variable {
            Variable(name: "ftp_2024030112_" + name, type: .double, dimensions: [dimension], values: values)
        }
        try await FootprintLayouts.write(
            file,
            dimensions: [("n", 4), ("m", 4)],
            variables: [
                variable("lon", "n", [-15, -14.8, -15, -14.6]), variable("lat", "n", [33, 33.1, 33, 33.2]),
                variable("val", "n", [1, 2, 4, 8]), variable("indptr", "m", [0, 2, 2, 4]),
            ],
            attributes: [
                ("lon_ll", -15.0), ("lat_ll", 33.0), ("lon_res", 0.2), ("lat_res", 0.1),
                ("numpix_x", .integers([3])), ("numpix_y", .integers([4])),
                ("Footprints_receptor", "site: HTM; latitude: 56.10; longitude: 13.42"),
                ("sampling_height", "150 meters above ground"),
            ]
        )
        let footprint = try await FootprintData.footprints(file)[0]
        #expect(footprint.receptor == "HTM" && footprint.time == FootprintExamples.start)
        #expect(footprint.place == ReceptorPoint(longitude: 13.42, latitude: 56.10, heightMetres: 150))
        #expect(footprint.grid.longitudeLatitude?.longitude.origin == -15)
        #expect(footprint.layers.map(\.cells) == [[0, 4], [], [0, 8]])
        #expect(footprint.layers.map(\.values) == [[1, 2], [], [4, 8]])
        #expect(footprint.layers[2].emission?.start == footprint.time.advanced(bySeconds: -3 * 3600))
        let whole = try await FootprintData.footprints(file, resolved: false)[0]
        #expect(whole.layers[0].values == [5, 2, 8])
    }

    // MARK: - PARIS

    @Test func slotsOfPARISFilesComeWithTheirResidual() async throws {
        let file = path("paris.nc")
        let plane = ["latitude", "longitude"]
        let unit: [(String, NetCDFAttribute)] = [("units", "m2 s mol-1")]
        func variable(_ name: String, _ dimensions: [String], _ values: [Double]) -> Variable {
            Variable(name: name, type: .double, dimensions: dimensions, values: values, attributes: unit)
        }
        try await FootprintLayouts.write(
            file,
            dimensions: [("time", 2), ("latitude", 2), ("longitude", 2), ("resolution", 3)],
            variables: [
                Variable(
                    name: "time",
                    type: .double,
                    dimensions: ["time"],
                    values: [start, start + 3600],
                    attributes: FootprintLayouts.seconds
                ), variable("latitude", ["latitude"], [40, 41]),
                variable("longitude", ["longitude"], [1, 2]),
                variable("srr", ["time"] + plane, [6, 6, 6, 6, 9, 9, 9, 9]),
                variable(
                    "srr_time_resolved",
                    ["time", "resolution"] + plane,
                    [1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3] + [Double](repeating: 1, count: 12)
                ),
                variable("srr_residual", ["time"] + plane, [0, 0, 0, 0, 6, 6, 6, 5]),
            ],
            attributes: [("site", "ABC")]
        )
        let footprints = try await FootprintData.footprints(file)
        #expect(footprints[0].layers.map { $0.values.first } == [1, 2, 3])
        #expect(footprints[0].residual?.cells == [])
        #expect(footprints[1].residual?.values == [6, 6, 6, 5])
        let closure = try #require(try await FootprintInspection.inspect(file).closure)
        #expect(!closure.holds && closure.absoluteDifference == 1 && closure.integratedSum == 60)
    }

    @Test func anUnknownUnitIsRefused() async throws {
        let file = path("202403011200_0_41_5_foot.nc")
        try await FootprintLayouts.write(
            file,
            dimensions: [("time", 1), ("lat", 2), ("lon", 2)],
            variables: [
                Variable(
                    name: "time",
                    type: .double,
                    dimensions: ["time"],
                    values: [0],
                    attributes: FootprintLayouts.seconds
                ),
                Variable(name: "lat", type: .double, dimensions: ["lat"], values: [1, 2]),
                Variable(name: "lon", type: .double, dimensions: ["lon"], values: [1, 2]),
                Variable(
                    name: "foot",
                    type: .double,
                    dimensions: ["time", "lat", "lon"],
                    values: [1, 2, 3, 4],
                    attributes: [("units", "furlong")]
                ),
            ]
        )
        let error = await #expect(throws: NetCDFError.self) { try await FootprintData.head(file) }
        #expect(error?.what == "unit `furlong` is not one of a footprint" && error?.variable == "foot")
    }

    @Test func aFileOfSomethingElseIsRefused() async throws {
        let error = await #expect(throws: NetCDFError.self) {
            try await FootprintData.head(Places.fixtures.appending(path: "imi-permian.nc").path)
        }
        #expect(error?.what.hasPrefix("not a known layout of footprints") == true)
    }
}
