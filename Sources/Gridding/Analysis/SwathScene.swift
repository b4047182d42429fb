import Foundation
import Observations
import Quantities

/// Soundings that came within an hour and 150 km, parted into swaths: a snapshot area map of OCO-3, a target, or
/// whatever looked at one place again.
///
/// Swaths of a snapshot area map may differ by a ppm or more where they touch, as the geometry of each is another
/// (Bell et al. 2023, AMT 16, 109): gridded together they make plumes that do not exist. Each pair of swaths is
/// compared by the medians of the soundings of either that lie near a sounding of the other, so that a gradient over
/// the scene does not count as a jump.
struct SwathScene: Sendable {
    struct Sounding {
        let time: Instant
        let longitude: Double
        let latitude: Double
        let value: Double
    }

    /// A scene that grows beyond this is closed.
    static let mostSoundings = 20_000

    private let settings: BiasSettings
    private var swaths: [[Sounding]] = []
    private var count = 0

    init(_ settings: BiasSettings) { self.settings = settings }

    /// Whether a sounding belongs to this scene.
    func holds(_ sounding: Sounding) -> Bool {
        guard let first = swaths.first?.first else { return true }
        guard count < Self.mostSoundings else { return false }
        let seconds = sounding.time.seconds(since: first.time)
        guard seconds >= 0, seconds <= settings.sceneSeconds else { return false }
        let (x, y) = kilometres(from: first, to: sounding)
        return x * x + y * y <= settings.sceneKilometres * settings.sceneKilometres
    }

    mutating func add(_ sounding: Sounding) {
        count += 1
        if let last = swaths.last?.last,
            sounding.time.seconds(since: last.time) <= settings.swathGapSeconds
        {
            swaths[swaths.count - 1].append(sounding)
        } else {
            swaths.append([sounding])
        }
    }

    /// Of every two swaths that come near each other.
    func jumps() -> [SwathJump] {
        let large = swaths.filter { $0.count >= settings.fewestNeighbours }
        guard large.count > 1 else { return [] }
        var found: [SwathJump] = []
        for (index, first) in large.enumerated() {
            for second in large[(index + 1)...] {
                if let jump = jump(first, second) { found.append(jump) }
            }
        }
        return found
    }

    private func jump(_ first: [Sounding], _ second: [Sounding]) -> SwathJump? {
        let (nearFirst, nearSecond) = (near(first, second), near(second, first))
        let fewest = settings.fewestNeighbours
        guard nearFirst.count >= fewest, nearSecond.count >= fewest else { return nil }
        let (a, b) = (MedianEstimate(nearFirst), MedianEstimate(nearSecond))
        let error = (a.standardError * a.standardError + b.standardError * b.standardError).squareRoot()
        let compared = nearFirst + nearSecond
        let reference = compared[0].longitude
        let longitudes = compared.map { reference + wrapped($0.longitude - reference) }
        let latitudes = compared.map(\.latitude)
        guard let west = longitudes.min(), let east = longitudes.max(), let south = latitudes.min(),
            let north = latitudes.max()
        else { return nil }
        return SwathJump(
            firstSeconds: first[0].time.secondsSince1970,
            secondSeconds: second[0].time.secondsSince1970,
            longitude: wrapped((west + east) / 2),
            latitude: (south + north) / 2,
            halfWidthDegrees: (east - west) / 2,
            halfHeightDegrees: (north - south) / 2,
            finding: BiasFinding(
                "swath jump",
                Estimate(mean: b.median - a.median, standardDeviation: error),
                count: compared.count,
                settings
            )
        )
    }

    /// The soundings of one swath with one of the other in reach.
    private func near(_ swath: [Sounding], _ other: [Sounding]) -> [Sounding] {
        guard let origin = swath.first else { return [] }
        let reach = settings.neighbourKilometres
        var buckets: [SIMD2<Int>: [SIMD2<Double>]] = [:]
        for sounding in other {
            let place = place(of: sounding, origin)
            buckets[bucket(place, reach), default: []].append(place)
        }
        return swath.filter { sounding in
            let place = place(of: sounding, origin)
            let middle = bucket(place, reach)
            for x in -1...1 {
                for y in -1...1 {
                    for candidate in buckets[middle &+ SIMD2(x, y)] ?? [] {
                        let difference = candidate - place
                        if (difference * difference).sum() <= reach * reach { return true }
                    }
                }
            }
            return false
        }
    }

    private func place(of sounding: Sounding, _ origin: Sounding) -> SIMD2<Double> {
        let (x, y) = kilometres(from: origin, to: sounding)
        return SIMD2(x, y)
    }

    private func bucket(_ place: SIMD2<Double>, _ size: Double) -> SIMD2<Int> {
        SIMD2(Int((place.x / size).rounded(.down)), Int((place.y / size).rounded(.down)))
    }

    /// In the plane that touches the Earth at the origin: within 150 km good to a hundredth.
    private func kilometres(from origin: Sounding, to sounding: Sounding) -> (x: Double, y: Double) {
        let perDegree = SpherePoint.radiusKilometres * .pi / 180
        let shrink = cos(origin.latitude * .pi / 180)
        return (
            wrapped(sounding.longitude - origin.longitude) * shrink * perDegree,
            (sounding.latitude - origin.latitude) * perDegree
        )
    }

    private func wrapped(_ degrees: Double) -> Double {
        degrees - 360 * ((degrees + 180) / 360).rounded(.down)
    }
}

/// A median and its standard error: 1.2533 s / √m, the larger of what the scatter of soundings and that of the means
/// of frames gives.
///
/// Frames follow each other with correlated errors (10 to 20 km: Baker et al. 2022, GMD 15, 649), so that `n` of them
/// count as `m = n (1 - r) / (1 + r)` with their autocorrelation `r` at one step, which in a short series is too
/// small by `(1 + 4 r) / n` (Kendall 1954, Biometrika 41, 403).
private struct MedianEstimate {
    let median: Double
    let standardError: Double

    /// - Parameter soundings: in the order of time.
    init(_ soundings: [SwathScene.Sounding]) {
        let values = soundings.map(\.value)
        let middle = values.median
        let deviation = 1.4826 * values.map { abs($0 - middle) }.median
        let frames = Self.frameMeans(soundings)
        let count = Double(frames.count)
        let scatter = max(deviation * deviation / count, Self.varianceOfMean(frames))
        median = middle
        standardError = 1.2533 * scatter.squareRoot()
    }

    private static func frameMeans(_ soundings: [SwathScene.Sounding]) -> [Double] {
        var means: [Double] = []
        var start = 0
        while start < soundings.count {
            var end = start + 1
            while end < soundings.count, soundings[end].time == soundings[start].time { end += 1 }
            means.append(soundings[start..<end].reduce(0) { $0 + $1.value } / Double(end - start))
            start = end
        }
        return means
    }

    private static func varianceOfMean(_ values: [Double]) -> Double {
        guard values.count >= 3 else { return 0 }
        let count = Double(values.count)
        let mean = values.reduce(0, +) / count
        let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        guard squares > 0 else { return 0 }
        let products = zip(values, values.dropFirst()).reduce(0) { $0 + ($1.0 - mean) * ($1.1 - mean) }
        let observed = products / squares
        let correlation = count > 8 ? (observed + 1 / count) / (1 - 4 / count) : observed
        let bounded = max(0, min(0.95, correlation))
        let independent = max(1, count * (1 - bounded) / (1 + bounded))
        return squares / (count - 1) / independent
    }
}
