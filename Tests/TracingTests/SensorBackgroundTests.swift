import Foundation
import Quantities
import TestSupport
import Testing

@testable import Tracing

/// What a sensor reads without plumes.
@Suite struct SensorBackgroundTests {
    private func means(seed: Int, plumes: Double) -> [(window: Double, value: Double)] {
        var generator = SeededGenerator(seed: UInt64(seed))
        return (0..<200).map { window in
            let plume = generator.uniform() < plumes ? 1 + generator.uniform() : 0
            return (Double(window), 2 + 0.05 * generator.normal() + plume)
        }
    }

    @Test(arguments: [0, 0.3]) func theMeanOfTheCleanWindowsComesBack(plumes: Double) {
        var (bias, scatter) = (0.0, 0.0)
        for seed in 0..<50 {
            let background = SensorBackground(
                of: means(seed: seed, plumes: plumes),
                percentile: 10,
                windows: 24
            )
            for window in [20.0, 100, 180] { bias += (background.value(at: window) - 2) / 150 }
            scatter += background.deviation / 50
            #expect(background.uncertainty > 0 && background.uncertainty < 0.1)
        }
        #expect(abs(bias) < 0.025, "\(bias)")
        #expect(abs(scatter / 0.05 - 1) < 0.4, "\(scatter)")
    }

    @Test func aDriftIsFollowed() {
        let drifting = (0..<400).map { (window: Double($0), value: 2 + 0.01 * Double($0)) }
        let background = SensorBackground(of: drifting, percentile: 10, windows: 24)
        #expect(abs(background.value(at: 200) - 4) < 0.15)
        #expect(background.value(at: -10) == background.value(at: 0))
    }

    @Test func aSensorThatNeverChangesHasTheNoiseOfItsDigits() {
        let still = (0..<50).map { (window: Double($0), value: 2.0) }
        let background = SensorBackground(of: still, percentile: 10, windows: 24)
        #expect(abs(background.deviation - 2e-4) < 1e-12)
        let one = SensorBackground(of: [(window: 0, value: 0)], percentile: 10, windows: 24)
        #expect(one.deviation > 0 && one.value(at: 5).isFinite)
    }
}
