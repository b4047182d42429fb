/// Near the receptor a particle may cross several cells in a step; rows are put between, so that the footprint has no
/// gaps there.
extension PlaneTracks {
    private static let earlyMinutes = 100.0

    /// Ages of the rows in between: every 0.1 minutes to 10, every 0.2 to 20, every 0.5 to 100.
    private static let ages: [Double] =
        (0...100).map { Double($0) / 10 } + stride(from: 102, through: 200, by: 2).map { Double($0) / 10 }
        + stride(from: 205, through: 1000, by: 5).map { Double($0) / 10 }

    /// Does so where the typical early step is wider than a cell. Time is rounded to a tenth of a minute then.
    mutating func refineEarlySteps(cell: SIMD2<Double>) {
        guard crossesCells(cell) else { return }
        let (rows, starts) = rowsByParticle()
        let source = self
        removeRows()
        for number in 0..<source.particleCount {
            refine(source, rows[starts[number]..<starts[number + 1]])
        }
        let (kept, given) = (Self.windowSums(source), Self.windowSums(self))
        for index in influence.indices {
            guard let window = Self.window(minutes[index]), given[window] > 0 else { continue }
            influence[index] *= kept[window] / given[window]
        }
    }

    private mutating func refine(_ source: PlaneTracks, _ rows: ArraySlice<Int32>) {
        guard let first = rows.first.map(Int.init) else { return }
        let sign = source.minutes[rows.last.map(Int.init) ?? first] < 0 ? -1.0 : 1.0
        var next = Self.ages.firstIndex { $0 > abs(source.minutes[first]) + 1e-9 } ?? Self.ages.count
        append(source, first)
        for (a, b) in zip(rows, rows.dropFirst()) {
            let (a, b) = (Int(a), Int(b))
            let (start, end) = (abs(source.minutes[a]), abs(source.minutes[b]))
            while next < Self.ages.count, Self.ages[next] < end - 1e-9 {
                let part = (Self.ages[next] - start) / (end - start)
                append(
                    source.particle[a],
                    sign * Self.ages[next],
                    SIMD2(
                        source.x[a] + part * (source.x[b] - source.x[a]),
                        source.y[a] + part * (source.y[b] - source.y[a])
                    ),
                    source.influence[a] + part * (source.influence[b] - source.influence[a])
                )
                next += 1
            }
            while next < Self.ages.count, Self.ages[next] <= end + 1e-9 { next += 1 }
            append(source, b)
        }
    }

    private mutating func append(_ source: PlaneTracks, _ row: Int) {
        append(
            source.particle[row],
            (source.minutes[row] * 10).rounded(.toNearestOrEven) / 10,
            SIMD2(source.x[row], source.y[row]),
            source.influence[row]
        )
    }

    private static func windowSums(_ tracks: PlaneTracks) -> [Double] {
        var sums = [0.0, 0, 0]
        for index in tracks.minutes.indices {
            if let window = window(tracks.minutes[index]) { sums[window] += tracks.influence[index] }
        }
        return sums
    }

    /// Within 10, 20 and 100 minutes the influence of all particles is kept.
    private static func window(_ minutes: Double) -> Int? {
        let age = abs(minutes)
        return age <= 100 ? (age <= 10 ? 0 : age <= 20 ? 1 : 2) : nil
    }

    /// Whether the median over the particles of the median step of each in the first 100 minutes is wider than a cell.
    private func crossesCells(_ cell: SIMD2<Double>) -> Bool {
        let (rows, starts) = rowsByParticle()
        return hasWideSteps(x, cell.x, rows, starts) || hasWideSteps(y, cell.y, rows, starts)
    }

    private func hasWideSteps(_ places: [Double], _ width: Double, _ rows: [Int32], _ starts: [Int]) -> Bool {
        var steps: [Double] = []
        var (moving, mayBeWide) = (0, 0)
        for number in 0..<particleCount {
            findEarlySteps(places, rows[starts[number]..<starts[number + 1]], &steps)
            if steps.isEmpty { continue }
            moving += 1
            // A median can be wider only where half of the steps are: mostly none need be sorted.
            if 2 * steps.count(where: { $0 > width }) >= steps.count { mayBeWide += 1 }
        }
        guard moving > 0, 2 * mayBeWide >= moving else { return false }
        var medians: [Double] = []
        for number in 0..<particleCount {
            findEarlySteps(places, rows[starts[number]..<starts[number + 1]], &steps)
            if !steps.isEmpty { medians.append(Self.middle(&steps)) }
        }
        return Self.middle(&medians) > width
    }

    private func findEarlySteps(_ places: [Double], _ rows: ArraySlice<Int32>, _ steps: inout [Double]) {
        steps.removeAll(keepingCapacity: true)
        var last: Double?
        for row in rows.lazy.map(Int.init) {
            guard abs(minutes[row]) < Self.earlyMinutes else { break }
            if let last { steps.append(abs(places[row] - last)) }
            last = places[row]
        }
    }

    private static func middle(_ values: inout [Double]) -> Double {
        values.sort()
        let half = values.count / 2
        return values.count % 2 == 1 ? values[half] : (values[half - 1] + values[half]) / 2
    }
}
