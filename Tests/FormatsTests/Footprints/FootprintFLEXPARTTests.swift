import Formats
import Foundation
import Geo
import NetCDF
import Quantities
import TestSupport
import Testing
import Transport

/// `grid_time` and LUMIA files. Their texts of fixed length and groups are made by other programs.
@Suite struct FootprintFLEXPARTTests {
    private static let ncgen: URL? = {
        let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
        return folders.map { URL(filePath: String($0)).appending(path: "ncgen") }
            .first { FileManager.default.isExecutableFile(atPath: $0.path) }
    }()

    /// Two releases over two hours, two heights and two age classes.
    private func gridTime(
        direction: Int = -1,
        unit: String = "s m3 kg-1"
    ) -> String {
        let values = (0..<64).map { "\($0)" }.joined(separator: ", ")
        return """
            netcdf grid_time {
            dimensions:
              time = 2 ; longitude = 2 ; latitude = 2 ; height = 2 ; numspec = 1 ; pointspec = 2 ;
              nageclass = 2 ; nchar = 45 ; numpoint = 2 ;
            variables:
              int time(time) ; time:units = "seconds since 2024-03-01 12:00" ; time:calendar = "proleptic_gregorian" ;
              float longitude(longitude) ; float latitude(latitude) ; float height(height) ;
              char RELCOM(numpoint, nchar) ;
              float RELLNG1(numpoint) ; float RELLNG2(numpoint) ; float RELLAT1(numpoint) ; float RELLAT2(numpoint) ;
              float RELZZ1(numpoint) ; float RELZZ2(numpoint) ; int RELSTART(numpoint) ; int RELEND(numpoint) ;
              float spec001_mr(nageclass, pointspec, time, height, latitude, longitude) ;
                spec001_mr:units = "\(unit)" ;
              :ldirect = \(direction) ; :loutstep = -3600 ; :loutaver = -3600 ;
              :iedate = "20240301" ; :ietime = "120000" ; :ibdate = "20240301" ; :ibtime = "100000" ;
            data:
              time = -3600, -7200 ; longitude = 10.5, 11.5 ; latitude = 50.5, 51.5 ; height = 100, 500 ;
              RELCOM = "one.10m", "two.20m" ; RELLNG1 = 10, 11 ; RELLNG2 = 10, 11.5 ; RELLAT1 = 50, 51 ;
              RELLAT2 = 50, 51 ; RELZZ1 = 10, 15 ; RELZZ2 = 10, 25 ; RELSTART = -600, -3600 ; RELEND = 0, -3600 ;
              spec001_mr = \(values) ;
            }
            """
    }

    private func make(_ text: String, in folder: TemporaryFolder) async throws -> String {
        let (source, target) = (folder.file("grid.cdl"), folder.file("grid_time.nc"))
        try text.write(to: source, atomically: true, encoding: .utf8)
        let run = try await ProgramRun.run(
            try #require(Self.ncgen),
            ["-k", "nc4", "-o", target.path, source.path]
        )
        try #require(run.status == 0, "\(run.standardError)")
        return target.path
    }

    @Test(.enabled(if: ncgen != nil))
    func theLowestLayerOfFLEXPARTIsTheFootprint() async throws {
        let folder = try TemporaryFolder()
        let path = try await make(gridTime(), in: folder)
        let head = try await FootprintData.head(path)
        #expect(head.kind == .flexpart && head.receptors.map(\.name) == ["one.10m", "two.20m"])
        #expect(head.receptors[0].time == FootprintExamples.start.advanced(bySeconds: -600))
        #expect(head.receptors.map(\.averagingSeconds) == [600, 0])
        #expect(head.receptors[1].place == ReceptorPoint(longitude: 11.25, latitude: 51, heightMetres: 20))
        let footprints = try await FootprintData.footprints(path)
        let second = footprints[1]
        #expect(second.layers.count == 2)
        #expect(second.layers[0].emission?.end == FootprintExamples.start)
        #expect(second.layers[1].emission?.start == FootprintExamples.start.advanced(bySeconds: -7200))
        // Element (age, point, time, height 0, row, column) is ((((age 2 + point) 2 + time) 2 + 0) 2 + row) 2 + column.
        let factor = 0.02897 / 100
        let first = [24, 25, 26, 27]
        let expected = first.map { (element: Int) -> Double in factor * Double(2 * element + 32) }
        for (value, known) in zip(second.layers[1].values, expected) {
            #expect(abs(value / known - 1) < 1e-12)
        }
    }

    @Test(.enabled(if: ncgen != nil))
    func forwardRunsAndUnitsWithoutTheDensityAreRefused() async throws {
        let folder = try TemporaryFolder()
        for (text, what) in [
            (gridTime(direction: 1), "the run is not one backward in time (ldirect)"),
            (gridTime(unit: "s"), "unit `s` needs the density of the air to become a footprint"),
        ] {
            let path = try await make(text, in: folder)
            let error = await #expect(throws: NetCDFError.self) { try await FootprintData.head(path) }
            #expect(error?.what == what && error?.remedy.isEmpty == false)
        }
    }

    @Test func theGroupsOfLUMIAAreFootprints() async throws {
        let path = Places.fixtures.appending(path: "lumia-layout.hdf").path
        let footprints = try await FootprintData.footprints(path)
        try #require(footprints.map(\.receptor) == ["abc.10m.20240301-120000", "abc.10m.20240301-133000"])
        let first = footprints[0]
        #expect(first.time == FootprintExamples.start)
        #expect(first.place == ReceptorPoint(longitude: 10.5, latitude: 50.25, heightMetres: 10))
        #expect(first.grid.longitudeLatitude?.latitude.origin == 50)
        #expect(first.grid.longitudeLatitude?.longitude.step == 0.5)
        // Step 12 of the first of March begins at the release; what is there belongs to the hour before.
        let starts: [Instant?] = [-2.0, -1].map { FootprintExamples.start.advanced(bySeconds: 3600 * $0) }
        #expect(first.layers.map { $0.emission?.start } == starts)
        #expect(first.layers[0].cells == [5] && first.layers[1].cells == [0, 7])
        #expect(first.layers[1].values.map { ($0 / 0.0002897 * 1000).rounded() / 1000 } == [3, 6])
        // The other states the unit of a footprint.
        #expect(footprints[1].layers[0].values == [0.5])
        #expect(footprints[1].layers[0].emission?.start == first.time.advanced(bySeconds: 3600))
    }
}
