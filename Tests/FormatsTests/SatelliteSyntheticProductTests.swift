import Formats
import Foundation
import NetCDF
import Observations
import Quantities
import TestSupport
import Testing

/// Products of which no real file is at hand, made after their documented layouts.
@Suite struct SatelliteSyntheticProductTests {
    /// Two soundings over four levels from space downwards.
    private static let weights = [0.1, 0.3, 0.4, 0.2]
    private static let priors = [390.0, 400, 400, 410]
    private static let pressures = [0.1, 300, 600, 1000]
    private static let kernels = [0.5, 0.8, 1, 1.1]
    private static let priorColumn = 401.0
    private static let cornerLatitudes = [29.99, 29.99, 30.01, 30.01, 30.99, 31, 31.01, 31]

    private func twice(_ profile: [Double]) -> [Double] { profile + profile }

    private func lite() -> SyntheticProduct {
        var made = SyntheticProduct()
        made.add("sounding_id", identifiers: [2_020_010_100_000_011, 2_020_010_100_000_012])
        made.add("time", [1_577_836_800.1, 1_577_836_800.1], units: "seconds since 1970-01-01 00:00:00")
        made.add("latitude", [30, 31])
        made.add("longitude", [100, 101])
        made.add("vertex_latitude", Self.cornerLatitudes, shape: [2, 4])
        made.add(
            "vertex_longitude",
            [99.99, 100.01, 100.01, 99.99, 101, 101.02, 101, 100.98],
            shape: [2, 4]
        )
        made.add("xco2", [400, 401], units: "ppm")
        made.add("xco2_uncertainty", [0.5, 0.6], units: "ppm")
        made.add("xco2_apriori", [Self.priorColumn, Self.priorColumn], units: "ppm")
        made.add("xco2_quality_flag", [0, 0], missing: [127])
        made.add("pressure_levels", twice(Self.pressures), shape: [2, 4], units: "hPa")
        made.add("pressure_weight", twice(Self.weights), shape: [2, 4])
        made.add("xco2_averaging_kernel", twice(Self.kernels), shape: [2, 4])
        made.add("co2_profile_apriori", twice(Self.priors), shape: [2, 4], units: "ppm")
        return made
    }

    @Test func syntheticOCO3LiteTellsModeSurfaceAndFootprint() throws {
        var made = lite()
        made.add("Sounding/operation_mode", [4, 1], missing: [127])
        made.add("Sounding/land_water_indicator", [3, 127], missing: [127])
        made.add("Sounding/footprint", [1, 8], missing: [127])
        made.add("Sounding/target_id", [0, 0])
        let file = try made.file()
        let batch = try file.readAll()
        #expect(file.product.platform == "OCO-3")
        #expect(file.product.fieldOfViewKilometres == nil)
        #expect(batch.modes == [.areaMap, .glint])
        #expect(batch.surfaces == [.mixed, .unknown])
        #expect(batch.footprints == [1, 8])
        #expect(batch.cornerLatitudes == Self.cornerLatitudes)
        #expect(batch.ids == [2_020_010_100_000_011, 2_020_010_100_000_012])
    }

    @Test func columnsInWordsOrOfImpossibleLengthAreToldAsSuch() throws {
        var made = lite()
        made.add("xco2", texts: ["400", "401"])
        let error = #expect(throws: SatelliteError.self) { try made.file() }
        #expect(error?.what == "holds text, expected numbers")
        made = lite()
        made.add("xco2", [400], shape: [1_000_000_000_000], units: "ppm")
        let long = #expect(throws: SatelliteError.self) { try made.file() }
        #expect(long?.what == "declares a length of 1000000000000, more soundings than any file holds")
    }

    @Test func fieldsNotAskedForAreNotThere() throws {
        let batch = try lite().file().readAll(fields: [])
        #expect(batch.count == 2 && batch.levels == 0)
        #expect(batch.ids.isEmpty && batch.cornerLatitudes.isEmpty && batch.averagingKernels.isEmpty)
        #expect(batch.priorColumns == [Self.priorColumn, Self.priorColumn])
    }

    /// X2019 = 1.00079 X2007 - 0.142 (Hall et al. 2021).
    @Test func scalesAreConvertedOnRequestAndSaidSo() throws {
        var options = SoundingOptions(scale: .co2X2019)
        #expect(throws: SatelliteError.self) { try lite().file(options) }
        options.convertsScale = true
        let file = try lite().file(options)
        let batch = try file.readAll()
        #expect(batch.product.contains("converted from WMO-CO2-X2007 to WMO-CO2-X2019"))
        #expect(batch.scale == .co2X2019)
        #expect(abs(batch.columns[0] - (1.00079 * 400 - 0.142)) < 1e-12)
        #expect(abs(batch.uncertainties[0] - 1.00079 * 0.5) < 1e-9)
        #expect(batch.priorColumns[0] == Self.priorColumn)
        var made = lite()
        made.add("xco2_x2019", [400.17, 401.17], units: "ppm")
        let given = try made.file(options).readAll()
        #expect(given.columns == [400.17, 401.17])
        #expect(!given.product.contains("converted"))
    }

    @Test func syntheticLevelTwoStandardPicksRetrievedSoundings() throws {
        var made = SyntheticProduct()
        let group = "RetrievalResults"
        made.add(
            "RetrievalHeader/sounding_id_reference",
            identifiers: [2_014_101_805_063_031, 2_014_101_805_063_032]
        )
        made.add("SoundingHeader/sounding_id", [1, 2, 3, 4, 5])
        made.add("SoundingGeometry/sounding_latitude", [10, 11, 12, 13, 14])
        made.add("SoundingGeometry/sounding_longitude", [110, 111, 112, 113, 114])
        made.add("\(group)/xco2", [4e-4, 4.01e-4], units: "Mole Mole^{-1}")
        made.add("\(group)/xco2_uncert", [5e-7, 6e-7], units: "Mole Mole^{-1}")
        made.add("\(group)/xco2_apriori", [4.01e-4, 4.01e-4], units: "Mole Mole^{-1}")
        made.add("\(group)/outcome_flag", [1, 3])
        made.add("\(group)/xco2_avg_kernel", twice(zip(Self.weights, Self.kernels).map(*)), shape: [2, 4])
        made.add("\(group)/xco2_pressure_weighting_function", twice(Self.weights), shape: [2, 4])
        made.add(
            "\(group)/co2_profile_apriori",
            twice(Self.priors.map { $0 * 1e-6 }),
            shape: [2, 4],
            units: "Mole Mole^{-1}"
        )
        made.add(
            "\(group)/vector_pressure_levels",
            twice(Self.pressures.map { $0 * 100 }),
            shape: [2, 4],
            units: "Pascals"
        )
        let batch = try made.file(observed: [1, 3]).readAll()
        #expect(batch.rejected == [.qualityFlag: 1])
        #expect(batch.latitudes == [11] && batch.longitudes == [111])
        #expect(abs(batch.columns[0] - 400) < 1e-9)
        #expect(batch.times[0].description == "2014-10-18T05:06:30.300Z")
        for (kernel, expected) in zip(batch.averagingKernels, Self.kernels) {
            #expect(abs(kernel - expected) < 1e-12)
        }
        #expect(abs(batch.pressures[3] - 1000) < 1e-9)
    }

    @Test func syntheticGOSAT2() throws {
        var made = SyntheticProduct()
        let group = "RetrievalResult"
        made.add("SoundingAttribute/soundingUniqueID", texts: ["20200101000011", "20200101000012"])
        made.add(
            "SoundingAttribute/observationTime",
            texts: ["2020-01-01 00:00:11.250", "2020-01-01 00:00:12.250"]
        )
        made.add("SoundingGeometry/latitude", [30, -9999])
        made.add("SoundingGeometry/longitude", [100, 101])
        made.add("SoundingGeometry/landFraction", [100, 0])
        made.add("\(group)/xco2", [410, 411])
        made.add("\(group)/xco2_uncert", [1, 1])
        made.add("\(group)/xco2_apriori", [Self.priorColumn, Self.priorColumn])
        made.add("\(group)/xco2_quality_flag", [0, 0])
        made.add("\(group)/xco2_column_averaging_kernel", twice(Self.kernels), shape: [2, 4])
        made.add("\(group)/pressure_weighting_function", twice(Self.weights), shape: [2, 4])
        made.add("\(group)/pressure_level", twice(Self.pressures), shape: [2, 4])
        made.add("\(group)/co2_profile_apriori", twice(Self.priors), shape: [2, 4])
        let file = try made.file()
        let batch = try file.readAll()
        #expect(file.product.platform == "GOSAT-2" && file.product.fieldOfViewKilometres == 9.7)
        #expect(batch.ids == [20_200_101_000_011])
        #expect(batch.times.map(\.description) == ["2020-01-01T00:00:11.250Z"])
        #expect(batch.rejected == [.invalidPosition: 1])
        #expect(batch.surfaces == [.land])
    }

    /// Independent parts 0.3, 0.4, 1.2 add up to 1.3; an invalid part counts as none.
    @Test func syntheticNIESAddsErrorPartsInQuadrature() throws {
        var made = SyntheticProduct()
        made.add("scanAttribute/time", texts: ["2010-01-02 03:04:05.678", "nonsense"])
        made.add("Data/geolocation/latitude", [30, 31])
        made.add("Data/geolocation/longitude", [100, 101])
        made.add("Data/mixingRatio/XCO2", [390, 391], units: "ppmv", invalid: -1e30)
        made.add("Data/mixingRatio/XCO2RetrievalNoise", [0.3, 1], units: "ppmv")
        made.add("Data/mixingRatio/XCO2SmoothingError", [0.4, 1], units: "ppmv")
        made.add("Data/mixingRatio/XCO2InterferenceError", [1.2, 1], units: "ppmv")
        made.add("Data/mixingRatio/XCO2ExternalError", [-1e30, 1], units: "ppmv", invalid: -1e30)
        let batch = try made.file().readAll()
        #expect(batch.rejected == [.invalidTime: 1])
        #expect(abs(batch.uncertainties[0] - 1.3) < 1e-12)
        #expect(batch.times[0].description == "2010-01-02T03:04:05.678Z")
    }

    @Test(arguments: [("xco2_uncertainty", "time"), ("xco2_uncert", "Times")])
    func syntheticTanSatOfBothBuilds(sigma: String, time: String) throws {
        var made = SyntheticProduct()
        made.add("sounding_id", identifiers: [20_170_301_000_001, 20_170_301_000_002, 20_170_301_000_003])
        made.add(time, [1.5e9, 1.5e9, 1.5e9])
        made.add("latitude", [30, 31, 32])
        made.add("longitude", [100, 101, 102])
        made.add("xco2", [405, 406, 407], units: "ppm")
        made.add(sigma, [0.5, 9, 1], units: "ppm")
        made.add("aod", [0.1, 0.1, 0.9])
        var options = SoundingOptions()
        #expect(try made.file(options).readAll().count == 3)
        options.thresholds = ["uncertainty": 0...4, "aod": 0...0.3]
        let file = try made.file(options)
        #expect(try file.readAll().rejected == [.failedFilter: 2])
        #expect(file.product.platform == "TanSat" && file.product.levels == 0 && !file.product.hasQualityFlag)
        options.thresholds = ["cod": 0...1]
        #expect(throws: SatelliteError.self) { try made.file(options) }
    }

    /// Kernels of TanSat may carry the weight; both kinds come out normalised.
    @Test(arguments: [false, true]) func syntheticTanSatKernels(areWeighted: Bool) throws {
        var made = SyntheticProduct()
        let levels = 20
        let weights = [Double](repeating: 1 / Double(levels), count: levels)
        let kernels = (0..<levels).map { 0.5 + 0.03 * Double($0) }
        made.add("sounding_id", identifiers: [20_170_301_000_001])
        made.add("Times", [1.5e9])
        made.add("latitude", [30])
        made.add("longitude", [100])
        made.add("xco2", [405])
        made.add("xco2_uncert", [0.5])
        let stored = areWeighted ? zip(weights, kernels).map(*) : kernels
        made.add("xco2_averaging_kernel_matrix", stored, shape: [1, levels])
        made.add("xco2_pressure_weighting_function", weights, shape: [1, levels])
        made.add("co2_profile_apriori", weights.map { _ in 400 }, shape: [1, levels])
        made.add("pressure", (0..<levels).map { 1 + 50 * Double($0) }, shape: [1, levels])
        let batch = try made.file().readAll()
        for (kernel, expected) in zip(batch.averagingKernels, kernels) {
            #expect(abs(kernel - expected) < 1e-12)
        }
        #expect(abs(batch.priorColumns[0] - 400) < 1e-9)
    }

    /// From the surface upwards, five pressures around four layers, corners A B C D of the polygon B D C A.
    @Test func syntheticClimateInitiative() throws {
        var made = SyntheticProduct()
        made.add("time", [1e9])
        made.add("latitude", [30])
        made.add("longitude", [100])
        made.add("latitude_corners", [29, 29, 31, 31], shape: [1, 4])
        made.add("longitude_corners", [99, 101, 99, 101], shape: [1, 4])
        made.add("xco2", [400], units: "1e-6")
        made.add("xco2_uncertainty", [1], units: "1e-6")
        made.add("xco2_quality_flag", [0])
        made.add("pressure_levels", [1000, 700, 400, 100, 0.1], shape: [1, 5], units: "hPa")
        made.add("pressure_weight", Self.weights.reversed(), shape: [1, 4])
        made.add("xco2_averaging_kernel", Self.kernels.reversed(), shape: [1, 4])
        made.add("co2_profile_apriori", Self.priors.reversed(), shape: [1, 4], units: "1e-6")
        let batch = try made.file().readAll()
        #expect(batch.profileSupport == .layers)
        #expect(batch.pressures == [0.1, 100, 400, 700, 1000])
        #expect(batch.pressureWeights == Self.weights && batch.averagingKernels == Self.kernels)
        #expect(batch.priorProfiles == Self.priors)
        #expect(abs(batch.priorColumns[0] - Self.priorColumn) < 1e-9)
        #expect(batch.cornerLatitudes == [29, 31, 31, 29])
        #expect(batch.cornerLongitudes == [101, 101, 99, 99])
    }

    /// A swath of two lines by three pixels with one good sounding.
    @Test func syntheticSentinelSwath() throws {
        let made = swath()
        let file = try made.file()
        let batch = try file.readAll()
        #expect(file.count == 6)
        #expect(batch.ids.map { $0 & 0xFFFF_FFFF } == [4])
        #expect(batch.footprints == [2])
        #expect(batch.rejected == [.qualityFlag: 4, .missingValue: 1])
        #expect(batch.columns == [1.85])
        #expect(batch.times[0].description == "2019-03-11T00:00:02Z")
        #expect(batch.pressureWeights == [0.25, 0.75])
        #expect(zip(batch.priorProfiles, [1.6, 1.8]).allSatisfy { abs($0 - $1) < 1e-12 })
        #expect(abs(batch.priorColumns[0] - 1.75) < 1e-12)
        #expect(batch.pressures == [0, 500, 1000])
        #expect(batch.surfaces == [.mixed])
    }

    private func swath() -> SyntheticProduct {
        var made = SyntheticProduct()
        let shape = [1, 2, 3]
        let (geolocation, input) = ("PRODUCT/SUPPORT_DATA/GEOLOCATIONS", "PRODUCT/SUPPORT_DATA/INPUT_DATA")
        func all(_ value: Double, _ width: Int = 1) -> [Double] {
            [Double](repeating: value, count: 6 * width)
        }
        made.add("PRODUCT/time", [289_958_400], units: "seconds since 2010-01-01 00:00:00")
        made.refer(to: "PRODUCT/time", 289_958_400)
        made.add("PRODUCT/delta_time", [1000, 2000], shape: [1, 2], units: "milliseconds")
        made.add("PRODUCT/latitude", all(30), shape: shape)
        made.add("PRODUCT/longitude", all(100), shape: shape)
        made.add("PRODUCT/methane_mixing_ratio", all(1850), shape: shape, units: "1e-9")
        made.add("PRODUCT/methane_mixing_ratio_precision", all(2), shape: shape, units: "1e-9")
        made.add("PRODUCT/qa_value", [0, 0.4, 0.5, 0.5, 1, .nan], shape: shape)
        made.add("\(geolocation)/latitude_bounds", all(30, 4), shape: shape + [4])
        made.add("\(geolocation)/longitude_bounds", all(100, 4), shape: shape + [4])
        made.add(
            "PRODUCT/SUPPORT_DATA/DETAILED_RESULTS/column_averaging_kernel",
            all(1, 2),
            shape: shape + [2]
        )
        made.add("\(input)/dry_air_subcolumns", (0..<6).flatMap { _ in [1e5, 3e5] }, shape: shape + [2])
        made.add(
            "\(input)/methane_profile_apriori",
            (0..<6).flatMap { _ in [0.16, 0.54] },
            shape: shape + [2]
        )
        made.add("\(input)/surface_pressure", all(100_000), shape: shape, units: "Pa")
        made.add("\(input)/pressure_interval", all(50_000), shape: shape, units: "Pa")
        made.add("\(input)/surface_classification", all(3), shape: shape)
        return made
    }
}
