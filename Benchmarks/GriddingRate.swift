import Foundation
import Geo
import Gridding
import Observations
import Quantities
import TestSupport

/// Three million footprints of OCO size over 62 by 36 degrees, placed and added at 0.1 degree on one core.
struct GriddingRate: Race {
    let name = "gridding-rate"
    private let count = 3_000_000
    private let blockLength = 65_536

    func run() async throws {
        guard let box = BoundingBox(west: 73, south: 18, east: 135, north: 54),
            let grid = LatitudeLongitudeGrid(box: box, stepDegrees: 0.1)
        else { return }
        let blocks = tracks()
        let area = GriddingPlan(grid: grid, method: .polygon, weighting: .area, withProfiles: false)
        let correlated = GriddingPlan(
            grid: grid,
            method: .polygon,
            weighting: .areaAndPrecision,
            errorModel: .orbitingCarbonObservatory,
            withProfiles: false
        )
        let response = GriddingPlan(grid: grid, method: .response, weighting: .area, withProfiles: false)
        for _ in 0..<3 { try measure("polygon           ", blocks, area) }
        try measure(
            "polygon, day      ",
            blocks,
            GriddingPlan(grid: grid, method: .polygon, window: .day, withProfiles: false)
        )
        try measure("polygon, correlated", blocks, correlated)
        try measure("centre            ", blocks, GriddingPlan(grid: grid, withProfiles: false))
        try measure("response (1 block)", Array(blocks.prefix(1)), response)
    }

    private func measure(_ label: String, _ blocks: [SoundingBatch], _ plan: GriddingPlan) throws {
        let soundings = blocks.reduce(0) { $0 + $1.count }
        var sums = FileSums(plan)
        // Processor time: what else runs on the machine is of no matter for one core's work.
        var (placing, adding) = (0, 0)
        var contributions = 0
        for batch in blocks {
            let start = clock()
            let block = place(batch, plan)
            let middle = clock()
            try sums.add(block)
            placing += middle - start
            adding += clock() - middle
            contributions += block.cells.count
        }
        let start = clock()
        sums.finish()
        let middle = clock()
        let bytes = sums.encoded().count
        let encoding = clock() - middle
        adding += middle - start
        let each = { (time: Int) in Int((Double(time) * 1e3 / Double(soundings)).rounded()) }
        print(
            label,
            "place \(each(placing)) ns, add \(each(adding)) ns a sounding,",
            "\((Double(contributions) / Double(soundings) * 100).rounded() / 100) cells each,",
            "\(bytes / 1_000_000) MB in \(encoding / 1000) ms"
        )
    }

    /// Frames of eight footprints of 2.25 by 1.3 km, leaning as the orbit does, along tracks from south to north.
    private func tracks() -> [SoundingBatch] {
        var random = SeededGenerator(seed: 1)
        var blocks: [SoundingBatch] = []
        var (x, y) = (75.0, 18.0)
        var id: UInt64 = 2_015_010_100_000_000
        while blocks.reduce(0, { $0 + $1.count }) < count {
            var batch = SoundingBatch(product: "made", gas: .co2, scale: .co2X2007, levels: 0)
            batch.reserveCapacity(blockLength)
            for _ in 0..<(blockLength / 8) {
                id += 10
                y += 0.02
                x -= 0.005
                if y > 54 { (x, y) = (75 + 60 * random.uniform(), 18 + random.uniform()) }
                addFrame(&batch, &random, x: x, y: y, id: id)
            }
            blocks.append(batch)
        }
        return blocks
    }

    private func addFrame(
        _ batch: inout SoundingBatch,
        _ random: inout SeededGenerator,
        x: Double,
        y: Double,
        id: UInt64
    ) {
        let time = Instant(microseconds: 1_420_000_000_000_000 + Int64(id % 1_000_000_000) * 33_333)
        for footprint in 0..<8 {
            let (centre, south) = (x + 0.015 * Double(footprint), y + 0.003 * Double(footprint))
            batch.ids.append(id + UInt64(footprint))
            batch.times.append(time)
            batch.longitudes.append(centre)
            batch.latitudes.append(south)
            batch.columns.append(400 + random.uniform())
            batch.uncertainties.append(0.4 + 0.2 * random.uniform())
            batch.priorColumns.append(400)
            batch.footprints.append(UInt16(footprint + 1))
            batch.cornerLongitudes += [centre - 0.008, centre + 0.007, centre + 0.008, centre - 0.007]
            batch.cornerLatitudes += [south - 0.011, south - 0.009, south + 0.011, south + 0.009]
        }
    }
}
