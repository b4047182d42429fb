import Formats
import Foundation
import Geo
import NetCDF
import Quantities
import TestSupport
import Testing
import Transport

@Suite struct BoundaryCurtainTests {
    /// Curtains of two times as openghg stores them: height, side, time.
    @NetCDFThread
    private func write(_ path: String, unit: [(String, NetCDFAttribute)], hole: Bool = false) throws {
        typealias Variable = FootprintLayouts.Variable
        var variables = [
            Variable(name: "height", type: .double, dimensions: ["height"], values: [500, 1500]),
            Variable(name: "lat", type: .double, dimensions: ["lat"], values: [52, 51, 50]),
            Variable(name: "lon", type: .double, dimensions: ["lon"], values: [1, 2]),
            Variable(
                name: "time",
                type: .double,
                dimensions: ["time"],
                values: [0, 31],
                attributes: [("units", "days since 2024-01-01")]
            ),
        ]
        for (side, count) in [("n", 2), ("e", 3), ("s", 2), ("w", 3)] {
            var values = (0..<(2 * count * 2)).map { 1900 + Double($0) }
            if hole { values[3] = .nan }
            variables.append(
                Variable(
                    name: "vmr_" + side,
                    type: .double,
                    dimensions: ["height", count == 2 ? "lon" : "lat", "time"],
                    values: values,
                    attributes: unit
                )
            )
        }
        try FootprintLayouts.write(
            path,
            dimensions: [("height", 2), ("lat", 3), ("lon", 2), ("time", 2)],
            variables: variables
        )
    }

    @Test func domainAndSpanAreThoseOfTheCells() async throws {
        let folder = try TemporaryFolder()
        let path = folder.file("bc.nc").path
        try await write(path, unit: [("units", .text("ppb"))])
        let curtain = try await BoundaryCurtainFile.read(path)
        let box = try #require(curtain.domain)
        #expect([box.west, box.south, box.east, box.north] == [0.5, 49.5, 2.5, 52.5])
        #expect(curtain.span?.start == Instant(iso8601: "2024-01-01T00:00:00Z"))
        #expect(curtain.span?.end == Instant(iso8601: "2024-03-03T00:00:00Z"))
        let fluxes = try await #require(throws: NetCDFError.self) {
            try await FootprintLayouts.write(path, dimensions: [("lat", 1)], variables: [])
            _ = try await BoundaryCurtainFile.read(path)
        }
        #expect(fluxes.line.contains("no boundary conditions"))
    }

    @Test(arguments: ["1e-09", "ppb"])
    func curtainsAreReadByTimeNorthward(_ unit: String) async throws {
        let folder = try TemporaryFolder()
        let path = folder.file("bc.nc").path
        try await write(path, unit: [("units", .text(unit))])
        let curtain = try await BoundaryCurtainFile.read(path)
        try #require(curtain.times.count == 2)
        #expect(curtain.times[1] == Instant(iso8601: "2024-02-01T00:00:00Z"))
        let east = try #require(curtain.faces[.east])
        #expect(east.cells.places == [50, 51, 52] && east.cells.heightMetres == [500, 1500])
        // Element (height, side, time) of the file is (height x 3 + side) x 2 + time, from the north.
        let expected = [1905.0, 1903, 1901, 1911, 1909, 1907].map { $0 / 1000 }
        for (value, known) in zip(east.partsPerMillion.suffix(6), expected) {
            #expect(abs(value - known) < 1e-12)
        }
        #expect(abs(try #require(curtain.faces[.north]).partsPerMillion[1] - 1.902) < 1e-12)
    }

    @Test func missingValuesStayUnknownAndOtherUnitsAreRefused() async throws {
        let folder = try TemporaryFolder()
        let path = folder.file("bc.nc").path
        try await write(path, unit: [("units", "ppb")], hole: true)
        let curtain = try await BoundaryCurtainFile.read(path)
        // Element 3 of the file is the second place at the lowest height and the second time.
        let north = try #require(curtain.faces[.north]).partsPerMillion
        #expect(north.indices.filter { north[$0].isNaN } == [5])
        try await write(path, unit: [("units", "K")])
        let unit = await #expect(throws: NetCDFError.self) { try await BoundaryCurtainFile.read(path) }
        #expect(unit?.what == "unit `K` is not a mole fraction")
    }
}
