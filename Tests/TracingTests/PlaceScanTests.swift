import Foundation
import Geo
import Quantities
import TestSupport
import Testing

@testable import Tracing

/// Looking for a place without candidates.
@Suite struct PlaceScanTests {
    private func grid(_ west: Double, _ south: Double, _ east: Double, _ north: Double) throws -> PlaceGrid {
        let (low, high) = (Site.place(west, south), Site.place(east, north))
        let box = BoundingBox(
            west: low.longitude,
            south: low.latitude,
            east: high.longitude,
            north: high.latitude
        )
        return try PlaceGrid(try #require(box), stepMetres: 10, heightsMetres: [3])
    }

    private func event(_ site: Site, _ grid: PlaceGrid) async throws -> TracedEvent {
        let readings = try site.readings(rates: [1.2, 0], emitting: 180..<330)
        let search = try SourceTrace(readings, wind: try WindRecord(site.steps), site.settings)
        return try #require(try await search.perform(sources: [], scan: grid).events.first)
    }

    @Test func theBestPlaceIsThatOfTheSource() async throws {
        var site = Site()
        site.settings.windDirectionError = 3
        let location = try #require(try await event(site, try grid(-55, -55, 55, 55)).location)
        #expect(location.position.distanceMetres(to: site.sources[0].position) <= 12)
        #expect(
            location.position.distanceMetres(to: site.sources[0].position) <= location.regionReachMetres + 7.1
        )
        #expect(location.regionSquareMetres >= 99 && location.regionSquareMetres < 3000)
        #expect(!location.isOpen && location.gain > 10)
        #expect(location.rate.lower95 < 1.2 && 1.2 < location.rate.upper95)
    }

    /// Wind that was read wrong by about an error for the whole event leaves the source within the region.
    @Test(arguments: [-9.0, 9]) func theRegionHoldsWhatTheErrorOfTheWindMayMove(degrees: Double)
        async throws
    {
        var site = Site()
        site.settings.modelFactor = 1.1
        let readings = try site.readings(rates: [1.2, 0], emitting: 180..<330)
        let (cosine, sine) = (cos(degrees * .pi / 180), sin(degrees * .pi / 180))
        site.steps = site.steps.map { step in
            let (x, y) = (step.velocity.x, step.velocity.y)
            return WindRecord.Step(
                time: step.time,
                velocity: SIMD2(x * cosine - y * sine, x * sine + y * cosine)
            )
        }
        let search = try SourceTrace(readings, wind: try WindRecord(site.steps), site.settings)
        let result = try await search.perform(sources: [], scan: try grid(-55, -55, 55, 55))
        let location = try #require(result.events.first?.location)
        let moved = location.position.distanceMetres(to: site.sources[0].position)
        #expect(moved <= location.regionReachMetres, "\(moved) \(location.regionReachMetres)")
        #expect(location.rate.lower95 < 1.2 && 1.2 < location.rate.upper95)
    }

    @Test func theTurnsOfTheWindAreAsLikelyAsANormalErrorHasThem() throws {
        var settings = Site(minutes: 1).settings
        for turns in [WindTurns.few(settings), .many(settings)] {
            let zero = turns.turns[0]
            let nodes = turns.turns.map { turn in
                atan2(turns.directions[turn].y, turns.directions[turn].x) * 180 / .pi
                    / settings.windDirectionError
            }
            let weights = turns.logWeights.map { exp($0) }
            #expect(turns.directions[zero] == SIMD2(1, 0) && abs(weights.reduce(0, +) - 1) < 1e-12)
            #expect(abs(zip(weights, nodes).reduce(0) { $0 + $1.0 * $1.1 }) < 1e-12)
            #expect(abs(zip(weights, nodes).reduce(0) { $0 + $1.0 * $1.1 * $1.1 } - 1) < 0.03)
            let outer = turns.directions[zero + turns.offset]
            #expect(abs(atan2(outer.y, outer.x) * 180 / .pi - 10 * 3.0.squareRoot()) < 1e-9)
        }
        settings.windDirectionError = 0
        #expect(WindTurns.many(settings).directions == [SIMD2(1, 0)])
    }

    @Test func aBoxBesideTheSourceIsLeftOpen() async throws {
        let location = try #require(try await event(Site(), try grid(0, -50, 50, 0)).location)
        #expect(location.isOpen)
    }

    /// Chunks run on as many threads as there are, and each place by itself gives the same bits.
    @Test func placesDoNotDependOnEachOther() async throws {
        let data = EventData(
            enhancements: [1, 0.1, 0.8, 0],
            deviations: [0.1, 0.1, 0.1, 0.1],
            windows: [0..<2, 2..<4],
            sensors: [0, 1, 0, 1]
        )
        let column: @Sendable (Int) -> TurnedColumn = { index in
            let value = Double(index % 17) / 10 + 0.1
            return TurnedColumn(
                turns: [[value, 0.1, value / 2, 0.05].map { Sensitivity(centre: $0, odd: 0.1 * $0) }],
                logWeights: [0]
            )
        }
        let likelihood = RateLikelihood(data: data, scatter: 0.7)
        let all = try await PlaceScan(count: 500, column: column).peaks(likelihood)
        #expect(all.count == 500)
        for index in stride(from: 0, to: 500, by: 37) {
            let alone = try await PlaceScan(count: 1) { _ in column(index) }.peaks(likelihood)
            #expect(alone[0].value == all[index].value && alone[0].rate == all[index].rate)
        }
    }

    @Test func tooManyPlacesAreRefused() throws {
        let box = try #require(BoundingBox(west: 0, south: 0, east: 10, north: 10))
        #expect(throws: TraceError.self) { try PlaceGrid(box, stepMetres: 1, heightsMetres: [1]) }
        let around = try #require(BoundingBox(west: -180, south: -90, east: 360, north: 90))
        #expect(throws: TraceError.self) { try PlaceGrid(around, stepMetres: 1e-9, heightsMetres: [1]) }
    }

    /// Cells of 10 m in a box of 110 by 110 m.
    @Test func theCellsAreAsLargeAsAsked() throws {
        let grid = try grid(-55, -55, 55, 55)
        #expect(grid.columns == 11 && grid.rows == 11 && grid.positions.count == 121)
        #expect(abs(grid.stepsMetres.x - 10) < 0.01 && abs(grid.stepsMetres.y - 10) < 0.01)
    }
}
