import Formats
import Foundation
import NetCDF
import Observations
import Quantities
import TestSupport
import Testing

@Suite struct SatelliteReaderTests {
    @Test(arguments: [
        (SatelliteFiles.first, 985, 350, 384.2775691441127),
        (SatelliteFiles.second, 1005, 423, 384.31471458056296),
    ])
    func realDaysOfGOSAT(path: String, soundings: Int, good: Int, mean: Double) async throws {
        let batch = try await SoundingFile.open(path).readAll()
        #expect(batch.product == "GOSAT ACOS L2 Lite Output B9.2.00")
        #expect(batch.gas == .co2)
        #expect(batch.scale == .co2X2007)
        #expect(batch.levels == 20)
        #expect(batch.count == good)
        #expect(batch.rejected == [.qualityFlag: soundings - good])
        // The plain mean of the good columns, from another program.
        #expect(abs(batch.columns.reduce(0, +) / Double(good) - mean) < 1e-9)
        for profile in [
            batch.averagingKernels, batch.pressureWeights, batch.priorProfiles, batch.pressures,
        ] { #expect(profile.count == good * 20) }
    }

    /// First good sounding of 1 September 2009, as `ncdump` prints it.
    @Test func theFirstGoodSoundingIsWhatTheFileSays() async throws {
        let batch = try await SoundingFile.open(SatelliteFiles.first).readAll()
        let (id, time) = try await firstGood()
        #expect(batch.ids[0] == id)
        #expect(abs(batch.times[0].secondsSince1970 - time) < 1e-6)
        #expect(batch.pressures[0] < 1 && batch.pressures[19] > 500)
    }

    @NetCDFThread private func firstGood() throws -> (UInt64, Double) {
        let file = try NetCDFFile(reading: SatelliteFiles.first)
        let index = try file.integers("xco2_quality_flag").firstIndex(of: 0) ?? 0
        return (try file.unsignedIntegers("sounding_id")[index], try file.doubles("time")[index])
    }

    @Test func identitiesHoldForEveryRealSounding() async throws {
        let batch = try await SoundingFile.open(SatelliteFiles.second).readAll()
        for sounding in 0..<batch.count {
            let levels = (sounding * 20)..<(sounding * 20 + 20)
            let weight = levels.reduce(0) { $0 + batch.pressureWeights[$1] }
            let prior = levels.reduce(0) { $0 + batch.pressureWeights[$1] * batch.priorProfiles[$1] }
            #expect(abs(weight - 1) < 2e-8)
            #expect(abs(prior - batch.priorColumns[sounding]) < 4e-3)
        }
    }

    private func read(_ file: MadeLiteFile, scale: CalibrationScale? = nil) async throws -> SoundingBatch {
        let folder = try TemporaryFolder()
        let path = folder.file("any-name.nc").path
        try await file.write(to: path)
        return try await SoundingFile.open(path, options: SoundingOptions(scale: scale)).readAll()
    }

    @Test func aFileIsKnownByItsContent() async throws {
        let batch = try await read(MadeLiteFile())
        #expect(batch.count == 3)
        #expect(batch.ids == [2_020_010_100_000_011, 2_020_010_100_000_012, 2_020_010_100_000_013])
        #expect(batch.columns == [400, 401, 402])
        #expect(batch.rejected.isEmpty)
    }

    @Test func eachReasonIsCounted() async throws {
        var file = MadeLiteFile()
        file.flags = [0, 1, 127]
        #expect(try await read(file).rejected == [.qualityFlag: 1, .missingValue: 1])
        file = MadeLiteFile()
        (file.columns[0], file.latitudes[1], file.uncertainties[2]) = (-999_999, 95, 0)
        #expect(
            try await read(file).rejected == [.missingValue: 1, .invalidPosition: 1, .invalidUncertainty: 1]
        )
        file = MadeLiteFile()
        (file.times[0], file.times[1], file.ids[2]) = (-999_999, 1e300, 0)
        #expect(try await read(file).rejected == [.missingValue: 2, .invalidTime: 1])
        file = MadeLiteFile()
        file.pressureWeights = [0.1, 0.3, 0.4, 0.21]
        #expect(try await read(file).rejected == [.inconsistentOperator: 3])
    }

    @Test func moleFractionsAndPressuresComeInOurUnits() async throws {
        var file = MadeLiteFile()
        file.columnUnit = "mol mol-1"
        file.pressureUnit = "Pa"
        file.pressures = [10, 30_000, 60_000, 100_000]
        let batch = try await read(file)
        #expect(abs(batch.columns[0] - 400) < 1e-9)
        #expect(abs(batch.uncertainties[0] - 0.5) < 1e-12)
        #expect(abs(batch.priorProfiles[3] - 410) < 1e-9)
        #expect(batch.pressures[3] == 1000)
    }

    @Test func scalesAreNeverMixedUp() async throws {
        var file = MadeLiteFile()
        await #expect(throws: (any Error).self) { try await read(file, scale: .co2X2019) }
        file.onX2019 = [400.17, 401.17, 402.17]
        let batch = try await read(file, scale: .co2X2019)
        #expect(batch.scale == .co2X2019)
        #expect(batch.columns == [400.17, 401.17, 402.17])
        #expect(try await read(file).columns == [400, 401, 402])
        await #expect(throws: SatelliteError.self) { try await read(file, scale: .ch4X2004A) }
    }

    @Test(arguments: ["xco2_quality_flag", "pressure_weight", "co2_profile_apriori"])
    func aFileWithoutAVariableIsRefusedWithItsInventory(name: String) async throws {
        var file = MadeLiteFile()
        file.without = name
        let error = await #expect(throws: SatelliteError.self) { try await read(file) }
        #expect(error?.exitStatus == .badData)
        #expect(error?.what.contains(name) == true)
        #expect(error?.remedy.contains("latitude") == true)
    }

    @Test func otherRealFilesAreUnknownProducts() async {
        let other = Places.fixtures.appending(path: "imi-permian.nc").path
        let error = await #expect(throws: SatelliteError.self) {
            try await SoundingFile.open(other).readAll()
        }
        #expect(error?.what.contains("OCO-2, OCO-3 or ACOS Lite") == true)
        #expect(error?.remedy.contains("the file holds") == true)
    }

    @Test func otherUnitsAreRefused() async throws {
        var file = MadeLiteFile()
        file.columnUnit = "K"
        await #expect(throws: SatelliteError.self) { try await read(file) }
        file = MadeLiteFile()
        file.timeUnit = "days since 2000-01-01"
        #expect(try await read(file).rejected == [.invalidTime: 3])
        file.timeUnit = "fortnights"
        await #expect(throws: SatelliteError.self) { try await read(file) }
        file = MadeLiteFile()
        file.pressureUnit = "atm"
        await #expect(throws: SatelliteError.self) { try await read(file) }
    }

    @Test func profilesBeginAtTheTopOfTheAtmosphere() async throws {
        let expected = try await read(MadeLiteFile())
        var file = MadeLiteFile()
        file.pressures.reverse()
        file.pressureWeights.reverse()
        file.priors.reverse()
        file.kernels.reverse()
        let batch = try await read(file)
        #expect(batch.pressures == expected.pressures)
        #expect(batch.pressureWeights == expected.pressureWeights)
        #expect(batch.priorProfiles == expected.priorProfiles)
        #expect(batch.averagingKernels == expected.averagingKernels)
    }
}
