import Foundation
import Testing

@testable import Transport

@Suite struct HysplitColumnTests {
    @Test func levelsAreThoseOfHysplit() {
        #expect((0..<5).map(HysplitLevels.metres) == [10, 75, 200, 385, 630])
        for level in 0..<HysplitLevels.count {
            let height = HysplitLevels.metres(level)
            #expect(HysplitLevels.level(height) == level && HysplitLevels.nearest(height + 1) == level)
            #expect(level == 0 || HysplitLevels.level(height.nextDown) == level - 1)
        }
        #expect(HysplitLevels.level(0) == 0 && HysplitLevels.level(1e6) == HysplitLevels.count - 1)
    }

    @Test func aThinLayerLiesOnTheMixedOne() {
        let layers = TurbulentLayers(
            depthMetres: 500,
            earlyDepth: 500,
            lateDepth: 500,
            early: 0,
            late: 0,
            share: 0,
            scale: 1
        )
        // 630 m is the first level that is not below 500 m; the next is 935 m.
        #expect((0..<7).map(layers.boundary) == [10, 75, 200, 385, 630, 645.25, 935])
        #expect([5, 80, 400, 629, 631, 700, 940].map(layers.layer) == [0, 1, 3, 3, 4, 5, 6])
        #expect([3, 4, 5, 6].map { layers.level(ofLayer: $0) } == [3, 4, 5, 5])
    }

    private func column(lapse: Float, wind: Float = 5) -> HysplitColumn {
        let points = stride(from: Float(0), through: 6000, by: 500).map { height in
            HysplitColumn.Point(
                height: height,
                logPressure: log(100_000) - height / 8500,
                temperature: 300 - lapse * height,
                wind: SIMD3(height == 0 ? wind / 2 : wind, 0, 0)
            )
        }
        return HysplitColumn(points, scale: 1)
    }

    @Test func windIsLinearBetweenTheGroundAndTheFirstLevel() {
        let column = column(lapse: 0.0065)
        #expect(abs(column.along[1] - (2.5 + 2.5 * 75 / 500)) < 1e-5)
        #expect(abs(column.air(atMetres: 42.5).x - (2.5 + 2.5 * 42.5 / 500)) < 1e-5)
    }

    @Test func potentialTemperatureIsHeldAboveTheMeteorology() {
        let column = column(lapse: 0.0065)
        let top = column.heights.lastIndex { $0 <= 6000 } ?? 0
        #expect(column.potential[top...].allSatisfy { abs($0 - column.potential[top]) < 0.01 })
        #expect(zip(column.density[top...], column.density[(top + 1)...]).allSatisfy { $0 > $1 && $1 > 0 })
    }

    @Test func stableAirIsShallowAndUnstableAirDeep() {
        let stable = column(lapse: 0.001)
        let surface = HysplitSurface(stable, roughness: 0.2)
        #expect(surface.inverseLength > 0 && stable.mixedLayerMetres(surface) < 400)
        var heated = column(lapse: 0.0065)
        heated.potential[0] += 3
        let convective = HysplitSurface(heated, roughness: 0.2)
        // At the limit of the Obukhov length: -2 at 75 m.
        #expect(abs(convective.inverseLength + 2 / 75) < 1e-5)
        #expect(heated.mixedLayerMetres(convective) > 500)
    }

    /// At 9.6 m in a layer of 1867 m with w* 3.12 m/s and an Obukhov length of -36.06 m, HYSPLIT 5.1 has 0.979 m/s
    /// and 2.177 s.
    @Test func turbulenceIsThatOfHysplit() {
        var surface = HysplitSurface(column(lapse: 0.0065), roughness: 0.2)
        (surface.frictionVelocity, surface.inverseLength) = (0.25, -1 / 36.06)
        let low = surface.turbulence(atMetres: 9.61, depthMetres: 1867.41, 3.12)
        #expect(abs(low.x - 0.979) < 0.005 && abs(low.y - 2.177) < 0.02)
    }
}
