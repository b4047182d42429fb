import Foundation
import Geo
import Observations
import Quantities
import TestSupport
import Testing

@testable import Gridding

/// Frames of eight along a track to the north, with errors correlated along the track, and gaps.
struct BiasedTrack {
    var batch = SoundingBatch(product: "synthetic", gas: .co2, scale: .co2X2007, levels: 0)

    init(
        seed: UInt64,
        frames: Int,
        footprintBiases: [Double] = [Double](repeating: 0, count: 8),
        startSeconds: Double = 1_600_000_000,
        longitude: Double = 110,
        latitude: Double = 20,
        lostShare: Double = 0.3,
        column: (Int, SIMD2<Double>) -> Double = { _, _ in 412 },
        surface: (SIMD2<Double>) -> SurfaceKind = { _ in .land },
        mode: ObservationMode = .nadir
    ) {
        var random = SeededGenerator(seed: seed)
        var shared = 0.0
        for frame in 0..<frames {
            shared = 0.9 * shared + 0.2 * random.normal()
            let time = startSeconds + Double(frame) / 3
            for footprint in 0..<footprintBiases.count where random.uniform() > lostShare {
                let place = SIMD2(
                    longitude + 0.015 * Double(footprint),
                    latitude + 0.02 * Double(frame % 1000)
                )
                batch.ids.append(UInt64(startSeconds * 1000) * 1000 + UInt64(frame * 8 + footprint))
                batch.times.append(Instant(microseconds: Int64(time * 1e6)))
                batch.longitudes.append(place.x)
                batch.latitudes.append(place.y)
                let value = column(frame, place) + footprintBiases[footprint] + shared
                batch.columns.append(value + 0.5 * random.normal())
                batch.uncertainties.append(0.5)
                batch.priorColumns.append(410)
                batch.footprints.append(UInt16(footprint + 1))
                batch.surfaces.append(surface(place))
                batch.modes.append(mode)
            }
        }
    }
}

private func report(_ batches: [SoundingBatch], _ settings: BiasSettings? = nil) throws -> BiasReport {
    var sums = BiasSums(gas: .co2, settings: settings)
    for batch in batches { try sums.add(batch) }
    sums.finish()
    return BiasReport(sums)
}

private let known = [-0.51, -0.22, -0.16, -0.12, 0.09, 0.37, 0.15, 0.40]

@Test func footprintBiasesAreRecoveredThroughGaps() throws {
    var z: [Double] = []
    for seed in 1...10 {
        // A gradient over the track moves frames, not footprints.
        let track = BiasedTrack(seed: UInt64(seed), frames: 3000, footprintBiases: known) { frame, _ in
            410 + 0.001 * Double(frame)
        }
        let found = try report([track.batch])
        #expect(found.footprints.count == 8)
        for (finding, bias) in zip(found.footprints, known) {
            let error = try #require(finding.standardError)
            #expect(error < 0.03)
            z.append((finding.estimate - bias) / error)
        }
        #expect(found.footprints[0].isFlagged && !found.footprints[4].isFlagged)
        #expect(found.flags == .footprint)
    }
    let scatter = (z.reduce(0) { $0 + $1 * $1 } / Double(z.count)).squareRoot()
    #expect((0.7...1.4).contains(scatter))
}

/// With whole frames the least squares are the means of the footprints about those of their frames.
@Test func withoutGapsFootprintBiasesAreMeansAboutTheFrames() throws {
    let batch = BiasedTrack(seed: 3, frames: 400, footprintBiases: known, lostShare: -1).batch
    let found = try report([batch])
    let values = batch.columns
    for footprint in 0..<8 {
        var sum = 0.0
        for frame in 0..<400 {
            let mean = values[(frame * 8)..<(frame * 8 + 8)].reduce(0, +) / 8
            sum += values[frame * 8 + footprint] - mean
        }
        #expect(abs(found.footprints[footprint].estimate - sum / 400) < 1e-9)
    }
}

@Test func theReportDependsNeitherOnBlocksNorOnTheOrderOfFiles() throws {
    let files = (1...5).map { seed in
        BiasedTrack(
            seed: UInt64(seed),
            frames: 300,
            footprintBiases: known,
            startSeconds: 1_600_000_000 + 1e5 * Double(seed)
        ).batch
    }
    func sums(_ batch: SoundingBatch, block: Int) throws -> BiasSums {
        var sums = BiasSums(gas: .co2)
        for start in stride(from: 0, to: batch.count, by: block) {
            try sums.add(part(batch, start..<min(batch.count, start + block)))
        }
        sums.finish()
        return sums
    }
    var forward = BiasSums(gas: .co2)
    for file in files { try forward.merge(try sums(file, block: 1000)) }
    var backward = BiasSums(gas: .co2)
    for file in files.reversed() { try backward.merge(try sums(file, block: 7)) }
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    #expect(try encoder.encode(BiasReport(forward)) == encoder.encode(BiasReport(backward)))
}

private func part(_ batch: SoundingBatch, _ range: Range<Int>) -> SoundingBatch {
    var part = SoundingBatch(product: batch.product, gas: batch.gas, scale: batch.scale, levels: 0)
    part.times = Array(batch.times[range])
    part.longitudes = Array(batch.longitudes[range])
    part.latitudes = Array(batch.latitudes[range])
    part.columns = Array(batch.columns[range])
    part.uncertainties = Array(batch.uncertainties[range])
    part.priorColumns = Array(batch.priorColumns[range])
    part.footprints = Array(batch.footprints[range])
    part.surfaces = Array(batch.surfaces[range])
    part.modes = Array(batch.modes[range])
    return part
}

@Test func landAndWaterAreComparedWhereTheyMeet() throws {
    var z: [Double] = []
    for seed in 1...20 {
        // The coast lies at every full quarter of a degree; the north has more carbon dioxide than the south.
        let water = { (place: SIMD2<Double>) in
            (place.y * 4).rounded(.down).truncatingRemainder(dividingBy: 2) == 0
        }
        let track = BiasedTrack(
            seed: UInt64(seed),
            frames: 1000,
            column: { _, place in 400 + 0.2 * place.y + (water(place) ? -0.7 : 0) },
            surface: { water($0) ? .water : .land }
        )
        let found = try report([track.batch])
        let finding = try #require(found.surfaces.first)
        let error = try #require(finding.standardError)
        // The gradient of 0.2 ppm a degree over the quarter between the two is in the estimate.
        z.append((finding.estimate - 0.75) / error)
        #expect(finding.subject == "land minus water")
        #expect(finding.isFlagged)
    }
    let scatter = (z.reduce(0) { $0 + $1 * $1 } / Double(z.count)).squareRoot()
    #expect((0.6...1.5).contains(scatter))
}

@Test func modesAreComparedOverRegionAndMonthAcrossFiles() throws {
    var sums = BiasSums(gas: .co2)
    for day in 0..<6 {
        var file = BiasSums(gas: .co2)
        let isGlint = day % 2 == 1
        try file.add(
            BiasedTrack(
                seed: UInt64(day + 1),
                frames: 600,
                startSeconds: 1_600_000_000 + 86_400 * Double(day),
                column: { _, place in 400 + place.y * 0.2 + (isGlint ? 0.9 : 0) },
                mode: isGlint ? .glint : .nadir
            ).batch
        )
        file.finish()
        try sums.merge(file)
    }
    let finding = try #require(BiasReport(sums).modes.first)
    #expect(finding.subject == "glint minus nadir")
    #expect(abs(finding.estimate - 0.9) < 0.2)
    #expect(finding.isFlagged)
    #expect(BiasReport(sums).flags == .mode)
}

/// Five swaths of 60 frames side by side over one place, half a minute each, the third a ppm too high.
private func areaMap(seed: UInt64, jump: Double) -> [SoundingBatch] {
    (0..<5).map { swath -> SoundingBatch in
        let start = 1_600_000_000 + 30 * Double(swath)
        let west = 110 + 0.12 * Double(swath)
        let offset = swath == 2 ? jump : 0
        let track = BiasedTrack(
            seed: seed * 100 + UInt64(swath),
            frames: 40,
            startSeconds: start,
            longitude: west,
            latitude: 30,
            column: { _, place in 412 + 2 * (place.x - 110) + offset },
            mode: .areaMap
        )
        return track.batch
    }
}

@Test func aSwathThatJumpsIsFound() throws {
    var falseAlarms = 0
    for seed in 1...10 {
        let found = try report(areaMap(seed: UInt64(seed), jump: 1.5))
        let flagged = found.flaggedJumps
        #expect(found.comparedSwaths == 4)
        #expect(flagged.count >= 2)
        #expect(found.flags.contains(.swath))
        let edges = flagged.filter { $0.firstSeconds == 1_600_000_060 || $0.secondSeconds == 1_600_000_060 }
        #expect(edges.count == 2)
        let into = try #require(edges.first { $0.secondSeconds == 1_600_000_060 })
        #expect(abs(into.finding.estimate - 1.5) < 0.9)
        falseAlarms += try report(areaMap(seed: UInt64(seed) + 50, jump: 0)).flaggedJumps.count
    }
    #expect(falseAlarms <= 3)
}

@Test func onlyCellsUnderAJumpAreMarked() throws {
    let found = try report(areaMap(seed: 2, jump: 2))
    let box = try #require(BoundingBox(west: 105, south: 25, east: 115, north: 35))
    let grid = try #require(LatitudeLongitudeGrid(box: box, stepDegrees: 0.5))
    var sums = FileSums(GriddingPlan(grid: grid, weighting: .equal, withProfiles: false))
    for batch in areaMap(seed: 2, jump: 2) + [BiasedTrack(seed: 1, frames: 100, latitude: 26).batch] {
        try sums.add(place(batch, sums.plan))
    }
    let columns = try #require(sums.columns().first)
    let flags = found.flags(of: columns)
    let hit = try #require(grid.cell(longitude: 110.3, latitude: 30.2))
    for (cell, flag) in zip(columns.cells, flags) {
        let isSouth = grid.latitude.centre(cell / grid.columns) < 29
        if isSouth { #expect(!flag.contains(.swath)) }
        if cell == hit { #expect(flag.contains(.swath)) }
    }
}

@Test func oneOverpassHasNoSwathsToCompare() throws {
    let found = try report([BiasedTrack(seed: 1, frames: 900, latitude: 10).batch])
    #expect(found.comparedSwaths == 0 && found.jumps.isEmpty)
    let last = try #require(found.lines.last)
    #expect(last.hasPrefix("swaths: not compared, no two lie within 5 km of each other within 60 minutes"))
}

@Test func otherGasesAreRefused() throws {
    var sums = BiasSums(gas: .ch4)
    #expect(throws: AnalysisError.differentGas(.co2, other: .ch4)) {
        try sums.add(BiasedTrack(seed: 1, frames: 1).batch)
    }
    #expect(BiasSettings(gas: .ch4).smallestPartsPerMillion < 0.003)
}

/// Soundings over one kind of surface, in one mode, without frames: each comparison says what it lacks.
@Test func whatCannotBeComparedSaysWhy() throws {
    var batch = SoundingBatch(product: "made", gas: .co2, scale: .co2X2007, levels: 0)
    for index in 0..<6 {
        batch.ids.append(UInt64(index + 1))
        batch.times.append(Instant(microseconds: Int64(index) * 86_400_000_000))
        batch.longitudes.append(100 + 0.01 * Double(index))
        batch.latitudes.append(30)
        batch.columns.append(400)
        batch.uncertainties.append(0.5)
        batch.priorColumns.append(400)
    }
    func lacking(_ words: String..., change: (inout SoundingBatch) -> Void) throws {
        var changed = batch
        change(&changed)
        let lines = try report([changed]).notCompared
        for word in words { #expect(lines.contains { $0.contains(word) }, "\(word): \(lines)") }
    }
    try lacking("does not tell land from water", "does not tell modes", "footprints: not compared") { _ in }
    try lacking("no sounding is over water", "all soundings are in one, nadir") {
        $0.surfaces = [SurfaceKind](repeating: .land, count: 6)
        $0.modes = [ObservationMode](repeating: .nadir, count: 6)
    }
    try lacking("no cell of 0.5 degrees holds both on one day") {
        $0.surfaces = [.land, .land, .land, .water, .water, .water]
    }
    try lacking("no standard error, 2 cells with both on one day and 4 needed") {
        $0.surfaces = [.land, .water, .land, .water, .land, .land]
        for index in [1, 3] { $0.times[index] = $0.times[index - 1] }
    }
    try lacking("glint not compared with nadir, no cell of 2 degrees") {
        $0.modes = [.nadir, .nadir, .nadir, .glint, .glint, .glint]
        for index in 3..<6 { $0.latitudes[index] = -30 }
    }
    #expect(
        try report([batch]).lines[0].hasPrefix(
            "biases: all 6 good soundings of the files, in the grid or not"
        )
    )
}
