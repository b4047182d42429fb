import Foundation
import Geo

/// Rows gathered by the time since the first row of their particle, with the width of the kernel of each time.
struct AgeGroups {
    private(set) var tracks: PlaneTracks
    /// Rows of group `g` are `starts[g]..<starts[g + 1]`.
    private(set) var starts: [Int] = [0]
    /// Minutes since the first row, ascending.
    private(set) var elapsed: [Double] = []
    /// In the unit of the grid.
    private(set) var widths: [Double] = []

    /// What times are told apart by, minutes: 60 ms.
    private static let resolution = 1e-3

    init(_ tracks: PlaneTracks) {
        self.tracks = tracks
        let since = Self.minutesSinceFirst(tracks)
        let keys = since.map { Int(($0 / Self.resolution).rounded()) }
        // All keys are multiples of one step for a run of equal ones, so that they can be counted, not compared.
        let step = keys.reduce(0) { $0 == 0 || $1 % $0 != 0 ? Self.commonDivisor($0, $1) : $0 }
        let count = step == 0 ? 1 : (keys.max() ?? 0) / step + 1
        if keys.isEmpty { return }
        let order: [Int32]
        if count <= 4 * keys.count + 1_000_000 {
            order =
                CountingSort.order(
                    keys: keys.map { Int32(truncatingIfNeeded: step == 0 ? 0 : $0 / step) },
                    count: count
                ).indices
        } else {
            order = (0..<Int32(truncatingIfNeeded: keys.count)).sorted {
                (keys[Int($0)], $0) < (keys[Int($1)], $1)
            }
        }
        self.tracks.take(order)
        for index in 1...order.count
        where index == order.count || keys[Int(order[index])] != keys[Int(order[index - 1])] {
            elapsed.append(since[Int(order[index - 1])])
            starts.append(index)
        }
    }

    var count: Int { elapsed.count }

    private static func minutesSinceFirst(_ tracks: PlaneTracks) -> [Double] {
        var first = [Double](repeating: .infinity, count: tracks.particleCount)
        for (number, minutes) in zip(tracks.particle, tracks.minutes) {
            first[Int(number)] = min(first[Int(number)], abs(minutes))
        }
        return zip(tracks.particle, tracks.minutes).map { abs($1) - first[Int($0)] }
    }

    private static func commonDivisor(_ a: Int, _ b: Int) -> Int {
        var (a, b) = (a, b)
        while b != 0 { (a, b) = (b, a % b) }
        return a
    }

    /// Width = factor x 0.06 x (variance along both axes, summed)^(1/4) x (days)^(1/2), over the cosine of the mean
    /// latitude where the plane is degrees. A time with one particle takes the width of the nearest that has more.
    mutating func findWidths(_ grid: CellGrid, _ options: FootprintGridding.Options) {
        let isDegrees = grid.projected == nil
        let unit = !isDegrees && options.projectedKernel == .earth ? Self.metresPerDegree : 1
        var found: [Double?] = []
        for group in 0..<count {
            let rows = starts[group]..<starts[group + 1]
            guard rows.count > 1 else {
                found.append(nil)
                continue
            }
            let (across, along) = (Moments(tracks.x[rows]), Moments(tracks.y[rows]))
            let spread = ((across.variance + along.variance) / (unit * unit)).squareRoot().squareRoot()
            let age = (elapsed[group] / 1440).squareRoot()
            let parallel = isDegrees ? max(Self.leastCosine, cos(along.mean * .pi / 180)) : 1
            found.append(options.smoothing * 0.06 * spread * age / parallel * unit)
        }
        widths = Self.filled(found, elapsed)
    }

    private static let metresPerDegree = Earth.meanRadiusMetres * .pi / 180
    /// Beyond 89.4 degrees no width in degrees of longitude means anything.
    private static let leastCosine = 0.01

    private static func filled(_ widths: [Double?], _ elapsed: [Double]) -> [Double] {
        let known = widths.indices.filter { widths[$0] != nil }
        guard !known.isEmpty else { return widths.map { _ in 0 } }
        return widths.indices.map { index in
            if let width = widths[index] { return width }
            let nearest = known.min { abs(elapsed[$0] - elapsed[index]) < abs(elapsed[$1] - elapsed[index]) }
            return nearest.flatMap { widths[$0] } ?? 0
        }
    }
}

/// Mean and sample variance.
private struct Moments {
    let mean: Double
    let variance: Double

    init(_ values: ArraySlice<Double>) {
        let mean = values.reduce(0, +) / Double(values.count)
        self.mean = mean
        variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count - 1)
    }
}

extension PlaneTracks {
    mutating func take(_ rows: [Int32]) {
        x = rows.map { x[Int($0)] }
        y = rows.map { y[Int($0)] }
        minutes = rows.map { minutes[Int($0)] }
        influence = rows.map { influence[Int($0)] }
        particle = rows.map { particle[Int($0)] }
    }
}
