public import Geo
public import Quantities

/// Fluxes of a grid through time.
public struct FluxHistory: Sendable {
    public let grid: CellGrid
    /// Ascending, none into the next.
    public let periods: [Period]
    /// umol m-2 s-1, periods x cells; NaN where none is known.
    public let values: [Double]

    /// - Throws: ``FootprintFault/badFlux(_:)`` for a count that does not fit, periods that meet or have no length,
    ///   and infinite values.
    public init(grid: CellGrid, periods: [Period], values: [Double]) throws(FootprintFault) {
        guard !periods.isEmpty, values.count == periods.count * grid.cellCount else {
            throw .badFlux("\(values.count) values for \(periods.count) periods of \(grid.cellCount) cells")
        }
        guard periods.allSatisfy({ $0.start < $0.end }) else { throw .badFlux("a period has no length") }
        guard zip(periods, periods.dropFirst()).allSatisfy({ $0.end <= $1.start }) else {
            throw .badFlux("its periods overlap or do not ascend")
        }
        guard !values.contains(where: \.isInfinite) else { throw .badFlux("a value is infinite") }
        self.grid = grid
        self.periods = periods
        self.values = values
    }

    /// Mean over the periods by their lengths, umol m-2 s-1; NaN where one is unknown.
    public var mean: [Double] {
        let total = periods.reduce(0) { $0 + $1.seconds }
        var mean = [Double](repeating: 0, count: grid.cellCount)
        for (number, period) in periods.enumerated() {
            let weight = period.seconds / total
            let offset = number * mean.count
            for cell in mean.indices { mean[cell] += weight * values[offset + cell] }
        }
        return mean
    }

    /// The periods that share time with another one and the part of it that each covers; nil where they leave some of
    /// it uncovered by more than a millionth.
    func weights(in period: Period) -> [(period: Int, weight: Double)]? {
        var weights: [(Int, Double)] = []
        var covered = 0.0
        for (number, own) in periods.enumerated() where own.start < period.end && own.end > period.start {
            let overlap = min(own.end, period.end).seconds(since: max(own.start, period.start))
            weights.append((number, overlap / period.seconds))
            covered += overlap / period.seconds
        }
        return period.seconds > 0 && covered >= 1 - 1e-6 ? weights : nil
    }
}

extension CellGrid {
    /// Whether the cells are those of another grid but for the rounding of axes that were kept as float32. Longitudes
    /// may differ by turns.
    public func isSame(as other: CellGrid) -> Bool {
        guard rows == other.rows, columns == other.columns,
            projected?.projection == other.projected?.projection
        else { return false }
        return Self.isSame(plane.along, other.plane.along, circle: nil)
            && Self.isSame(plane.across, other.plane.across, circle: plane.circle)
    }

    private static func isSame(_ a: UniformAxis, _ b: UniformAxis, circle: Double?) -> Bool {
        // Half a unit in the last place of each axis, and half a step of it where the edges were made from centres.
        let slack = 4 * Double(Float.ulpOfOne) * max(abs(a.origin), abs(a.end), abs(b.origin), abs(b.end))
        let shift = circle.map { $0 * ((a.origin - b.origin) / $0).rounded() } ?? 0
        return abs(a.origin - b.origin - shift) <= slack && abs(a.end - b.end - shift) <= slack
            && slack < a.step / 2
    }
}
