import Observations
import Quantities

/// Gathers an inspection over the blocks of a file.
struct SoundingInspector {
    private let file: SoundingFile
    private var summary: SoundingInspection
    private var ranges: [(name: String, unit: String, least: Double, largest: Double)] = [
        ("longitude", "degrees", .infinity, -.infinity), ("latitude", "degrees", .infinity, -.infinity),
        ("column", "ppm", .infinity, -.infinity), ("uncertainty", "ppm", .infinity, -.infinity),
        ("prior column", "ppm", .infinity, -.infinity),
    ]
    private var ids: [UInt64] = []
    private var crossed = 0
    private var largestWeight = 0.0
    private var largestPrior = 0.0
    private var largestPressure: Double?
    private var isFromSurface = false

    init(_ file: SoundingFile) {
        self.file = file
        summary = SoundingInspection(file)
    }

    mutating func add(_ rows: Range<Int>) throws {
        let batch = try file.read(rows, fields: .all)
        summary.soundings += rows.count
        summary.good += batch.count
        for (reason, count) in batch.rejected { summary.rejected[reason.rawValue, default: 0] += count }
        for (index, values) in [
            batch.longitudes, batch.latitudes, batch.columns, batch.uncertainties, batch.priorColumns,
        ].enumerated() {
            for value in values where value.isFinite {
                ranges[index].least = min(ranges[index].least, value)
                ranges[index].largest = max(ranges[index].largest, value)
            }
        }
        for time in batch.times {
            summary.firstSounding = min(summary.firstSounding ?? time, time)
            summary.lastSounding = max(summary.lastSounding ?? time, time)
        }
        ids += batch.ids
        countCrossed(batch)
        checkOperators(batch)
        try checkPressures(rows)
    }

    private mutating func countCrossed(_ batch: SoundingBatch) {
        for start in stride(from: 0, to: batch.cornerLongitudes.count, by: 4) {
            let corners = start..<(start + 4)
            if CornerOrder.isCrossed(
                Array(batch.cornerLongitudes[corners]),
                Array(batch.cornerLatitudes[corners])
            ) {
                crossed += 1
            }
        }
    }

    private mutating func checkOperators(_ batch: SoundingBatch) {
        guard batch.levels > 0 else { return }
        for sounding in 0..<batch.count {
            let levels = (sounding * batch.levels)..<((sounding + 1) * batch.levels)
            var (weight, prior) = (0.0, 0.0)
            for element in levels {
                weight += batch.pressureWeights[element]
                prior += batch.pressureWeights[element] * batch.priorProfiles[element]
            }
            largestWeight = max(largestWeight, abs(weight - 1))
            largestPrior = max(largestPrior, abs(prior - batch.priorColumns[sounding]))
        }
    }

    /// Of all soundings, good or not: where the levels are fractions of the surface pressure, they must lie there.
    private mutating func checkPressures(_ rows: Range<Int>) throws {
        let variables = file.resolved.variables
        guard file.product.levels > 0, let pressure = variables[.pressure] else { return }
        let pressures = try file.reader.doubles(pressure, rows)
        let width = pressure.width
        if pressures.count >= width, ProfileReader.isFromSurface(pressures[..<width]) { isFromSurface = true }
        guard let sigma = variables[.sigma], let surface = variables[.surfacePressure], sigma.width == width,
            pressure.spread != .shared
        else { return }
        let fractions = try file.reader.doubles(sigma, rows)
        let surfaces = try file.reader.doubles(surface, rows)
        for index in pressures.indices {
            let fraction = fractions[sigma.spread == .shared ? index % width : index]
            let difference = abs(pressures[index] - surfaces[index / width] * fraction)
            if difference.isFinite { largestPressure = max(largestPressure ?? 0, difference) }
        }
    }

    func inspection() -> SoundingInspection {
        var inspection = summary
        inspection.extents = ranges.filter { $0.least <= $0.largest }.map {
            SoundingInspection.Extent(name: $0.name, unit: $0.unit, least: $0.least, largest: $0.largest)
        }
        if inspection.levels > 0, inspection.good > 0 {
            inspection.identities = [
                .init(name: "|sum of weights - 1|", unit: "", largestDifference: largestWeight),
                .init(name: "|sum h xa - prior column|", unit: "ppm", largestDifference: largestPrior),
            ]
        }
        if let largestPressure {
            inspection.identities.append(
                .init(name: "|p - psurf sigma|", unit: "hPa", largestDifference: largestPressure)
            )
        }
        inspection.warnings += warnings
        return inspection
    }

    private var warnings: [String] {
        var warnings: [String] = []
        if crossed > 0 { warnings.append("\(crossed) footprints with crossed corners (bow-tie order)") }
        if isFromSurface { warnings.append("levels are stored from the surface upwards; they are reversed") }
        let pairs = zip(ids, ids.dropFirst())
        if !pairs.allSatisfy({ $0 < $1 }) {
            if !pairs.allSatisfy({ $0 <= $1 }), case .variable = file.resolved.identifier {
                warnings.append("identifiers are not in ascending order")
            }
            let sorted = ids.sorted()
            let duplicates = zip(sorted, sorted.dropFirst()).count { $0 == $1 }
            if duplicates > 0 { warnings.append("\(duplicates) identifiers occur more than once") }
        }
        if summary.good == 0 { warnings.append("no good sounding") }
        return warnings
    }
}
