import Geo

extension VerdictColumn {
    mutating func testFix(_ series: QualitySeries, _ limit: FixLimit) {
        for point in series.track {
            let satellites = series.satellites[point.index]
            let error = series.fixErrors[point.index]
            // What is not reported cannot be judged.
            if satellites < limit.fewestSatellites || error > limit.largestErrorMetres {
                mark(point.index, .suspect, .fix)
            } else if satellites.isFinite || error.isFinite {
                pass(point.index)
            }
        }
    }

    /// A place that cannot be reached from the last one. Where it is the last one that stood aside, because this
    /// place can be reached from the one before, only that one is marked.
    mutating func testJumps(_ track: [QualitySeries.TrackPoint], _ limitMetresPerSecond: Double) {
        for place in 1..<max(1, track.count) {
            guard track[place].seconds(since: track[place - 1]) <= QualityProfile.longestFixStepSeconds else {
                continue
            }
            let isReached = track[place].isReachable(from: track[place - 1], at: limitMetresPerSecond)
            let wasAside =
                place > 1 && !track[place - 1].isReachable(from: track[place - 2], at: limitMetresPerSecond)
                && track[place].isReachable(from: track[place - 2], at: limitMetresPerSecond)
                && track[place].seconds(since: track[place - 2]) <= QualityProfile.longestFixStepSeconds
            if isReached || wasAside {
                pass(track[place].index)
            } else {
                mark(track[place].index, .suspect, .positionJump)
            }
        }
    }

    mutating func remarkStandstill(_ speeds: [Double], _ limitMetresPerSecond: Double) {
        for index in speeds.indices where speeds[index] < limitMetresPerSecond { remark(index, .standstill) }
    }
}

extension QualityProfile {
    /// Places further apart in time are not compared.
    static let longestFixStepSeconds = 300.0
}

extension QualitySeries.TrackPoint {
    fileprivate func seconds(since other: Self) -> Double { Double(time - other.time) / 1e6 }

    /// Receivers report once a second at best: of two readings in one second the second may have a new place that
    /// is a second away.
    fileprivate func isReachable(from other: Self, at metresPerSecond: Double) -> Bool {
        let reach = metresPerSecond * max(1, seconds(since: other))
        // A minute of arc of latitude is 1.85 km, so most steps need no trigonometry.
        let degrees = abs(latitude - other.latitude) + abs(longitude - other.longitude)
        if degrees * Earth.metresPerDegree <= reach { return true }
        guard let here = Position(longitude: longitude, latitude: latitude),
            let there = Position(longitude: other.longitude, latitude: other.latitude)
        else { return false }
        return here.distanceMetres(to: there) <= reach
    }
}

extension Earth {
    /// Of a great circle.
    fileprivate static let metresPerDegree = meanRadiusMetres * Double.pi / 180
}
