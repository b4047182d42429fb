import Foundation
import Geo
import Gridding
import Observations
import Quantities
import TestSupport
import Testing

@Suite struct ResponseTests {
    private static let shapes: [ResponseShape] =
        [.flatTopped, .smooth] + [ResponseShape(2, 2, 1)].compactMap(\.self)

    /// A parallelogram by its centre and half sides.
    private struct Parallelogram {
        let centre: SIMD2<Double>
        let first: SIMD2<Double>
        let second: SIMD2<Double>

        init(_ random: inout SeededGenerator, centre: SIMD2<Double>, size: Double) {
            self.centre = centre
            let angle = 2 * Double.pi * random.uniform()
            let turn = (random.uniform() < 0.5 ? 1 : -1) * (0.25 + 0.3 * random.uniform()) * 2 * .pi / 2
            first = size * (0.5 + random.uniform()) * SIMD2(cos(angle), sin(angle))
            second = size * (0.5 + random.uniform()) * SIMD2(cos(angle + turn), sin(angle + turn))
        }

        var batch: SoundingBatch {
            var batch = SoundingBatch(product: "p", gas: .co2, scale: .co2X2007, levels: 0)
            batch.ids = [1]
            batch.times = [Instant(microseconds: 0)]
            batch.longitudes = [centre.x]
            batch.latitudes = [centre.y]
            batch.columns = [400]
            batch.uncertainties = [0.5]
            batch.priorColumns = [400]
            let corners = [
                centre - first - second, centre + first - second, centre + first + second,
                centre - first + second,
            ]
            batch.cornerLongitudes = corners.map { $0.x }
            batch.cornerLatitudes = corners.map { $0.y }
            return batch
        }

        /// The response in each cell, in areas of cells, from many points.
        func dealt(_ shape: ResponseShape, _ grid: LatitudeLongitudeGrid) -> [Int: Double] {
            let count = 300
            var sums: [Int: Double] = [:]
            let widths = (
                pow(log(2), -1 / (shape.along * shape.joint)), pow(log(2), -1 / (shape.across * shape.joint))
            )
            // Beyond these the response is below 1e-5.
            let reach = (
                widths.0 * pow(log(1e5), 1 / (shape.along * shape.joint)),
                widths.1 * pow(log(1e5), 1 / (shape.across * shape.joint))
            )
            let area =
                4 * reach.0 * reach.1 / Double(count * count) * abs(first.x * second.y - first.y * second.x)
            for row in 0..<count {
                let t = reach.1 * (2 * (Double(row) + 0.5) / Double(count) - 1)
                let across = pow(abs(t) / widths.1, shape.across)
                for column in 0..<count {
                    let s = reach.0 * (2 * (Double(column) + 0.5) / Double(count) - 1)
                    let value = exp(-pow(pow(abs(s) / widths.0, shape.along) + across, shape.joint))
                    let place = centre + s * first + t * second
                    guard let cell = grid.cell(longitude: place.x, latitude: place.y) else {
                        continue
                    }
                    sums[cell, default: 0] += value * area / (grid.longitude.step * grid.latitude.step)
                }
            }
            return sums
        }
    }

    private func contributions(
        _ footprint: Parallelogram,
        _ shape: ResponseShape,
        _ grid: LatitudeLongitudeGrid
    )
        -> [Int: Double]
    {
        let block = place(footprint.batch, GriddingPlan(grid: grid, method: .response, response: shape))
        return Dictionary(uniqueKeysWithValues: zip(block.cells.map { Int($0) }, block.overlaps))
    }

    /// Of the size of cells, several cells wide, and a small part of one.
    @Test(arguments: shapes, [0.1, 0.4, 1.2]) func aCellGetsItsPartWithinTwoThousandths(
        shape: ResponseShape,
        size: Double
    ) throws {
        let grid = try tenByTen(step: 1)
        for seed in 0..<4 as Range<UInt64> {
            var random = SeededGenerator(seed: seed)
            let centre = SIMD2(4.5 + random.uniform(), 4.5 + random.uniform())
            let footprint = Parallelogram(&random, centre: centre, size: size)
            let found = contributions(footprint, shape, grid)
            let expected = footprint.dealt(shape, grid)
            let total = expected.values.reduce(0, +)
            #expect(abs(found.values.reduce(0, +) / total - 1) < 2e-3)
            for cell in 0..<grid.cellCount {
                let difference = found[cell, default: 0] - expected[cell, default: 0]
                #expect(abs(difference) < 2e-3 * total, "\(seed): \(difference / total)")
            }
        }
    }

    /// `∫∫ exp(-(|x|^a + |y|^b)^c) = 4 / (a b c) B(1/a, 1/b) Γ((1/a + 1/b) / c)`.
    @Test(arguments: shapes) func theTotalIsThatOfTheClosedForm(shape: ResponseShape) throws {
        var random = SeededGenerator(seed: 5)
        let footprint = Parallelogram(&random, centre: SIMD2(5, 5), size: 0.3)
        let (a, b, c) = (1 / shape.along, 1 / shape.across, shape.joint)
        let beta = tgamma(a) * tgamma(b) / tgamma(a + b)
        let widths = pow(log(2), -a / c) * pow(log(2), -b / c)
        let sides = footprint.first.x * footprint.second.y - footprint.first.y * footprint.second.x
        let expected = abs(sides) * widths * 4 * a * b / c * beta * tgamma((a + b) / c)
        let found = contributions(footprint, shape, try tenByTen(step: 10)).values.reduce(0, +) * 100
        #expect(abs(found / expected - 1) < 1e-4, "\(found / expected - 1)")
    }

    /// What the cells get adds up to what a single cell over all of them gets.
    @Test(arguments: shapes, 0..<50 as Range<UInt64>) func cellsAddUpToOneThatHoldsThem(
        shape: ResponseShape,
        seed: UInt64
    ) throws {
        var random = SeededGenerator(seed: seed)
        let footprint = Parallelogram(&random, centre: SIMD2(5 + random.uniform(), 5), size: 0.7)
        let whole = contributions(footprint, shape, try tenByTen(step: 10))
        let parts = contributions(footprint, shape, try tenByTen(step: 1))
        #expect(whole.count == 1)
        let sum = parts.values.reduce(0, +)
        // Cells below 1e-4 are left out.
        #expect(abs(sum / 100 / whole.values.reduce(0, +) - 1) < 1e-3)
        #expect(parts.count > 1)
    }

    @Test func partsBeyondTheGridAreCutOff() throws {
        var random = SeededGenerator(seed: 3)
        let footprint = Parallelogram(&random, centre: SIMD2(10, 5), size: 0.7)
        let narrow = contributions(footprint, .flatTopped, try tenByTen(step: 1))
        let box = try #require(BoundingBox(west: 0, south: 0, east: 20, north: 10))
        let wide = contributions(
            footprint,
            .flatTopped,
            try #require(LatitudeLongitudeGrid(box: box, stepDegrees: 1))
        )
        #expect(narrow.count > 1)
        #expect(wide.count > narrow.count)
        for (cell, part) in narrow { #expect(abs(part - (wide[cell / 10 * 20 + cell % 10] ?? 0)) < 1e-14) }
    }
}
