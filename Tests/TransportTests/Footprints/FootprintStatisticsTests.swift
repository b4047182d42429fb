import Geo
import Quantities
import TestSupport
import Testing

@testable import Transport

@Suite struct FootprintStatisticsTests {
    private func footprint(_ grid: CellGrid, _ layers: [FootprintLayer], _ place: ReceptorPoint? = nil)
        -> ReceptorFootprint
    {
        ReceptorFootprint(
            receptor: "site",
            time: noon,
            averagingSeconds: 0,
            place: place,
            grid: grid,
            layers: layers
        )
    }

    private func layer(_ cells: [Int32], _ values: [Double], _ hour: Double = -1) -> FootprintLayer {
        FootprintLayer(emission: hours(hour, hour + 1), cells: cells, values: values)
    }

    @Test func twoEqualCellsOfTheEquatorHaveTheirMiddleBetweenThem() throws {
        for west in [10, 179.5, -180.5] {
            let grid = try #require(degrees(west, -0.5, 1, columns: 3, rows: 1))
            let place = ReceptorPoint(longitude: west + 1.5, latitude: 0, heightMetres: 0)
            let both = footprint(grid, [layer([0], [2], -2), layer([0, 2], [1, 3])], place)
            let statistics = FootprintStatistics(both)
            let degree = Earth.meanRadiusMetres * .pi / 180
            let middle = try #require(Position(wrapping: west + 1.5, latitude: 0))
            #expect(try #require(statistics.centroid).distanceMetres(to: middle) < 1e-3)
            #expect(abs(statistics.spreadMetres - degree) < 1e-3)
            #expect(abs(try #require(statistics.meanDistanceMetres) - degree) < 1e-3)
            #expect(statistics.sum == 6 && statistics.maximum == 3)
        }
    }

    @Test func nestedCellsHoldTheirShareAndNoMore() throws {
        let grid = try #require(degrees(10, 0, 1, columns: 5, rows: 1))
        let statistics = FootprintStatistics(footprint(grid, [layer([0, 1, 2, 3, 4], [5, 1, 2, 1, 1])]))
        #expect(statistics.cells(holding: 0) == [] && statistics.cells(holding: 0.5) == [0])
        #expect(
            statistics.cells(holding: 0.8) == [0, 2, 1] && statistics.cells(holding: 1) == [0, 2, 1, 3, 4]
        )
        #expect(statistics.areaSquareMetres(holding: 0.5) == grid.areasSquareMetres(of: [0])[0])
        let empty = FootprintStatistics(footprint(grid, []))
        #expect(
            empty.sum == 0 && empty.centroid == nil && empty.maximumCell == nil
                && empty.cells(holding: 1).isEmpty
        )
    }

    @Test func aComparisonTellsSizePlaceAndPattern() throws {
        let grid = try #require(degrees(10, -0.5, 1, columns: 4, rows: 1))
        let first = footprint(grid, [layer([0, 1], [1, 1])])
        let same = try FootprintComparison(first, footprint(grid, [layer([0], [3], -2), layer([1], [3])]))
        #expect(
            same.relativeDifferenceOfSums == 2 && same.overlap == 1
                && (same.centroidDistanceMetres ?? 1) < 1e-3
        )
        let apart = try FootprintComparison(first, footprint(grid, [layer([1, 2], [2, 2])]))
        let degree = Earth.meanRadiusMetres * .pi / 180
        let distance = try #require(apart.centroidDistanceMetres)
        #expect(apart.overlap == 0.5 && abs(distance - degree) < 1e-3)
        let other = try #require(degrees(11, -0.5, 1, columns: 4, rows: 1))
        #expect(throws: FootprintFault.self) { try FootprintComparison(first, footprint(other, [])) }
    }

    @Test func anEnsembleHasTheMeanAndItsStandardErrors() throws {
        let grid = try #require(degrees(10, -0.5, 1, columns: 4, rows: 1))
        let members = [
            footprint(grid, [layer([0, 1], [1, 4]), layer([1], [4], -2)]), footprint(grid, [layer([0], [3])]),
        ]
        let ensemble = try FootprintEnsemble(members)
        #expect(ensemble.mean.layers == [layer([1], [2], -2), layer([0, 1], [2, 2])])
        // Half the difference of two members.
        #expect(ensemble.standardErrors.cells == [0, 1] && ensemble.standardErrors.values == [1, 4])
        #expect(ensemble.standardErrorOfSum == 3 && ensemble.members == 2)
        let one = try FootprintEnsemble([members[0]])
        #expect(one.standardErrorOfSum.isNaN && one.mean.layers.count == 2)
        #expect(throws: FootprintFault.self) { try FootprintEnsemble([]) }
    }

    @Test func aClosureTellsPartsThatDoNotSumToTheWhole() {
        let parts = [layer([0, 2], [1, 2], -3), layer([2, 3], [2, 4], -2), layer([1], [1])]
        let whole = FootprintLayer(emission: nil, cells: [0, 1, 2, 3], values: [1, 1, 4, 4])
        let closed = FootprintClosure(whole: whole, parts: parts)
        #expect(closed.verdict == .closed && closed.largestRelativeDifference == 0)
        let open = FootprintClosure(whole: whole, parts: Array(parts.dropLast()))
        #expect(open.verdict == .violated && open.largestRelativeDifference == 0.25)
        #expect(open.relativeDifferenceOfSums == -0.1 && open.summedRelativeDifference == 0.1)
        #expect(open.line.contains("-10.0 %") && open.line.contains("25.0 %"))
        #expect(FootprintClosure(whole: layer([], []), parts: []).verdict == .undecided)
        #expect(FootprintClosure(whole: layer([0], [.nan]), parts: parts).verdict == .undecided)
    }

    @Test func aClosureSeesANumberMissingInOnePartOnly() {
        let whole = FootprintLayer(emission: nil, cells: [0, 1], values: [1, 1])
        #expect(FootprintClosure(whole: whole, parts: [layer([0, 1], [1, .nan])]).verdict == .undecided)
    }
}
