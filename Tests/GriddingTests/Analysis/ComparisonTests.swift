import Geo
import Observations
import Quantities
import TestSupport
import Testing

@testable import Gridding

private let levels = 6
private let noon = Instant(microseconds: 1_680_436_800_000_000)

/// Spectra every two minutes over Harwell for four hours, columns and priors wandering.
private func spectra(
    _ random: inout SeededGenerator,
    scale: CalibrationScale = .co2X2007
) throws -> GroundColumns {
    let count = 120
    let pressures = [0.0, 150, 350, 600, 850, 1010]
    var priors: [Double] = []
    var priorColumns: [Double] = []
    for _ in 0..<count {
        let prior = [405.0, 410, 414, 417, 420, 425].map { $0 + random.normal() }
        priors += prior
        priorColumns.append(zip(prior, weights).reduce(0) { $0 + $1.0 * $1.1 })
    }
    return try GroundColumns(
        site: "Harwell, UK",
        position: try #require(Position(longitude: -1.315, latitude: 51.571)),
        scale: scale,
        levels: levels,
        times: (0..<count).map { noon.advanced(bySeconds: Double($0 - 60) * 120) },
        columns: priorColumns.map { $0 * (1 + 0.003 * random.normal()) },
        uncertainties: [Double](repeating: 0.6, count: count),
        priorProfiles: priors,
        priorColumns: priorColumns,
        pressures: (0..<count).flatMap { _ in pressures }
    )
}

private let weights = [0.07, 0.17, 0.22, 0.25, 0.2, 0.09]

/// A sounding with the given profiles on the levels of the spectra.
private func sounding(
    _ column: Double,
    kernel: [Double],
    prior: [Double],
    seconds: Double = 0,
    longitude: Double = -1
) -> SoundingBatch {
    var batch = SoundingBatch(product: "synthetic", gas: .co2, scale: .co2X2007, levels: levels)
    batch.ids = [1]
    batch.times = [noon.advanced(bySeconds: seconds)]
    batch.longitudes = [longitude]
    batch.latitudes = [51.5]
    batch.columns = [column]
    batch.uncertainties = [0.5]
    batch.averagingKernels = kernel
    batch.pressureWeights = weights
    batch.priorProfiles = prior
    batch.priorColumns = [zip(prior, weights).reduce(0) { $0 + $1.0 * $1.1 }]
    batch.pressures = [0.0, 150, 350, 600, 850, 1010]
    return batch
}

private func single(_ ground: GroundColumns) -> ColumnComparison {
    ColumnComparison(ground, collocation: Collocation(area: .radius(kilometres: 100), minutes: 0.5))
}

@Test func withTheSamePriorAndAKernelOfOneTheExchangeChangesNothing() throws {
    for seed in 1...10 {
        var random = SeededGenerator(seed: UInt64(seed))
        let ground = try spectra(&random)
        let prior = Array(ground.priorProfiles[(60 * levels)..<(61 * levels)])
        let batch = sounding(411, kernel: [Double](repeating: 1, count: levels), prior: prior)
        let smoothed = try #require(single(ground).smoothed(batch, 0))
        #expect(abs(smoothed.column - ground.columns[60]) < 1e-9)
        #expect(abs(smoothed.raw - ground.columns[60]) < 1e-9)
    }
}

/// Sounding minus smoothed ground is the same whether the ground is smoothed with the prior of the satellite, or the
/// satellite is brought to the prior of the ground and the ground smoothed with that (Wunch et al. 2011, appendix A).
@Test func bringingBothToThePriorOfTheGroundGivesTheSameDifference() throws {
    for seed in 1...20 {
        var random = SeededGenerator(seed: UInt64(seed))
        let ground = try spectra(&random)
        let common = Array(ground.priorProfiles[(60 * levels)..<(61 * levels)])
        let own = common.map { $0 + 3 * random.normal() }
        let kernel = (0..<levels).map { _ in 0.3 + 0.8 * random.uniform() }
        let batch = sounding(411, kernel: kernel, prior: own)
        let smoothed = try #require(single(ground).smoothed(batch, 0))
        let scaling = ground.columns[60] / ground.priorColumns[60]
        var adjusted = 411.0
        var other = ground.priorColumns[60]
        for level in 0..<levels {
            adjusted += weights[level] * (1 - kernel[level]) * (common[level] - own[level])
            other += weights[level] * kernel[level] * (scaling - 1) * common[level]
        }
        #expect(abs((411 - smoothed.column) - (adjusted - other)) < 1e-9)
    }
}

@Test func aKnownBiasIsRecoveredThroughOtherKernelsAndPriors() throws {
    var random = SeededGenerator(seed: 8)
    let ground = try spectra(&random)
    var comparison = ColumnComparison(
        ground,
        collocation: Collocation(area: .radius(kilometres: 100), minutes: 0.5)
    )
    var naive = 0.0
    for index in 0..<100 {
        // The air is what the spectrum of that moment scaled its prior to; the satellite sees it 0.8 ppm too high.
        let spectrum = 10 + index
        let scaling = ground.columns[spectrum] / ground.priorColumns[spectrum]
        let air = ground.priorProfiles[(spectrum * levels)..<((spectrum + 1) * levels)].map { $0 * scaling }
        let prior = [398.0, 399, 400, 400, 401, 402]
        let kernel = [0.3, 0.6, 0.9, 1.0, 1.05, 1.0]
        var column = zip(prior, weights).reduce(0.8 + 0.3 * random.normal()) { $0 + $1.0 * $1.1 }
        for level in 0..<levels { column += weights[level] * kernel[level] * (air[level] - prior[level]) }
        let seconds = Double(spectrum - 60) * 120
        try comparison.add(sounding(column, kernel: kernel, prior: prior, seconds: seconds))
        naive += (column - ground.columns[spectrum]) / 100
    }
    let result = comparison.result
    #expect(result.count == 100 && result.days.count == 1 && result.days[0].date == "2023-04-02")
    let error = try #require(result.standardDeviation) / 10
    #expect(abs(try #require(result.meanBias) - 0.8) < 3 * error)
    #expect(abs(try #require(result.standardDeviation) - 0.3) < 0.08)
    #expect(try #require(result.correlation) > 0.9)
    #expect(abs(naive - 0.8) > 0.15)
    #expect(result.dailyStandardError == nil)
    #expect(result.days[0].groundUncertainty == 0.6)
}

@Test func soundingsOutOfReachDoNotCount() throws {
    var random = SeededGenerator(seed: 8)
    let ground = try spectra(&random)
    let kernel = [Double](repeating: 1, count: levels)
    var comparison = ColumnComparison(ground)
    for longitude in [3.6, 358.7, -6.3] {
        try comparison.add(sounding(411, kernel: kernel, prior: kernel, longitude: longitude))
    }
    // The last spectrum is of 7,080 s after noon.
    try comparison.add(sounding(411, kernel: kernel, prior: kernel, seconds: 7080 + 3599))
    #expect(comparison.result.count == 4)
    for longitude in [3.8, -6.4, 178] {
        try comparison.add(sounding(411, kernel: kernel, prior: kernel, longitude: longitude))
    }
    try comparison.add(sounding(411, kernel: kernel, prior: kernel, seconds: 7080 + 3601))
    #expect(comparison.result.count == 4)
}

@Test func scalesAndProfilesAreChecked() throws {
    var random = SeededGenerator(seed: 8)
    var comparison = ColumnComparison(try spectra(&random, scale: .co2X2019))
    let kernel = [Double](repeating: 1, count: levels)
    #expect(throws: AnalysisError.differentScale(.co2X2007, other: .co2X2019)) {
        try comparison.add(sounding(411, kernel: kernel, prior: kernel))
    }
    comparison = ColumnComparison(try spectra(&random))
    #expect(throws: AnalysisError.noProfiles(product: "flat")) {
        try comparison.add(SoundingBatch(product: "flat", gas: .co2, scale: .co2X2007, levels: 0))
    }
    #expect(throws: AnalysisError.differentGas(.ch4, other: .co2)) {
        try comparison.add(SoundingBatch(product: "", gas: .ch4, scale: .co2X2007, levels: 0))
    }
}

@Test func theOrderOfSoundingsDoesNotMatter() throws {
    var random = SeededGenerator(seed: 2)
    let ground = try spectra(&random)
    let kernel = [Double](repeating: 0.9, count: levels)
    let batches = (0..<50).map { index in
        sounding(
            410 + random.normal(),
            kernel: kernel,
            prior: [Double](repeating: 409, count: levels),
            seconds: Double(index * 100) - 2500
        )
    }
    var forward = ColumnComparison(ground)
    for batch in batches { try forward.add(batch) }
    var parts = [ColumnComparison(ground), ColumnComparison(ground)]
    for (index, batch) in batches.reversed().enumerated() { try parts[index % 2].add(batch) }
    parts[1].merge(parts[0])
    #expect(parts[1].result == forward.result)
    #expect(forward.result.count == 50)
}

/// The mean of a profile that is linear in pressure over a layer is its value in the middle.
@Test func layersAreIntegratedExactly() {
    let pressures: [Double] = [100, 300, 500, 900]
    let values: [Double] = [10, 30, 20, 20]
    let profile = PressureProfile(pressures: pressures[...], values: values[...])
    #expect(profile.value(at: 200) == 20 && profile.value(at: 50) == 10 && profile.value(at: 1000) == 20)
    #expect(abs(profile.mean(from: 100, to: 300) - 20) < 1e-12)
    #expect(abs(profile.mean(from: 0, to: 100) - 10) < 1e-12)
    // 20 x 100 up the first slope's upper half (25), 100 down the second's upper half (27.5).
    #expect(abs(profile.mean(from: 200, to: 400) - (25 + 27.5) / 2) < 1e-12)
    #expect(abs(profile.mean(from: 1000, to: 900) - 20) < 1e-12)
}
