import Foundation
import Geo
import Quantities
import TestSupport
import Testing

@Suite struct RegionTests {
    private typealias Corner = (Double, Double)

    private func ring(_ corners: [Corner]) throws -> RegionRing {
        try RegionRing(closed: (corners + [corners[0]]).map { SIMD2($0.0, $0.1) })
    }

    private func square(_ west: Double, _ south: Double, _ side: Double) throws -> RegionRing {
        try ring([
            (west, south), (west + side, south), (west + side, south + side), (west, south + side),
        ])
    }

    private func region(_ rings: RegionRing...) throws -> Region {
        try Region(name: "area", polygons: rings.map { RegionPolygon(outline: $0) })
    }

    private func flaw(_ body: () throws -> Void) -> RegionFlaw? {
        do {
            try body()
            return nil
        } catch {
            return error as? RegionFlaw
        }
    }

    @Test func theDirectionOfCornersIsOfNoMatter() throws {
        let corners = [(0.0, 0.0), (3, 0), (3, 2), (0, 2)]
        #expect(Set(try ring(corners).corners) == Set(try ring(corners.reversed()).corners))
        #expect(try region(ring(corners)).areaSquareMetres > 0)
        #expect(try region(ring(corners.reversed())).areaSquareMetres > 0)
    }

    @Test func theAreaOfABoxAndOfTheEarth() throws {
        let radius = Earth.authalicRadiusMetres
        let earth = try region(ring([(-180, -90), (180, -90), (180, 90), (-180, 90)])).areaSquareMetres
        #expect(abs(earth / (4 * .pi * radius * radius) - 1) < 1e-14)
        let box = try region(ring([(70, 30), (73, 30), (73, 35), (70, 35)])).areaSquareMetres
        let radians = Double.pi / 180
        let expected = radius * radius * 3 * radians * (sin(35 * radians) - sin(30 * radians))
        #expect(abs(box / expected - 1) < 1e-13)
    }

    /// Halves of a box add up to it, whatever the slope of the edge between them.
    @Test(arguments: [1e-7, 1e-3, 0.1, 2, 4.9]) func slopingEdgesKeepTheArea(rise: Double) throws {
        let whole = try region(ring([(10, 40), (30, 40), (30, 45), (10, 45)])).areaSquareMetres
        let lower = try region(ring([(10, 40), (30, 40), (30, 40 + rise)])).areaSquareMetres
        let upper = try region(ring([(10, 40), (30, 40 + rise), (30, 45), (10, 45)])).areaSquareMetres
        #expect(abs((lower + upper) / whole - 1) < 1e-13)
    }

    @Test func aRingMayCrossTheAntimeridianInThreeWays() throws {
        let jump = try ring([(178, 10), (-178, 10), (-178, 12), (178, 12)])
        let beyond = try ring([(178, 10), (182, 10), (182, 12), (178, 12)])
        #expect(jump == beyond)
        let halves = try region(
            ring([(178, 10), (180, 10), (180, 12), (178, 12)]),
            ring([(-180, 10), (-178, 10), (-178, 12), (-180, 12)])
        )
        let (one, two) = (try region(jump).areaSquareMetres, halves.areaSquareMetres)
        #expect(abs(one / two - 1) < 1e-12)
    }

    @Test func aContinentRoundThePoleMustBeCut() throws {
        let coast = stride(from: -180.0, through: 150, by: 30).map { ($0, -70 + 5 * sin($0)) }
        #expect(flaw { _ = try ring(coast) } == .goesRoundPole)
        let cut = coast + [(180, coast[0].1), (180, -90), (-180, -90)]
        let area = try region(ring(cut)).areaSquareMetres
        #expect((15e12...25e12).contains(area), "\(area)")
    }

    @Test func badRingsSayWhatIsWrong() throws {
        #expect(flaw { _ = try ring([(0, 0), (1, 0)]) } == .tooFewCorners)
        #expect(flaw { _ = try ring([(0, 0), (1, 0), (2, 0)]) } == .noArea)
        #expect(flaw { _ = try ring([(0, 0), (1, 0), (0, 95)]) } == .outOfRange(longitude: 0, latitude: 95))
        #expect(flaw { _ = try ring([(4e5, 3e6), (4e5, 4e6), (5e5, 3e6)]) } != nil)
        let long = flaw { _ = try ring([(-100, 0), (100, 0), (100, 20), (-100, 20)]) }
        #expect(long == .longEdge(longitude: -100, latitude: 0))
        let open = [SIMD2(0.0, 0), SIMD2(1, 0), SIMD2(1, 1), SIMD2(0, 1)]
        #expect(flaw { _ = try RegionRing(closed: open) } == .notClosed)
        let nan = flaw { _ = try ring([(0, 0), (.nan, 0), (1, 1)]) }
        if case .outOfRange? = nan { return }
        Issue.record("\(String(describing: nan))")
    }

    @Test func badRegionsSayWhatIsWrong() throws {
        let crossed = flaw { _ = try region(ring([(0, 0), (3, 2), (3, 0), (0, 1)])) }
        if case .crossesItself? = crossed {} else { Issue.record("\(String(describing: crossed))") }
        #expect(flaw { _ = try region(square(0, 0, 4), square(1, 1, 1)) } == .partsOverlap)
        #expect(flaw { _ = try region(square(0, 0, 4), square(0, 0, 4)) } == .partsOverlap)
        let outside = flaw {
            let polygon = RegionPolygon(outline: try square(0, 0, 4), holes: [try square(5, 5, 1)])
            _ = try Region(name: "area", polygons: [polygon])
        }
        #expect(outside == .holeOutside)
    }

    @Test func partsMayTouchAndLieInHoles() throws {
        _ = try region(square(0, 0, 2), square(2, 1, 2))
        let ring = RegionPolygon(outline: try square(0, 0, 6), holes: [try square(1, 1, 4)])
        let island = RegionPolygon(outline: try square(2, 2, 1))
        let both = try Region(name: "area", polygons: [ring, island])
        #expect(both.polygons.count == 2)
    }
}
