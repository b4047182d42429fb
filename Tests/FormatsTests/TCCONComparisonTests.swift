import Formats
import Foundation
import Gridding
import Observations
import Quantities
import TestSupport
import Testing

/// Real TCCON columns of Harwell (GGG2020), 2 April 2023, against soundings made for them.
@Suite(.enabled(if: Places.shared(harwell) != nil))
struct TCCONComparisonTests {
    private func ground(_ scale: CalibrationScale = .co2X2007, gas: Gas = .co2) async throws
        -> (TCCONFile, GroundColumns)
    {
        let path = try #require(Places.shared(harwell)).path
        let file = try await TCCONFile.read(path, gas: gas, scale: scale)
        return (file, try file.groundColumns())
    }

    /// A satellite with the levels, prior and dry pressure weights of a spectrum and a kernel: the column it reports
    /// of the air that the spectrum saw, and a bias.
    private func sounding(
        _ file: TCCONFile,
        _ ground: GroundColumns,
        _ spectrum: Int,
        kernel: (Int) -> Double,
        priorShift: Double = 0,
        bias: Double = 0
    ) -> SoundingBatch {
        let range = (spectrum * file.levels)..<((spectrum + 1) * file.levels)
        let dry = range.map { file.integrationOperators[$0] * (1 - file.waterPriors[$0]) }
        let weights = dry.map { $0 / dry.reduce(0, +) }
        let scaling = ground.columns[spectrum] / ground.priorColumns[spectrum]
        let prior = range.map { ground.priorProfiles[$0] + priorShift }
        let kernels = (0..<file.levels).map(kernel)
        var column = bias + zip(weights, prior).reduce(0) { $0 + $1.0 * $1.1 }
        batchColumn(&column, weights, kernels, range.map { ground.priorProfiles[$0] * scaling }, prior)
        var batch = SoundingBatch(product: "made", gas: file.gas, scale: file.scale, levels: file.levels)
        batch.ids = [UInt64(spectrum)]
        batch.times = [file.times[spectrum]]
        batch.longitudes = [file.longitudes[spectrum] + 0.3]
        batch.latitudes = [file.latitudes[spectrum] - 0.2]
        batch.columns = [column]
        batch.uncertainties = [file.gas == .co2 ? 0.5 : 0.005]
        batch.priorColumns = [zip(weights, prior).reduce(0) { $0 + $1.0 * $1.1 }]
        batch.averagingKernels = kernels
        batch.pressureWeights = weights
        batch.priorProfiles = prior
        batch.pressures = range.map { ground.pressures[$0] }
        return batch
    }

    private func batchColumn(
        _ column: inout Double,
        _ weights: [Double],
        _ kernels: [Double],
        _ air: [Double],
        _ prior: [Double]
    ) {
        for level in weights.indices {
            column += weights[level] * kernels[level] * (air[level] - prior[level])
        }
    }

    private let exact = Collocation(area: .radius(kilometres: 50), minutes: 0.05)

    /// The dry prior scaled to the column integrates to the column, and the prior column of the file, which is
    /// normalised by the oxygen column, is within half a percent of that of the dry prior.
    @Test func withEqualKernelsAndPriorsTheExchangeChangesNothing() async throws {
        let (file, ground) = try await ground()
        #expect(ground.columns.count == 64)
        for spectrum in 0..<64 {
            var comparison = ColumnComparison(ground, collocation: exact)
            try comparison.add(sounding(file, ground, spectrum, kernel: { _ in 1 }))
            let day = try #require(comparison.result.days.first)
            #expect(abs(day.ground - day.rawGround) < 1e-9)
            #expect(abs(day.difference) < 1e-9)
            #expect(abs(ground.priorColumns[spectrum] / file.priorColumns[spectrum] - 1) < 0.006)
        }
    }

    /// TCCON's own kernel has unit response to its own prior, as a scaling retrieval must, but for 0.7 % at low Sun:
    /// with it the exchange moves columns by hundredths of a ppm.
    @Test func itsOwnKernelChangesHundredths() async throws {
        let (file, ground) = try await ground()
        for spectrum in 0..<64 {
            var comparison = ColumnComparison(ground, collocation: exact)
            let kernel = { file.kernels[spectrum * file.levels + $0] }
            try comparison.add(sounding(file, ground, spectrum, kernel: kernel))
            let day = try #require(comparison.result.days.first)
            #expect(abs(day.ground - day.rawGround) < 0.03)
            #expect(day.ground != day.rawGround)
        }
    }

    @Test func aKnownBiasOverHarwellIsRecovered() async throws {
        let (file, ground) = try await ground()
        var random = SeededGenerator(seed: 51)
        var comparison = ColumnComparison(ground, collocation: exact)
        let kernel = { (level: Int) in 0.25 + 0.85 * (Double(level) / 50).squareRoot() }
        for spectrum in 0..<64 {
            let bias = 0.7 + 0.2 * random.normal()
            try comparison.add(
                sounding(file, ground, spectrum, kernel: kernel, priorShift: -6, bias: bias)
            )
        }
        let result = comparison.result
        #expect(result.site == "Harwell, UK" && result.count == 64)
        #expect(abs(try #require(result.meanBias) - 0.7) < 0.08)
        #expect(abs(try #require(result.standardDeviation) - 0.2) < 0.06)
    }

    /// Columns of methane stand in ppm there, its prior in ppb.
    @Test func methaneIsReadInOneUnitAndCompared() async throws {
        let (file, ground) = try await ground(gas: .ch4)
        #expect(file.gas == .ch4 && file.scale == .ch4X2004A)
        #expect(abs(file.columns[0] - 1.8868) < 1e-4 && abs(file.uncertainties[0] - 0.0053) < 1e-4)
        #expect(abs(file.priors[file.levels - 1] - 1.9443) < 1e-4)
        for spectrum in 0..<64 {
            #expect(abs(ground.priorColumns[spectrum] / file.priorColumns[spectrum] - 1) < 0.006)
            var comparison = ColumnComparison(ground, collocation: exact)
            try comparison.add(sounding(file, ground, spectrum, kernel: { _ in 1 }, bias: 0.01))
            let day = try #require(comparison.result.days.first)
            #expect(abs(day.difference - 0.01) < 1e-9)
        }
    }

    /// No product of methane states its scale: the comparison says so, and those of carbon dioxide stay refused.
    @Test func methaneOnNoStatedScaleIsComparedWithARemark() async throws {
        for gas in [Gas.ch4, .co2] {
            let (file, ground) = try await ground(gas: gas)
            let made = sounding(file, ground, 0, kernel: { _ in 1 })
            var batch = SoundingBatch(product: "made", gas: gas, scale: .unstated, levels: made.levels)
            (batch.ids, batch.times, batch.columns) = (made.ids, made.times, made.columns)
            (batch.longitudes, batch.latitudes) = (made.longitudes, made.latitudes)
            (batch.uncertainties, batch.priorColumns) = (made.uncertainties, made.priorColumns)
            (batch.averagingKernels, batch.pressureWeights) = (made.averagingKernels, made.pressureWeights)
            (batch.priorProfiles, batch.pressures) = (made.priorProfiles, made.pressures)
            var comparison = ColumnComparison(ground, collocation: exact)
            if gas == .co2 {
                #expect(throws: AnalysisError.differentScale(.unstated, other: .co2X2007)) {
                    try comparison.add(batch)
                }
            } else {
                try comparison.add(batch)
                #expect(!comparison.result.isScaleStated)
                let line = try #require(comparison.result.lines.first)
                #expect(line.contains("1 sounding on 1 day,") && line.contains("ppb"))
                #expect(line.contains("state no scale, the ground is on WMO-CH4-X2004A"), "\(line)")
            }
        }
    }

    @Test func othersGasesOfTheGroundAreRefusedByName() async throws {
        let path = try #require(Places.shared(harwell)).path
        let error = await #expect(throws: SatelliteError.self) { try await TCCONFile.read(path, gas: .n2o) }
        let line = try #require(error).line
        #expect(line.contains("n2o") && line.contains("hw20230402"), "\(line)")
    }

    @Test func scalesAreNotMixed() async throws {
        let (file, ground) = try await ground()
        let (_, other) = try await self.ground(.co2X2019)
        var comparison = ColumnComparison(other, collocation: exact)
        #expect(throws: AnalysisError.differentScale(.co2X2007, other: .co2X2019)) {
            try comparison.add(sounding(file, ground, 0, kernel: { _ in 1 }))
        }
    }
}

private let harwell = "satellite/oco2-column/hw20230402_20230402.public.qc.nc"
