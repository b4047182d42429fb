import Formats
import Foundation
import Observations
import Quantities
import TestSupport
import Testing

/// Counts and means from netCDF4 and numpy in double precision: soundings with the quality the product's documentation
/// asks for, a column and a positive uncertainty; plain means over them.
@Suite struct SatelliteRealProductTests {
    private static let blended = Places.shared("satellite/tropomi-blended")
    private static let official = Places.shared(
        "satellite/s5p-ch4/S5P_OFFL_L2__CH4____20190311T101655_20190311T115825_07293_01_010202_20190317T121015.SUB.nc4"
    )
    private static let standard = Places.shared(
        "satellite/acos-l2s/acos_L2s_100102_04_Production_v050050_L2s2800_r01_PolB_110302063541.h5"
    )
    private static let points = Places.shared("satellite/oco2-points/sample_data_2014_2017.csv")
    private static let swath = Places.shared("inversion/smartcarb/Sentinel_7_CO2_2015042311_o1670_l0483.nc")

    private func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }

    /// `x[qa > 0.5].mean()`, `(profile.sum(1) / dry.sum(1)).mean()`, `precision.mean()`.
    @Test(
        .enabled(if: blended != nil),
        arguments: [
            (
                "20180501T032352_20180501T050523_02834_03_020400_20230614T000922", 11319, 1.7972796522690346,
                1.7935159582217357, 0.001927091897329116
            ),
            (
                "20180502T012325_20180502T030455_02847_03_020400_20230614T001004", 8067, 1.7958745444342596,
                1.8148108109776704, 0.003056317982759945
            ),
            (
                "20180502T030455_20180502T044625_02848_03_020400_20230614T000922", 11775, 1.80104178270344,
                1.8057563114667827, 0.0021793928163826087
            ),
        ]
    )
    func blendedTROPOMI(name: String, good: Int, column: Double, prior: Double, sigma: Double) async throws {
        let folder = try #require(Self.blended)
        let file = try await SoundingFile.open(folder.appending(path: "S5P_BLND_L2__CH4____\(name).nc").path)
        let batch = try file.readAll()
        #expect(file.product.gas == .ch4)
        #expect(batch.count == good)
        #expect(batch.rejected.isEmpty)
        #expect(abs(mean(batch.columns) - column) < 1e-9)
        #expect(abs(mean(batch.priorColumns) - prior) < 1e-7)
        #expect(abs(mean(batch.uncertainties) - sigma) < 1e-9)
        #expect(batch.profileSupport == .layers && batch.levels == 12)
        #expect(batch.pressures.count == good * 13 && batch.cornerLatitudes.count == good * 4)
    }

    /// `surface_classification & 3` of the first orbit, and its first `time_utc`.
    @Test(.enabled(if: blended != nil)) func blendedTROPOMIInDetail() async throws {
        let name = "S5P_BLND_L2__CH4____20180501T032352_20180501T050523_02834_03_020400_20230614T000922.nc"
        let file = try await SoundingFile.open(try #require(Self.blended).appending(path: name).path)
        let batch = try file.readAll()
        #expect(batch.surfaces.count { $0 == .land } == 7972)
        #expect(batch.surfaces.count { $0 == .water } == 676)
        #expect(batch.surfaces.count { $0 == .mixed } == 2429 + 242)
        #expect(batch.times[0].description == "2018-05-01T03:57:12.571Z")
        for sounding in stride(from: 0, to: batch.count, by: 97) {
            let layers = (sounding * 12)..<((sounding + 1) * 12)
            #expect(abs(batch.pressureWeights[layers].reduce(0, +) - 1) < 1e-12)
            let prior = layers.reduce(0) { $0 + batch.pressureWeights[$1] * batch.priorProfiles[$1] }
            #expect(abs(prior - batch.priorColumns[sounding]) < 1e-9)
            let pressures = batch.pressures[(sounding * 13)..<((sounding + 1) * 13)]
            #expect(zip(pressures, pressures.dropFirst()).allSatisfy { $0 < $1 })
        }
    }

    /// `qa_value` is given for 3,170 pixels of the subset; three are retrieved, all with 0.4, so that none is good.
    @Test(.enabled(if: official != nil)) func officialTROPOMI() async throws {
        let file = try await SoundingFile.open(try #require(Self.official).path)
        #expect(file.count == 293 * 25)
        #expect(file.product.name == "Sentinel-5P TROPOMI L2 CH4 1.2.2")
        let batch = try file.readAll()
        #expect(batch.count == 0)
        #expect(batch.rejected == [.qualityFlag: 3170, .missingValue: 7325 - 3170])
    }

    /// `(((outcome_flag == 1) | (outcome_flag == 2)) & (xco2_uncert > 0)).sum()`: two uncertainties are 0. In some
    /// soundings the prior ends one level above the surface; repeated downwards it agrees with `xco2_apriori`.
    @Test(.enabled(if: standard != nil)) func fullPhysicsOfGOSAT() async throws {
        let file = try await SoundingFile.open(try #require(Self.standard).path)
        #expect(file.product.name == "GOSAT ACOS_L2S B2.08.00")
        #expect(file.product.fieldOfViewKilometres == 10.5)
        let batch = try file.readAll()
        #expect(file.count == 153)
        #expect(batch.count == 150)
        #expect(batch.rejected == [.qualityFlag: 1, .invalidUncertainty: 2])
        #expect(abs(mean(batch.columns) - 384.8536853911355) < 1e-9)
        #expect(batch.ids[0] == 20_100_102_032_813)
        #expect(batch.times[0].description == "2010-01-02T03:28:14.975Z")
        for sounding in 0..<batch.count {
            let levels = (sounding * 20)..<((sounding + 1) * 20)
            #expect(abs(batch.pressureWeights[levels].reduce(0, +) - 1) < 1e-6)
            let pressures = batch.pressures[levels]
            #expect(zip(pressures, pressures.dropFirst()).allSatisfy { $0 <= $1 })
        }
    }

    /// 42,198 pixels hold columns, 34,379 an uncertainty too; 18,584 of these have `CLCT <= 0.01`.
    @Test(.enabled(if: swath != nil)) func simulatedSwath() async throws {
        let file = try await SoundingFile.open(try #require(Self.swath).path)
        #expect(file.count == 811 * 123)
        let batch = try file.readAll()
        #expect(batch.count == 18584)
        #expect(batch.rejected[.missingValue] == 99753 - 42198)
        #expect(abs(mean(batch.columns) - 405.4669259508622) < 1e-6)
        #expect(batch.footprints.max() == 123 && batch.footprints.min() == 1)
        #expect(batch.levels == 0 && batch.priorColumns.allSatisfy(\.isNaN))
        #expect(batch.times[0].description.hasPrefix("2015-04-23T11:"))
    }

    @Test(.enabled(if: points != nil)) func tableOfOCO2() async throws {
        var options = SoundingOptions()
        let path = try #require(Self.points).path
        await #expect(throws: SatelliteError.self) { try await SoundingFile.open(path, options: options) }
        options.assumedUncertainty = 0.5
        let batch = try await SoundingFile.open(path, options: options).readAll()
        #expect(batch.count == 18445)
        #expect(batch.times[0].description == "2014-11-01T00:00:00Z")
        #expect(batch.columns[0] == 398.0809 && batch.latitudes[0] == 32.026478)
        #expect(Set(batch.ids).count == 18445)
    }

    /// Any way of cutting a file into blocks gives the same soundings.
    @Test(arguments: [1, 7, 64, 400, 985]) func blocksOfAnyLengthGiveTheSameSoundings(length: Int)
        async throws
    {
        let file = try await SoundingFile.open(SatelliteFiles.first)
        let whole = try file.readAll()
        var ids: [UInt64] = []
        var kernels: [Double] = []
        for start in stride(from: 0, to: file.count, by: length) {
            let batch = try file.read(start..<min(start + length, file.count), fields: .all)
            ids += batch.ids
            kernels += batch.averagingKernels
        }
        #expect(ids == whole.ids && kernels == whole.averagingKernels)
    }

    @Test func inspectionOfARealDay() async throws {
        let inspection = try await SoundingInspection.inspect(SatelliteFiles.second)
        #expect(inspection.soundings == 1005 && inspection.good == 423)
        #expect(inspection.rejected == ["quality_flag": 582])
        let identities = Dictionary(
            uniqueKeysWithValues: inspection.identities.map { ($0.name, $0.largestDifference) }
        )
        #expect(try #require(identities["|sum of weights - 1|"]) < 1e-7)
        #expect(try #require(identities["|sum h xa - prior column|"]) < 4e-3)
        #expect(try #require(identities["|p - psurf sigma|"]) < 1e-3)
        #expect(inspection.warnings.contains { $0.contains("documentation") })
        #expect(inspection.lines.contains { $0.hasPrefix("good") && $0.hasSuffix(" 423") })
        let encoded = try JSONEncoder().encode(inspection)
        #expect(String(decoding: encoded, as: UTF8.self).contains("WMO-CO2-X2007"))
    }

    private static let harwell = Places.shared("satellite/oco2-column/hw20230402_20230402.public.qc.nc")

    /// Means of `xco2` and `xco2_x2019`, the first values, and `(integration_operator * prior_co2).sum(1)`, which gives
    /// `prior_xco2` within 0.02 ppm.
    @Test(.enabled(if: harwell != nil)) func columnsOfTCCON() async throws {
        let path = try #require(Self.harwell).path
        let file = try await TCCONFile.read(path)
        #expect(file.site == "Harwell, UK" && file.scale == .co2X2007)
        #expect(file.columns.count == 64 && file.rejected == 0 && file.levels == 51)
        #expect(abs(mean(file.columns) - 420.83282) < 1e-4)
        #expect(file.times[0].secondsSince1970 == 1_680_448_140)
        #expect(abs(file.uncertainties[0] - 1.31) < 1e-6)
        #expect(abs(file.priorPressures[50] - 1.0139 * 1013.25) < 0.01)
        for spectrum in 0..<64 {
            let levels = (spectrum * 51)..<((spectrum + 1) * 51)
            let prior = levels.reduce(0) { $0 + file.integrationOperators[$1] * file.priors[$1] }
            #expect(abs(prior - file.priorColumns[spectrum]) < 0.03)
            #expect(file.priorPressures[levels.lowerBound] < file.priorPressures[levels.upperBound - 1])
        }
        let other = try await TCCONFile.read(path, scale: .co2X2019)
        #expect(abs(mean(other.columns) - 420.87958) < 1e-4)
        await #expect(throws: SatelliteError.self) { try await TCCONFile.read(path, scale: .ch4X2004A) }
        await #expect(throws: SatelliteError.self) { try await TCCONFile.read(SatelliteFiles.first) }
    }
}
