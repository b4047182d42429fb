import Geo
import Gridding
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
    private var shapeless = 0
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
        for (reason, count) in batch.rejected { summary.rejected[reason.rawValue, default: 0] += count }
        for index in 0..<batch.count {
            // As gridding does, so that the two never disagree.
            if let reason = batch.griddingRejection(at: index, withProfiles: true) {
                summary.rejected[reason.rawValue, default: 0] += 1
            } else {
                add(batch, index)
            }
        }
        try checkPressures(rows)
    }

    private mutating func add(_ batch: SoundingBatch, _ index: Int) {
        summary.good += 1
        include(
            batch.longitudes[index],
            batch.latitudes[index],
            batch.columns[index],
            batch.uncertainties[index],
            batch.priorColumns[index]
        )
        let time = batch.times[index]
        summary.firstSounding = min(summary.firstSounding ?? time, time)
        summary.lastSounding = max(summary.lastSounding ?? time, time)
        ids.append(batch.ids[index])
        if !batch.cornerLongitudes.isEmpty { checkCorners(batch, index) }
        if batch.levels > 0 { checkOperator(batch, index) }
    }

    private mutating func include(_ values: Double...) {
        for (index, value) in values.enumerated() where value.isFinite {
            ranges[index].least = min(ranges[index].least, value)
            ranges[index].largest = max(ranges[index].largest, value)
        }
    }

    private mutating func checkCorners(_ batch: SoundingBatch, _ index: Int) {
        let (x, y) = (batch.cornerLongitudes, batch.cornerLatitudes)
        let corner = 4 * index
        var footprint = Footprint()
        let shape = footprint.setQuadrilateral(
            longitudes: (x[corner], x[corner + 1], x[corner + 2], x[corner + 3]),
            latitudes: (y[corner], y[corner + 1], y[corner + 2], y[corner + 3])
        )
        switch shape {
        case .simple: break
        case .reordered: crossed += 1
        case .invalid: shapeless += 1
        }
    }

    private mutating func checkOperator(_ batch: SoundingBatch, _ sounding: Int) {
        var (weight, prior) = (0.0, 0.0)
        for element in (sounding * batch.levels)..<((sounding + 1) * batch.levels) {
            weight += batch.pressureWeights[element]
            prior += batch.pressureWeights[element] * batch.priorProfiles[element]
        }
        largestWeight = max(largestWeight, abs(weight - 1))
        largestPrior = max(largestPrior, abs(prior - batch.priorColumns[sounding]))
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
        if crossed > 0 {
            warnings.append("\(counted(crossed, "footprint")) with crossed corners (bow-tie order)")
        }
        if shapeless > 0 {
            warnings.append(
                "\(counted(shapeless, "footprint")) without usable corners: methods polygon and response leave them out"
            )
        }
        if let count = summary.rejected[RejectionReason.displacedFootprint.rawValue] {
            warnings.append(
                "\(counted(count, "footprint")) with corners away from the centre or too far apart: left out"
                    + " wherever corners are read"
            )
        }
        if let count = summary.rejected[RejectionReason.contradictoryTime.rawValue] {
            let seconds = Int(SoundingFile.identifierToleranceSeconds)
            warnings.append(
                "\(counted(count, "time")) more than \(seconds) s away from that in the identifier: left out"
            )
        }
        if isFromSurface { warnings.append("levels are stored from the surface upwards; they are reversed") }
        let pairs = zip(ids, ids.dropFirst())
        if !pairs.allSatisfy({ $0 < $1 }) {
            if !pairs.allSatisfy({ $0 <= $1 }), case .variable = file.resolved.identifier {
                warnings.append("identifiers are not in ascending order")
            }
            let sorted = ids.sorted()
            let duplicates = zip(sorted, sorted.dropFirst()).count { $0 == $1 }
            if duplicates > 0 {
                let verb = duplicates == 1 ? "occurs" : "occur"
                warnings.append("\(counted(duplicates, "identifier")) \(verb) more than once")
            }
        }
        if summary.soundings == 0 {
            warnings.append("no rows: the file holds no soundings")
        } else if summary.good == 0 {
            warnings.append("no good sounding")
        }
        return warnings
    }

    /// `1 footprint`, `2 footprints`.
    private func counted(_ count: Int, _ noun: String) -> String {
        "\(count) \(noun)\(count == 1 ? "" : "s")"
    }
}
