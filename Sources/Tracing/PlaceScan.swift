import Concurrent
import Foundation
public import Geo
import Quantities
import Transport

/// Places that something may be emitted from: a grid of equal steps in a box, at some heights.
public struct PlaceGrid: Equatable, Sendable {
    public let positions: [Position]
    public let heightsMetres: [Double]
    public let columns: Int
    public let rows: Int
    /// Along both sides of a cell, m.
    public let stepsMetres: SIMD2<Double>

    /// Centres of the cells of a box.
    ///
    /// - Parameters:
    ///   - stepMetres: about the side of a cell: as many whole cells as fit.
    ///   - heightsMetres: above ground.
    /// - Throws: ``TraceError/tooManyPlaces(_:)``.
    public init(_ box: BoundingBox, stepMetres: Double, heightsMetres: [Double]) throws(TraceError) {
        let width = box.east > box.west ? box.east - box.west : box.east + 360 - box.west
        let middle = TouchingPlane(longitude: box.west, latitude: (box.south + box.north) / 2)
        let size = middle.place(longitude: box.west + min(width, 179), latitude: box.north) * SIMD2(1, 2)
        let counts = (size / max(stepMetres, 1e-3)).rounded(.toNearestOrAwayFromZero)
        let total = max(counts.x, 1) * max(counts.y, 1) * Double(max(heightsMetres.count, 1))
        guard total <= Double(TraceError.mostPlaces) else {
            throw .tooManyPlaces(Int(exactly: min(total, 1e15).rounded()) ?? .max)
        }
        let (columns, rows) = (max(1, Int(exactly: counts.x) ?? 1), max(1, Int(exactly: counts.y) ?? 1))
        (self.columns, self.rows, self.heightsMetres) = (columns, rows, heightsMetres)
        stepsMetres = size / SIMD2(Double(columns), Double(rows))
        positions = (0..<(columns * rows)).compactMap { cell in
            let longitude = box.west + width * (Double(cell % columns) + 0.5) / Double(columns)
            let latitude = box.south + (box.north - box.south) * (Double(cell / columns) + 0.5) / Double(rows)
            return Position(longitude: longitude > 360 ? longitude - 360 : longitude, latitude: latitude)
        }
    }
}

/// Where an event comes from, found without candidates.
public struct SourceLocation: Sendable {
    /// Of the greatest likelihood.
    public let position: Position
    public let heightMetres: Double
    /// Were it there.
    public let rate: RateEstimate
    /// Of the cells that hold the truth with 95 % by profile likelihood (Wilks 1938) over rates, heights and the error
    /// of the wind direction that an event shares, m2; how far it reaches from the best place, m.
    public let regionSquareMetres: Double
    public let regionReachMetres: Double
    /// Whether the region goes on beyond the box.
    public let isOpen: Bool
    /// By how much the logarithm of the likelihood exceeds that of no source at all.
    public let gain: Double
}

extension SourceTrace {
    /// Half the 95th percentile of chi-squared with two degrees of freedom: -ln 0.05.
    private static let regionDrop = 2.995732273553991

    func locate(_ rows: [WindowMean], _ data: EventData, _ grid: PlaceGrid?) async throws -> SourceLocation? {
        guard let grid, !grid.heightsMetres.isEmpty, grid.positions.count == grid.columns * grid.rows else {
            return nil
        }
        for corner in [grid.positions.first, grid.positions.last].compactMap(\.self) {
            guard corner.distanceMetres(to: site) <= 1000 * TraceError.farthestKilometres else {
                throw TraceError.tooFarApart(
                    "the box to scan",
                    kilometres: corner.distanceMetres(to: site) / 1000
                )
            }
        }
        let count = grid.positions.count * grid.heightsMetres.count
        let turned = PlumeSensitivity(wind, .many(settings), settings)
        @Sendable func column(_ index: Int) -> TurnedColumn {
            let height = grid.heightsMetres[index % grid.heightsMetres.count]
            let origin = origin(grid.positions[index / grid.heightsMetres.count], height, height)
            return self.column(of: origin, rows, turned)
        }
        var likelihood = RateLikelihood(data: data, scatter: settings.scatter)
        let scan = PlaceScan(count: count, column: column)
        var peaks = try await scan.peaks(likelihood)
        guard let first = peaks.max(by: { ($0.value, $1.index) < ($1.value, $0.index) }) else { return nil }
        likelihood.findIndependentShare(rate: first.rate, column(first.index).turns[first.turn])
        // What was found holds for rows that are all independent.
        peaks = peaks.map { $0.scaled(by: likelihood.independentShare) }
        guard let best = peaks.max(by: { ($0.value, $1.index) < ($1.value, $0.index) }) else { return nil }
        return location(best, peaks, grid, likelihood, column(best.index))
    }

    private func location(
        _ best: PlaceScan.Peak,
        _ peaks: [PlaceScan.Peak],
        _ grid: PlaceGrid,
        _ likelihood: RateLikelihood,
        _ column: TurnedColumn
    ) -> SourceLocation {
        let heights = grid.heightsMetres.count
        let inside = Set(peaks.filter { $0.value >= best.value - Self.regionDrop }.map { $0.index / heights })
        let position = grid.positions[best.index / heights]
        let isOpen = inside.contains { cell in
            let (row, column) = (cell / grid.columns, cell % grid.columns)
            return row == 0 || column == 0 || row == grid.rows - 1 || column == grid.columns - 1
        }
        let halfCell = (grid.stepsMetres * grid.stepsMetres).sum().squareRoot() / 2
        let rates = RateGrid(about: best.rate, reach: EventEvidence.reach, step: 0.05)
        let empty = [Sensitivity](repeating: Sensitivity(), count: column.turns[0].count)
        return SourceLocation(
            position: position,
            heightMetres: grid.heightsMetres[best.index % heights],
            rate: RateEstimate(
                rates.rates.map { likelihood.logLikelihood(rate: $0, column) },
                at: rates,
                widenedBy: settings.commonLogDeviation
            ),
            regionSquareMetres: Double(inside.count) * grid.stepsMetres.x * grid.stepsMetres.y,
            regionReachMetres: (inside.map { grid.positions[$0].distanceMetres(to: position) }.max() ?? 0)
                + halfCell,
            isOpen: isOpen,
            gain: likelihood.logLikelihood(rate: best.rate, column)
                - likelihood.logLikelihood(rate: 0, empty)
        )
    }
}

/// The best rate at each of many places.
struct PlaceScan: Sendable {
    struct Peak: Sendable {
        let index: Int
        /// The best turn of the wind, and the rate with it, kg h-1.
        let turn: Int
        let rate: Double
        /// Logarithm of the likelihood with it.
        let value: Double
        /// Of each turn without its weight, and the rate that goes with it.
        fileprivate let turns: [(rate: Double, value: Double, logWeight: Double)]

        fileprivate init?(index: Int, _ turns: [(rate: Double, value: Double, logWeight: Double)]) {
            let best = turns.indices.max {
                turns[$0].value + turns[$0].logWeight < turns[$1].value + turns[$1].logWeight
            }
            guard let best else { return nil }
            (self.index, self.turns, turn) = (index, turns, best)
            (rate, value) = (turns[best].rate, turns[best].value + turns[best].logWeight)
        }

        func scaled(by share: Double) -> Peak {
            Peak(index: index, turns.map { ($0.rate, $0.value * share, $0.logWeight) }) ?? self
        }
    }

    let count: Int
    let column: @Sendable (Int) -> TurnedColumn

    /// Places from which nothing comes to a sensor are left out.
    func peaks(_ likelihood: RateLikelihood) async throws -> [Peak] {
        let parts = try await parallelMap(count: count, chunks: max(1, min(64, count))) { range in
            range.compactMap { peak($0, likelihood) }
        }
        return parts.flatMap(\.self)
    }

    private func peak(_ index: Int, _ likelihood: RateLikelihood) -> Peak? {
        let column = column(index)
        let turns = column.turns.indices.compactMap { turn in
            best(column.turns[turn], likelihood).map {
                (rate: $0.rate, value: $0.value, logWeight: column.logWeights[turn])
            }
        }
        return turns.count == column.turns.count ? Peak(index: index, turns) : nil
    }

    /// A coarse look about the rate of least squares, then a finer one about the best of it.
    private func best(_ column: [Sensitivity], _ likelihood: RateLikelihood) -> (rate: Double, value: Double)?
    {
        let reference = EventEvidence.referenceRate(likelihood.data, [column])
        var best = (rate: reference ?? 1, value: -Double.infinity)
        for (reach, step) in [(4.0, 0.5), (0.5, 0.1)] {
            for rate in RateGrid(about: best.rate, reach: reach, step: step).rates {
                let value = likelihood.logLikelihood(rate: rate, column)
                if value > best.value { best = (rate, value) }
            }
        }
        return best.value > -.infinity ? best : nil
    }
}
