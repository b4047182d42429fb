import Formats
import Foundation
import NetCDF
import Observations
import Quantities
import TestSupport
import Testing

@Suite struct SatelliteFaultTests {
    private func table(_ text: String, _ options: SoundingOptions = SoundingOptions()) async throws
        -> SoundingFile
    {
        let folder = try TemporaryFolder()
        let path = folder.file("soundings.csv")
        try text.write(to: path, atomically: true, encoding: .utf8)
        return try await SoundingFile.open(path.path, options: options)
    }

    @Test func aTableWithEveryColumn() async throws {
        let file = try await table(
            """
            sounding_id,time,lat,lon,xco2,xco2_uncertainty,quality_flag
            2020010100000011,2020-01-01T00:00:00Z,30,100,410,0.5,0
            2020010100000012,2020-01-01T00:00:00Z,30,100,411,0.5,1
            ,2020-01-01T00:00:00Z,30,100,411,0.5,0
            2020010100000014,yesterday,30,100,411,0.5,0
            2020010100000015,2020-01-01T00:00:00Z,95,100,411,0.5,0
            2020010100000016,2020-01-01T00:00:00Z,30
            """
        )
        let batch = try file.readAll()
        #expect(batch.ids == [2_020_010_100_000_011])
        #expect(batch.columns == [410])
        #expect(batch.rejected == [.qualityFlag: 1, .missingValue: 2, .invalidTime: 1, .invalidPosition: 1])
    }

    @Test func columnsOfATableMayHaveOtherNames() async throws {
        var options = SoundingOptions()
        options.columns.column = "Value"
        options.columns.time = "when"
        options.columns.unit = .molesPerMole
        options.assumedUncertainty = 1
        let file = try await table("when,latitude,longitude,value\n2020-01-01,30,100,4.1e-4\n", options)
        #expect(abs(try file.readAll().columns[0] - 410) < 1e-9)
    }

    @Test(arguments: [
        "a,b\n1,2\n", "xco2,xco2,lat,lon\n1,2,3,4\n", "lat,lon,xco2\n1,2,3\n", ",\n", "xco2,lat\n",
    ])
    func otherTablesAreRefused(text: String) async throws {
        var options = SoundingOptions()
        options.assumedUncertainty = 1
        await #expect(throws: SatelliteError.self) { try await table(text, options) }
    }

    /// Shapes that do not belong together are one error and no trap.
    @Test(arguments: 0..<60 as Range<UInt64>)
    func shapesThatDoNotFitAreRefusedOrRead(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        func shape() -> [Int] {
            let lengths = [0, 1, 2, 3, 4, 5, 1 << 33, Int.max]
            return (0..<Int(random.next() % 4)).map { _ in lengths[Int(random.next() % UInt64(lengths.count))]
            }
        }
        var made = SyntheticProduct()
        let names = [
            "sounding_id", "time", "latitude", "longitude", "vertex_latitude", "vertex_longitude", "xco2",
            "xco2_uncertainty", "xco2_apriori", "xco2_quality_flag", "pressure_levels", "pressure_weight",
            "xco2_averaging_kernel", "co2_profile_apriori",
        ]
        let wild = Int(random.next() % UInt64(names.count))
        for (index, name) in names.enumerated() {
            let isWide = name.hasPrefix("vertex") || (10...13).contains(index)
            let usual = isWide ? [2, 4] : [2]
            let values = (0..<(isWide ? 8 : 2)).map { _ in
                random.uniform() < 0.1 ? .nan : 1 + random.uniform()
            }
            let units =
                name == "time" ? "seconds since 1970-01-01" : index >= 10 && index < 13 ? "hPa" : "ppm"
            made.add(name, values, shape: index == wild ? shape() : usual, units: units)
        }
        do {
            let file = try made.file()
            let batch = try file.readAll()
            #expect(batch.count + batch.rejected.values.reduce(0, +) == file.count)
        } catch {
            #expect(error is any Fault)
        }
    }

    @Test func anUnknownProductNamesWhatWasLookedForAndWhatIsThere() throws {
        var made = SyntheticProduct()
        made.add("Data/temperature", [1, 2])
        let error = #expect(throws: SatelliteError.self) { try made.file() }
        #expect(error?.what.contains("TanSat") == true && error?.what.contains("Sentinel-5P") == true)
        #expect(error?.remedy.contains("Data/temperature") == true)
    }

    @Test func crossedCornersDuplicatesAndOrderAreWarnedOf() async throws {
        let folder = try TemporaryFolder()
        let path = folder.file("made.nc").path
        var file = MadeLiteFile()
        file.ids = [2_020_010_100_000_013, 2_020_010_100_000_011, 2_020_010_100_000_011]
        file.pressures.reverse()
        file.pressureWeights.reverse()
        try await file.write(to: path)
        let inspection = try await SoundingInspection.inspect(path)
        #expect(inspection.warnings.contains("identifiers are not in ascending order"))
        #expect(inspection.warnings.contains("1 identifier occurs more than once"))
        #expect(inspection.warnings.contains { $0.contains("from the surface upwards") })
    }

    @Test func syntheticObs4MIPs() async throws {
        let folder = try TemporaryFolder()
        let path = folder.file("obs4mips.nc").path
        try await writeObs4MIPs(to: path)
        let file = try await Obs4MIPsFile.read(path)
        #expect(file.cells.count == 1)
        let cell = try #require(file.cells.first)
        #expect(cell.longitude == 12.5 && cell.latitude == -2.5)
        #expect(abs(cell.mean - 400) < 1e-9 && cell.soundings == 7 && abs(cell.standardError - 0.5) < 1e-9)
        #expect(cell.standardDeviation.isNaN)
        #expect(cell.time.description == "1990-01-16T00:00:00Z")
        await #expect(throws: SatelliteError.self) { try await Obs4MIPsFile.read(SatelliteFiles.first) }
    }

    @NetCDFThread private func writeObs4MIPs(to path: String) throws {
        var file = try NetCDFWriter(replacing: path)
        for (name, values, units) in [
            ("time", [15.0], "days since 1990-01-01"), ("lat", [-2.5, 2.5], "degrees_north"),
            ("lon", [7.5, 12.5], "degrees_east"),
        ] {
            try file.defineDimension(name, length: values.count)
            try file.defineVariable(name, .double, dimensions: [name], attributes: [("units", .text(units))])
            try file.write(values, to: name)
        }
        for (name, value, units) in [("xco2", 4e-4, "1"), ("xco2_nobs", 7, "1"), ("xco2_stderr", 5e-7, "1")] {
            let attributes: [(String, NetCDFAttribute)] = [
                ("units", .text(units)), ("_FillValue", .double(1e20)),
            ]
            try file.defineVariable(
                name,
                .double,
                dimensions: ["time", "lat", "lon"],
                attributes: attributes
            )
            try file.write([1e20, value, 1e20, 1e20], to: name)
        }
        try file.commit()
    }
}
