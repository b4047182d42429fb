import Foundation
import Quantities

/// What a sensor reads without plumes, in the course of time: a low percentile of its window means, which plumes do not
/// reach as long as they are away for a part of the time, brought to the mean of the unperturbed ones by their scatter.
struct SensorBackground: Sendable {
    /// Standard deviation of window means without plumes, ppm.
    let deviation: Double
    /// That of the background itself, ppm.
    let uncertainty: Double
    private let knots: [(window: Double, value: Double)]

    /// - Parameters:
    ///   - means: windows and their means, in the order of time; at least one.
    ///   - percentile: 0 to 50.
    ///   - windows: how many of them the percentile is taken of.
    init(of means: [(window: Double, value: Double)], percentile: Double, windows: Double) {
        let share = min(max(percentile / 100, 0.001), 0.5)
        let (first, last) = (means[0].window, means[means.count - 1].window)
        let count = max(1, min(20_000, ((last - first) / max(1, windows / 6)).rounded(.up)))
        var (quantiles, spreads, scores) = ([(window: Double, value: Double)](), [Double](), [Double]())
        let all = means.map(\.value).sorted()
        for knot in 0...(Int(exactly: count) ?? 1) {
            let centre = first + (last - first) * Double(knot) / count
            let from = means.partitioningIndex { $0.window >= centre - windows / 2 }
            let to = means.partitioningIndex { $0.window > centre + windows / 2 }
            let near = to - from >= Self.leastCount ? means[from..<to].map(\.value).sorted() : all
            quantiles.append((centre, quantile(near, share)))
            let width = expected(near.count, 0.30) - expected(near.count, 0.05)
            spreads.append(width > 0 ? (quantile(near, 0.30) - quantile(near, 0.05)) / width : 0)
            scores.append(expected(near.count, share))
        }
        let floor = Self.leastRelativeDeviation * abs(quantile(all, 0.5))
        let scatter = max(quantile(spreads.sorted(), 0.5), floor, .leastNormalMagnitude)
        deviation = scatter
        let z = NormalDistribution.quantile(share)
        knots = zip(quantiles, scores).map { ($0.window, $0.value - $1 * scatter) }
        // Of a quantile of independent values (Conover 1999, section 3.2), a third of which are so.
        let density = exp(-0.5 * z * z) / (2 * Double.pi).squareRoot()
        let independent = max(1, min(Double(means.count), windows) / 3)
        uncertainty = scatter * (share * (1 - share) / independent).squareRoot() / density
    }

    /// ppm.
    func value(at window: Double) -> Double {
        let next = knots.partitioningIndex { $0.window > window }
        guard next > 0 else { return knots[0].value }
        guard next < knots.count else { return knots[knots.count - 1].value }
        let (before, after) = (knots[next - 1], knots[next])
        return before.value
            + (after.value - before.value) * (window - before.window) / (after.window - before.window)
    }

    private static let leastCount = 8
    /// Digits of a sensor end somewhere.
    private static let leastRelativeDeviation = 1e-4
}

/// Linear between the order statistics (Hyndman and Fan 1996, definition 7).
func quantile(_ sorted: [Double], _ share: Double) -> Double {
    let place = share * Double(sorted.count - 1)
    let lower = min(max(Int(exactly: place.rounded(.down)) ?? 0, 0), sorted.count - 1)
    let upper = min(lower + 1, sorted.count - 1)
    return sorted[lower] + (place - Double(lower)) * (sorted[upper] - sorted[lower])
}

/// What ``quantile(_:_:)`` of so many standard normal values is expected to be, by the positions of Hazen (1914).
private func expected(_ count: Int, _ share: Double) -> Double {
    NormalDistribution.quantile((share * Double(count - 1) + 0.5) / Double(max(count, 1)))
}

extension WindowMeans {
    /// Takes the background off.
    mutating func removeBackground(_ settings: TraceSettings) {
        let (percentile, hours) =
            switch settings.background {
            case .percentile(let percentile, let hours), .upwind(let percentile, let hours):
                (percentile, hours)
            }
        for sensor in sensors.indices {
            let own = rows.indices.filter { rows[$0].sensor == sensor }
            guard !own.isEmpty else { continue }
            let background = SensorBackground(
                of: own.map { (Double(rows[$0].window), rows[$0].moleFraction) },
                percentile: percentile,
                windows: hours * 3600e6 / Double(windowMicroseconds)
            )
            for row in own {
                let stated = rows[row].statedUncertainty
                rows[row].enhancement =
                    rows[row].moleFraction - background.value(at: Double(rows[row].window))
                rows[row].deviation =
                    (background.deviation * background.deviation + stated * stated
                    + background.uncertainty * background.uncertainty).squareRoot()
            }
        }
    }

    /// Takes off what the sensors without a source upwind have in common with each other in a window; their scatter
    /// adds to the deviations.
    mutating func removeCommonPart(isClean: (WindowMean) -> Bool) {
        var start = 0
        while start < rows.count {
            let end = rows[start...].firstIndex { $0.window != rows[start].window } ?? rows.count
            let clean = rows[start..<end].filter(isClean).map(\.enhancement)
            if clean.count >= 2 {
                let mean = clean.reduce(0, +) / Double(clean.count)
                let squares = clean.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
                let variance = squares / Double(clean.count - 1) / Double(clean.count)
                for row in start..<end {
                    rows[row].enhancement -= mean
                    rows[row].deviation =
                        (rows[row].deviation * rows[row].deviation + variance).squareRoot()
                }
            }
            start = end
        }
    }
}
