import Formats
import Foundation
import Geo
import Inventory
import NetCDF
import Quantities
import TestSupport
import Testing
import Transport

/// Files as NAME, FLEXPART, STILT-R and PYSTILT left them.
enum FootprintData {
    static func path(_ name: String) -> String? { Places.shared("footprints/" + name)?.path }

    static let names = [
        "flexpart/MHD-10magl_FLEXPART_ECMWFHRES_TEST_inert_201809.nc",
        "name/MHD-10magl_NAME_UKV_TEST_inert_PARIS-format_201301.nc",
        "name/MHD-10magl_UKV_hfo-1234zee_EUROPE_201401_test.nc",
        "name/RGL-90magl_UKV_co2_TEST_201401.nc",
        "name/TAC-100magl_UKV_co2_TEST_201407.nc",
        "name/THW-column_NAME_UMG_EUROPE_TEST_inert_202304.nc",
        "name/footprint_test.nc",
        "stilt-matimba/column_foot.nc",
        "stilt-matimba/point_foot.nc",
        "stilt-parity/201507050000_-111.85_40.77_5_foot.nc",
        "stilt-parity/201507051800_-111.9_40.7_X_foot.nc",
    ]

    /// What a file has, without the file itself, which stays on its thread.
    struct Head: Sendable {
        let kind: FootprintFileKind
        let grid: CellGrid
        let receptors: [FootprintReceptor]
        let isResolved: Bool
        let warnings: [String]
    }

    @NetCDFThread
    static func head(_ path: String) throws -> Head {
        let file = try FootprintFile(path)
        return Head(
            kind: file.kind,
            grid: file.grid,
            receptors: file.receptors,
            isResolved: file.isResolved,
            warnings: file.warnings
        )
    }

    @NetCDFThread
    static func footprints(_ path: String, resolved: Bool = true) throws -> [ReceptorFootprint] {
        let file = try FootprintFile(path)
        var footprints: [ReceptorFootprint] = []
        for index in 0..<file.count { footprints.append(try file.footprint(at: index, resolved: resolved)) }
        return footprints
    }

    @NetCDFThread
    static func boundaries(_ path: String) throws -> [BoundarySensitivity] {
        let file = try FootprintFile(path)
        var boundaries: [BoundarySensitivity] = []
        for index in 0..<file.count {
            if let boundary = try file.boundary(at: index) { boundaries.append(boundary) }
        }
        return boundaries
    }
}

extension ReceptorFootprint {
    var allLayers: [FootprintLayer] { layers + (residual.map { [$0] } ?? []) }
    var sum: Double { allLayers.reduce(0) { $0 + $1.values.reduce(0, +) } }
    var largest: Double { allLayers.flatMap(\.values).max() ?? 0 }
}

@Suite(.enabled(if: Places.shared("footprints/name") != nil))
struct FootprintRealFileTests {
    private func path(_ name: String) throws -> String { try #require(FootprintData.path(name)) }

    private func edgar() async throws -> [Double] {
        let name = "inversion/rhime-uk/flux_total_ch4_europe_edgar7_2019-01-01_2019-12-31_data.nc"
        let path = try #require(Places.shared(name)).path
        return try await FluxFile.read(path).fields[0].microMolesPerSquareMetreSecond
    }

    /// Mole fractions, ppb, from a footprint in ppm per umol m-2 s-1 over cells in the same order as the flux.
    private func enhancements(_ name: String) async throws -> [Double] {
        let flux = try await edgar()
        let footprints = try await FootprintData.footprints(try path(name), resolved: false)
        return footprints.map { footprint in
            1000
                * zip(footprint.layers[0].cells, footprint.layers[0].values).reduce(0) {
                    $0 + $1.1 * flux[Int($1.0)]
                }
        }
    }

    @Test func nameFootprintsTimesMethaneFluxGiveTheKnownEnhancements() async throws {
        let found = try await enhancements("name/MHD-10magl_UKV_hfo-1234zee_EUROPE_201401_test.nc")
        let known = [
            1.9700674024983953, 2.252416208307719, 2.769514271861773, 3.4568531287026665, 6.323338174056258,
        ]
        try #require(found.count == known.count)
        for (value, expected) in zip(found, known) { #expect(abs(value / expected - 1) < 1e-9) }
    }

    @Test func columnFootprintsTimesMethaneFluxGiveTheKnownEnhancements() async throws {
        let found = try await enhancements("name/THW-column_NAME_UMG_EUROPE_TEST_inert_202304.nc")
        let known = [4.9761192734, 5.3075810876, 5.1752595592, 5.7213204069]
        try #require(found.count == known.count)
        for (value, expected) in zip(found, known) { #expect(abs(value / expected - 1) < 1e-9) }
    }

    @Test func everyFileIsKnownByItsContent() async throws {
        var kinds: [FootprintFileKind] = []
        for name in FootprintData.names { kinds.append(try await FootprintData.head(try path(name)).kind) }
        #expect(
            kinds == [
                .paris, .paris, .acrg, .acrg, .acrg, .paris, .acrg, .pystilt, .pystilt, .stilt, .stilt,
            ]
        )
    }

    @Test func sumsAreThoseOfTheArrays() async throws {
        let sums = [
            "flexpart/MHD-10magl_FLEXPART_ECMWFHRES_TEST_inert_201809.nc": 0.0015869140625,
            "name/MHD-10magl_NAME_UKV_TEST_inert_PARIS-format_201301.nc": 0.12665557861328125,
            "name/TAC-100magl_UKV_co2_TEST_201407.nc": 128.91590881347656,
            "stilt-parity/201507050000_-111.85_40.77_5_foot.nc": 0.5667118,
            "stilt-parity/201507051800_-111.9_40.7_X_foot.nc": 0.39432317,
            "stilt-matimba/column_foot.nc": 0.1750690988337506,
        ]
        for (name, sum) in sums {
            let footprints = try await FootprintData.footprints(try path(name), resolved: false)
            #expect(abs(footprints.reduce(0) { $0 + $1.sum } - sum) < 1e-7 * sum, "\(name)")
        }
    }

    @Test func aSTILTFileHasItsReceptorInItsNameAndHoursInItsLayers() async throws {
        let file = try path("stilt-parity/201507050000_-111.85_40.77_5_foot.nc")
        let footprint = try await FootprintData.footprints(file)[0]
        #expect(footprint.time == Instant(iso8601: "2015-07-05T00:00:00Z"))
        #expect(footprint.place == ReceptorPoint(longitude: -111.85, latitude: 40.77, heightMetres: 5))
        #expect(footprint.layers.count == 2)
        #expect(footprint.layers[1].emission?.start == Instant(iso8601: "2015-07-04T23:00:00Z"))
        #expect(footprint.layers[1].emission?.end == footprint.time)
        let grid = try #require(footprint.grid.longitudeLatitude)
        #expect(abs(grid.longitude.origin + 112.2) < 1e-9 && abs(grid.latitude.origin - 40.6) < 1e-9)
        let column = try path("stilt-parity/201507051800_-111.9_40.7_X_foot.nc")
        let integrated = try await FootprintData.footprints(column)[0]
        #expect(integrated.layers.map(\.emission) == [nil])
        #expect(abs(integrated.largest - 0.043628674) < 1e-9)
    }

    @Test func aPYSTILTFileHasItsReceptorInItsAttributes() async throws {
        let column = try await FootprintData.footprints(try path("stilt-matimba/column_foot.nc"))[0]
        #expect(column.receptor == "202107251200_27.2_-24.2_X0-3000")
        #expect(column.time == Instant(iso8601: "2021-07-25T12:00:00Z"))
        #expect(column.place == ReceptorPoint(longitude: 27.2, latitude: -24.2, heightMetres: 1500))
        #expect(column.layers.map { $0.emission?.end }.last == column.time)
    }

    @Test func hoursOfTheNAMEFileCoverTheirSlotsAndTheLastIsWhatCameBefore() async throws {
        let file = try path("name/RGL-90magl_UKV_co2_TEST_201401.nc")
        let resolved = try await FootprintData.footprints(file)
        let integrated = try await FootprintData.footprints(file, resolved: false)
        try #require(resolved.count == 49)
        #expect(resolved[3].receptor == "RGL" && resolved[3].place?.heightMetres == 90)
        #expect(resolved[3].averagingSeconds == 3600)
        #expect(resolved[3].layers.count == 24 && resolved[3].residual != nil)
        #expect(resolved[3].layers[0].emission?.start == resolved[3].time)
        #expect(resolved[3].layers[23].emission?.start == resolved[3].time.advanced(bySeconds: -23 * 3600))
        let total = integrated.reduce(0) { $0 + $1.sum }
        #expect(abs(resolved.reduce(0) { $0 + $1.sum } / total - 1) < 1e-12)
    }

    @Test func hoursWithoutSlotsComeIntegrated() async throws {
        let footprints = try await FootprintData.footprints(
            try path("name/TAC-100magl_UKV_co2_TEST_201407.nc")
        )
        #expect(footprints.count == 73)
        #expect(footprints.filter { $0.layers.count == 1 && $0.residual == nil }.count == 36)
        #expect(footprints[0].layers.count == 13 && footprints[1].layers.count == 1)
        #expect(footprints[0].layers[1].emission?.seconds == 7200)
    }

    @Test func particlesLeaveThroughTheFourSides() async throws {
        for name in [
            "name/RGL-90magl_UKV_co2_TEST_201401.nc",
            "name/THW-column_NAME_UMG_EUROPE_TEST_inert_202304.nc",
        ] {
            let boundaries = try await FootprintData.boundaries(try path(name))
            #expect(!boundaries.isEmpty)
            #expect(boundaries.allSatisfy { $0.faces[.north]?.cells.heightMetres.count == 20 })
            #expect(
                boundaries.allSatisfy { $0.closure > 0 && $0.closure < 1.01 },
                "\(boundaries.map(\.closure))"
            )
        }
    }
}
