import Geo
import Observations
public import Quantities

/// What soundings show of their own biases, before gridding.
public struct BiasReport: Codable, Equatable, Sendable {
    public let gas: Gas
    public let products: [String]
    public let soundings: Int
    public let settings: BiasSettings
    /// Each footprint against the mean of all, as far as there are frames.
    public let footprints: [BiasFinding]
    /// Land minus water in cells along coasts, each over a day.
    public let surfaces: [BiasFinding]
    /// Each mode minus nadir, or minus the first there is, in cells over months.
    public let modes: [BiasFinding]
    /// Pairs of swaths over one place, those of the largest |z| first.
    public let jumps: [SwathJump]
    /// Pairs of swaths compared, of which the list may hold a part.
    public let comparedSwaths: Int
    /// Which comparisons could not be made, or not judged, and why.
    public let notCompared: [String]

    /// - Parameter sums: finished.
    public init(_ sums: BiasSums) {
        gas = sums.gas
        products = sums.products.sorted()
        soundings = sums.soundings
        settings = sums.settings
        footprints = sums.pairs.biases().enumerated().compactMap { index, bias in
            bias.map {
                BiasFinding(
                    "footprint \(index + 1)",
                    $0,
                    count: sums.pairs.soundings[index],
                    sums.settings,
                    smallest: sums.settings.smallestFootprintPartsPerMillion
                )
            }
        }
        surfaces = [sums.coasts].compactMap { contrast in
            contrast.estimate.map {
                BiasFinding("land minus water", $0, count: contrast.count, sums.settings)
            }
        }
        modes = sums.modeFindings
        jumps = sums.jumps
        comparedSwaths = sums.comparedSwaths
        notCompared = sums.obstacles(footprints: footprints)
    }

    public var flaggedJumps: [SwathJump] { jumps.filter(\.isFlagged) }

    /// Which kinds of bias were found at all.
    public var flags: BiasFlags {
        var flags: BiasFlags = []
        if footprints.contains(where: \.isFlagged) { flags.insert(.footprint) }
        if surfaces.contains(where: \.isFlagged) { flags.insert(.surface) }
        if modes.contains(where: \.isFlagged) { flags.insert(.mode) }
        if jumps.contains(where: \.isFlagged) { flags.insert(.swath) }
        return flags
    }

    /// The flags of each cell: footprint, surface and mode biases concern every cell, a swath jump those under the
    /// soundings compared, in the window of the map.
    public func flags(of columns: GriddedColumns) -> [BiasFlags] {
        let general = flags.subtracting(.swath)
        let places = flaggedJumps.filter { jump in
            guard let window = columns.window else { return true }
            return jump.firstSeconds < window.end.secondsSince1970
                && jump.secondSeconds >= window.start.secondsSince1970
        }
        let centres = columns.grid.centres(of: columns.cells)
        let grid = columns.grid
        return zip(centres.longitudes, centres.latitudes).map { x, y in
            let half = grid.halfCellDegrees(atLatitude: y)
            let isHit = places.contains { jump in
                let turned = (x - jump.longitude) - 360 * ((x - jump.longitude + 180) / 360).rounded(.down)
                return abs(turned) <= jump.halfWidthDegrees + half.across
                    && abs(y - jump.latitude) <= jump.halfHeightDegrees + half.along
            }
            return isHit ? general.union(.swath) : general
        }
    }

    /// For a terminal, one finding a line; flagged ones end in `!`.
    public var lines: [String] {
        var lines = [
            "biases: all \(counted(soundings, "good sounding")) of the files, in the grid or not, of "
                + products.joined(separator: ", ")
        ]
        lines += (footprints + surfaces + modes).map { $0.line(unit: gas) }
        if comparedSwaths > 0 {
            lines.append(
                "swaths: \(counted(comparedSwaths, "pair")) over one place, \(flaggedJumps.count) with a jump"
            )
        }
        lines += flaggedJumps.prefix(10).map { jump in
            let place =
                "\((jump.latitude * 100).rounded() / 100) N \((jump.longitude * 100).rounded() / 100) E"
            return "\(jump.finding.line(unit: gas)) at \(place)"
        }
        return lines + notCompared
    }
}

extension BiasSums {
    /// Against nadir where cells hold it too, for the other modes in the order of their codes.
    fileprivate var modeFindings: [BiasFinding] {
        let seen = seenModes
        guard let base = seen.first else { return [] }
        return seen.dropFirst().compactMap { mode in
            let contrast = modes.contrast(Int(mode.rawValue), minus: Int(base.rawValue))
            return contrast.estimate.map {
                BiasFinding("\(mode) minus \(base)", $0, count: contrast.count, settings)
            }
        }
    }
}
