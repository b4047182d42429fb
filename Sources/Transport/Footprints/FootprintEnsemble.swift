import Quantities

/// Footprints of one receptor by several members: random winds, mixing heights, or parts of the particles.
public struct FootprintEnsemble: Sendable {
    /// With the layers of all members.
    public let mean: ReceptorFootprint
    /// Of the mean of each cell over all times, as ``ReceptorFootprint/integratedLayer`` of the mean has them: ppm per
    /// umol m-2 s-1.
    public let standardErrors: FootprintLayer
    /// Of the mean of the sum of all cells; NaN for one member.
    public let standardErrorOfSum: Double
    public let members: Int

    /// A layer that some members lack counts for nothing there.
    ///
    /// - Throws: ``FootprintFault/differentFootprints(_:)`` without members, or where receptor or time differ, and
    ///   ``FootprintFault/gridsDiffer(_:)``.
    public init(_ footprints: [ReceptorFootprint]) throws(FootprintFault) {
        guard let first = footprints.first else { throw .differentFootprints("there are none") }
        for other in footprints {
            guard other.receptor == first.receptor, other.time == first.time else {
                throw .differentFootprints("\(first.receptor) and \(other.receptor), or their times, differ")
            }
            guard other.grid.isSame(as: first.grid) else { throw .gridsDiffer("members of an ensemble") }
        }
        members = footprints.count
        let residuals = footprints.compactMap(\.residual)
        mean = ReceptorFootprint(
            receptor: first.receptor,
            time: first.time,
            averagingSeconds: first.averagingSeconds,
            place: first.place,
            grid: first.grid,
            layers: Self.meanLayers(footprints),
            residual: residuals.isEmpty ? nil : Self.mean(residuals, residuals[0].emission, footprints.count)
        )
        standardErrors = Self.standardErrors(footprints, mean.integratedLayer)
        standardErrorOfSum = Self.standardError(footprints.map(\.sum))
    }

    private static func meanLayers(_ footprints: [ReceptorFootprint]) -> [FootprintLayer] {
        var byEmission: [Period?: [FootprintLayer]] = [:]
        for layer in footprints.flatMap(\.layers) { byEmission[layer.emission, default: []].append(layer) }
        let order = byEmission.keys.sorted { a, b in
            guard let a else { return b != nil }
            guard let b else { return false }
            return (a.start, a.end) < (b.start, b.end)
        }
        return order.map { mean(byEmission[$0] ?? [], $0, footprints.count) }
    }

    private static func mean(_ layers: [FootprintLayer], _ emission: Period?, _ members: Int)
        -> FootprintLayer
    {
        let sum = FootprintLayer(sumOf: layers)
        return FootprintLayer(
            emission: emission,
            cells: sum.cells,
            values: sum.values.map { $0 / Double(members) }
        )
    }

    private static func standardErrors(_ footprints: [ReceptorFootprint], _ mean: FootprintLayer)
        -> FootprintLayer
    {
        var squares = [Double](repeating: 0, count: mean.cells.count)
        for footprint in footprints {
            var index = 0
            forEachCell(of: mean, and: footprint.integratedLayer) { _, middle, value in
                squares[index] += (value - middle) * (value - middle)
                index += 1
            }
        }
        let count = Double(footprints.count)
        let errors = squares.map { footprints.count > 1 ? ($0 / (count - 1) / count).squareRoot() : .nan }
        return FootprintLayer(emission: nil, cells: mean.cells, values: errors)
    }

    private static func standardError(_ values: [Double]) -> Double {
        guard values.count > 1 else { return .nan }
        let count = Double(values.count)
        let mean = values.reduce(0, +) / count
        let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        return (squares / (count - 1) / count).squareRoot()
    }
}
