import Geo
import Gridding
import Observations
import Quantities
import TestSupport
import Testing

/// Random soundings with consistent operators over a box of 10 by 10 degrees.
func randomBatch(
    _ random: inout SeededGenerator,
    count: Int,
    levels: Int = 5,
    firstID: UInt64 = 20_090_901_000_131,
    product: String = "synthetic"
) -> SoundingBatch {
    var batch = SoundingBatch(product: product, gas: .co2, scale: .co2X2007, levels: levels)
    for index in 0..<count {
        batch.ids.append(firstID + UInt64(index))
        batch.times.append(Instant(microseconds: Int64(random.next() % 1_000_000_000_000)))
        batch.longitudes.append(random.uniform() * 10)
        batch.latitudes.append(random.uniform() * 10)
        batch.columns.append(385 + 2 * random.normal())
        batch.uncertainties.append(0.4 + random.uniform())
        let raw = (0..<levels).map { _ in 0.1 + random.uniform() }
        let weights = raw.map { $0 / raw.reduce(0, +) }
        let prior = (0..<levels).map { _ in 380 + 10 * random.uniform() }
        batch.priorColumns.append(zip(weights, prior).reduce(0) { $0 + $1.0 * $1.1 })
        batch.pressureWeights += weights
        batch.priorProfiles += prior
        batch.averagingKernels += (0..<levels).map { _ in 0.2 + random.uniform() }
        batch.pressures += (1...levels).map { 1000 * Double($0) / Double(levels) }
    }
    return batch
}

/// Footprints of 2 by 1.5 km side by side in frames along a track to the north through the box of
/// ``randomBatch(_:count:levels:firstID:product:)``, eight a frame, three frames a second.
func track(
    _ random: inout SeededGenerator,
    count: Int,
    firstID: UInt64 = 1,
    startDay: Int = 0,
    support: ProfileSupport = .levels
) -> SoundingBatch {
    let filled = randomBatch(&random, count: count, firstID: firstID)
    var batch = SoundingBatch(
        product: filled.product,
        gas: .co2,
        scale: .co2X2007,
        levels: filled.levels,
        profileSupport: support
    )
    batch.ids = filled.ids
    (batch.columns, batch.uncertainties, batch.priorColumns) =
        (filled.columns, filled.uncertainties, filled.priorColumns)
    (batch.averagingKernels, batch.pressureWeights) = (filled.averagingKernels, filled.pressureWeights)
    batch.priorProfiles = filled.priorProfiles
    batch.pressures = (0..<(count * batch.pressureCount)).map { _ in 1000 * random.uniform() }
    let (west, south) = (9 * random.uniform(), 9 * random.uniform())
    for index in 0..<count {
        let (frame, footprint) = (index / 8, index % 8)
        let x = west + 0.018 * Double(footprint) + 0.002 * Double(frame)
        let y = south + 0.02 * Double(frame)
        batch.footprints.append(UInt16(footprint + 1))
        batch.longitudes.append(x)
        batch.latitudes.append(y)
        batch.cornerLongitudes += [x - 0.009, x + 0.009, x + 0.01, x - 0.008]
        batch.cornerLatitudes += [y - 0.01, y - 0.01, y + 0.01, y + 0.01]
        let microseconds = Int64(startDay) * 86_400_000_000 + Int64(frame) * 333_333
        batch.times.append(Instant(microseconds: microseconds))
    }
    return batch
}

/// The soundings of a batch at the given places, in that order.
func selection(_ batch: SoundingBatch, _ indices: [Int]) -> SoundingBatch {
    var part = SoundingBatch(
        product: batch.product,
        gas: batch.gas,
        scale: batch.scale,
        levels: batch.levels,
        profileSupport: batch.profileSupport
    )
    for index in indices {
        let profile = (index * batch.levels)..<((index + 1) * batch.levels)
        part.ids.append(batch.ids[index])
        part.times.append(batch.times[index])
        part.longitudes.append(batch.longitudes[index])
        part.latitudes.append(batch.latitudes[index])
        part.columns.append(batch.columns[index])
        part.uncertainties.append(batch.uncertainties[index])
        part.priorColumns.append(batch.priorColumns[index])
        part.averagingKernels += batch.averagingKernels[profile]
        part.pressureWeights += batch.pressureWeights[profile]
        part.priorProfiles += batch.priorProfiles[profile]
        part.pressures += batch.pressures[(index * batch.pressureCount)..<((index + 1) * batch.pressureCount)]
        guard !batch.footprints.isEmpty else { continue }
        part.footprints.append(batch.footprints[index])
        part.cornerLongitudes += batch.cornerLongitudes[(4 * index)..<(4 * index + 4)]
        part.cornerLatitudes += batch.cornerLatitudes[(4 * index)..<(4 * index + 4)]
    }
    return part
}

/// Square cells over the box of ``randomBatch(_:count:levels:firstID:product:)``.
func tenByTen(step: Double) throws -> LatitudeLongitudeGrid {
    let box = try #require(BoundingBox(west: 0, south: 0, east: 10, north: 10))
    return try #require(LatitudeLongitudeGrid(box: box, stepDegrees: step))
}

/// The sums of one file, from batches to columns.
struct SoundingGridder {
    private var sums: FileSums
    var tally: SoundingTally { sums.tally }

    init(
        grid: LatitudeLongitudeGrid,
        weighting: SoundingWeighting = .inverseVariance,
        errorModel: ErrorModel = .acosCarbonDioxide
    ) {
        sums = FileSums(GriddingPlan(grid: grid, weighting: weighting, errorModel: errorModel))
    }

    mutating func add(_ batch: SoundingBatch) throws(GriddingError) { try sums.add(place(batch, sums.plan)) }

    func columns() -> GriddedColumns? { sums.columns().first }
}
