import Geo
public import Quantities

/// What fluxes add at a receptor: footprint times flux, over cells and times.
public struct FootprintOperator: Sendable {
    /// Which flux a layer meets.
    public enum Timing: Hashable, Sendable {
        /// The whole footprint the mean flux of all periods.
        case integrated
        /// Each layer the flux of its own time, by the overlap with the periods; a layer without a time, and the
        /// residual, which stands for all earlier emissions, the mean of all periods.
        case resolved
    }

    /// What happens where the footprint meets no known flux; it is never taken for zero without saying so.
    public enum Missing: Hashable, Sendable {
        case refused
        /// Left out, with its share in the result.
        case counted
    }

    public let flux: FluxHistory
    public let timing: Timing
    public let missing: Missing
    private let mean: [Double]
    private let isBlank: [Bool]

    /// - Parameter isBlank: ``PlacedFlux/isBlank``.
    public init(
        flux: FluxHistory,
        timing: Timing = .resolved,
        missing: Missing = .refused,
        isBlank: [Bool] = []
    ) {
        precondition(isBlank.isEmpty || isBlank.count == flux.grid.cellCount, "one per cell")
        self.isBlank = isBlank
        self.flux = flux
        self.timing = timing
        self.missing = missing
        mean = flux.mean
    }

    /// - Throws: ``FootprintFault/gridsDiffer(_:)``, and ``FootprintFault/missingFlux(receptor:share:)`` where missing
    ///   fluxes are refused.
    public func enhancement(_ footprint: ReceptorFootprint) throws(FootprintFault) -> FluxEnhancement {
        var parts: [FluxEnhancement.Part] = []
        let shares = try visit(footprint) { layer, isResidual, contributions in
            var sum = 0.0
            contributions { _, value in sum += value }
            parts.append(
                FluxEnhancement.Part(emission: layer.emission, isResidual: isResidual, partsPerMillion: sum)
            )
        }
        return FluxEnhancement(parts: parts, missingShare: shares.missing, blankShare: shares.blank)
    }

    /// Mole fraction by element of a state, ppm per unit of a scale factor of each: a row of a Jacobian.
    ///
    /// - Throws: as ``enhancement(_:)``, and for a basis of another number of cells.
    public func row(_ footprint: ReceptorFootprint, basis: FluxBasis) throws(FootprintFault) -> SensitivityRow
    {
        guard basis.elements.count == footprint.grid.cellCount else {
            throw .gridsDiffer("the basis has \(basis.elements.count) cells, not \(footprint.grid.cellCount)")
        }
        var sums = [Double](repeating: 0, count: basis.count)
        var rest = 0.0
        let shares = try visit(footprint) { _, _, contributions in
            contributions { cell, value in
                let element = Int(basis.elements[cell])
                if element >= 0 { sums[element] += value } else { rest += value }
            }
        }
        let touched = sums.indices.filter { sums[$0] != 0 }
        return SensitivityRow(
            count: basis.count,
            elements: touched.map { Int32(truncatingIfNeeded: $0) },
            values: touched.map { sums[$0] },
            outside: rest,
            missingShare: shares.missing
        )
    }

    /// - Returns: the parts of the footprint that met no flux, and that met cells without a value taken for none.
    private func visit(
        _ footprint: ReceptorFootprint,
        _ body: (FootprintLayer, Bool, ((Int, Double) -> Void) -> Void) -> Void
    ) throws(FootprintFault) -> (missing: Double, blank: Double) {
        guard footprint.grid.isSame(as: flux.grid) else {
            throw .gridsDiffer("\(Self.name(footprint.grid)) and \(Self.name(flux.grid))")
        }
        var (lost, blank, total) = (0.0, 0.0, 0.0)
        let layers = footprint.layers.map { ($0, false) } + (footprint.residual.map { [($0, true)] } ?? [])
        for (layer, isResidual) in layers {
            let weights = isResidual ? .mean : weights(of: layer)
            body(layer, isResidual) { contribution in
                for (cell, value) in zip(layer.cells.lazy.map(Int.init), layer.values) {
                    total += abs(value)
                    let flux = self.flux(of: cell, weights)
                    if value.isNaN || flux.isNaN {
                        lost += abs(value)
                    } else {
                        if !isBlank.isEmpty, isBlank[cell] { blank += abs(value) }
                        contribution(cell, value * flux)
                    }
                }
            }
        }
        if total.isNaN { throw .badFlux("the footprint of \(footprint.receptor) has cells without a number") }
        let share = total > 0 ? lost / total : 0
        if missing == .refused, share > 0 { throw .missingFlux(receptor: footprint.receptor, share: share) }
        return (share, total > 0 ? blank / total : 0)
    }

    private enum Weights {
        case mean
        case periods([(period: Int, weight: Double)])
        case unknown
    }

    private func weights(of layer: FootprintLayer) -> Weights {
        guard timing == .resolved, let emission = layer.emission else { return .mean }
        return flux.weights(in: emission).map(Weights.periods) ?? .unknown
    }

    private func flux(of cell: Int, _ weights: Weights) -> Double {
        switch weights {
        case .mean: mean[cell]
        case .periods(let parts):
            parts.reduce(0) { $0 + $1.weight * flux.values[$1.period * mean.count + cell] }
        case .unknown: .nan
        }
    }

    private static func name(_ grid: CellGrid) -> String {
        let plane = grid.plane
        return "\(plane.rows) x \(plane.columns) cells from \(plane.along.origin), \(plane.across.origin) by "
            + "\(plane.along.step), \(plane.across.step)"
    }
}

/// Mole fraction that fluxes add at a receptor, with its parts.
public struct FluxEnhancement: Equatable, Sendable {
    public struct Part: Equatable, Sendable {
        /// Nil for a layer of all times and, mostly, the residual.
        public let emission: Period?
        public let isResidual: Bool
        public let partsPerMillion: Double
    }

    /// In the order of the layers, the residual last.
    public let parts: [Part]
    /// Part of the footprint sum that met no known flux and is not in the result.
    public let missingShare: Double
    /// Part of the footprint sum in cells, or parts of cells, without a value that were taken for no flux.
    public var blankShare = 0.0

    public var partsPerMillion: Double { parts.reduce(0) { $0 + $1.partsPerMillion } }
}

/// Which element of a state each cell belongs to: regions, or the cells themselves. For sectors, take a row of each
/// sector's flux and put them side by side with ``SensitivityRow/joined(_:)``.
public struct FluxBasis: Equatable, Sendable {
    /// Of each cell; -1 for none.
    public let elements: [Int32]
    public let count: Int

    /// - Throws: ``FootprintFault/badFlux(_:)`` for an element out of range.
    public init(elements: [Int32], count: Int) throws(FootprintFault) {
        guard elements.allSatisfy({ $0 >= -1 && Int($0) < count }) else {
            throw .badFlux("an element of the basis is not within \(count)")
        }
        self.elements = elements
        self.count = count
    }
}

/// A sparse row of a Jacobian: value `i` belongs to element `elements[i]` of `count`.
public struct SensitivityRow: Equatable, Sendable {
    public let count: Int
    /// Ascending.
    public let elements: [Int32]
    /// ppm per unit of a scale factor.
    public let values: [Double]
    /// From cells of no element, ppm: a part of the prior mole fraction that no element scales.
    public let outside: Double
    /// Part of the footprint sum that met no known flux and is in no value.
    public let missingShare: Double

    public var dense: [Double] {
        var row = [Double](repeating: 0, count: count)
        for (element, value) in zip(elements, values) { row[Int(element)] = value }
        return row
    }

    /// Rows of the same receptor side by side, as for sectors; the largest missing share stands.
    public static func joined(_ rows: [SensitivityRow]) -> SensitivityRow {
        var (elements, values, count) = ([Int32](), [Double](), 0)
        for row in rows {
            elements += row.elements.map { $0 + Int32(truncatingIfNeeded: count) }
            values += row.values
            count += row.count
        }
        return SensitivityRow(
            count: count,
            elements: elements,
            values: values,
            outside: rows.reduce(0) { $0 + $1.outside },
            missingShare: rows.map(\.missingShare).max() ?? 0
        )
    }
}
