import Concurrent
public import Geo
public import Quantities

/// What the column would be without the sources looked for.
public enum EnhancementBackground: Codable, Hashable, Sendable {
    /// A percentile of the filled cells between two distances: 50 for the median, 10 for a low background.
    case percentile(Double, beyondKilometres: Double, withinKilometres: Double)
    /// The median of the filled cells of the same latitudes.
    case latitudeBand(halfWidthDegrees: Double)
    /// Kriged from the filled cells outside a core.
    case kriged(coreKilometres: Double, neighbours: Int)

    /// The median of what lies between 100 and 500 km.
    public static let regional = percentile(50, beyondKilometres: 100, withinKilometres: 500)
}

/// By how much filled cells exceed their background: element `i` of every array belongs to `cells[i]`.
///
/// The error that all cells share cancels in the difference and is not counted. That of a percentile is found
/// without a distribution, from the order statistics one binomial standard deviation above and below (David and
/// Nagaraja 2003, Order Statistics, section 7.1), as if the cells were independent.
public struct EnhancementMap: Sendable {
    public let grid: CellGrid
    public let gas: Gas
    public let scale: CalibrationScale
    public let background: EnhancementBackground
    public let cells: [Int]
    /// ppm; NaN where fewer than ``fewestCells`` cells make a background.
    public let enhancements: [Double]
    /// Of the value and the background in quadrature, ppm.
    public let standardErrors: [Double]
    /// ppm
    public let backgrounds: [Double]
    public let backgroundStandardErrors: [Double]
    /// Cells that made the background.
    public let backgroundCounts: [Int]

    public static let fewestCells = 8
    /// Of more cells in reach every second, third, and so on is taken.
    static let mostCells = 1000

    /// - Throws: ``AnalysisError`` when a kriged background finds too few cells for a variogram.
    public init(of columns: GriddedColumns, background: EnhancementBackground = .regional) async throws {
        try await self.init(
            of: try ColumnField([columns]),
            cells: columns.cells,
            on: columns.grid,
            background: background
        )
    }

    /// - Parameter cells: index in the grid of each value of the field.
    /// - Throws: ``AnalysisError``
    public init(
        of field: ColumnField,
        cells: [Int],
        on grid: CellGrid,
        background: EnhancementBackground = .regional
    ) async throws {
        guard cells.count == field.count else { throw AnalysisError.unevenArrays("cells and columns") }
        let levels = try await Self.levels(field, background)
        self.grid = grid
        self.cells = cells
        self.background = background
        gas = field.gas
        scale = field.scale
        backgrounds = levels.map(\.value)
        backgroundStandardErrors = levels.map(\.standardError)
        backgroundCounts = levels.map(\.count)
        enhancements = zip(field.values, levels).map { $0 - $1.value }
        standardErrors = zip(field.standardErrors, levels).map {
            ($0 * $0 + $1.standardError * $1.standardError).squareRoot()
        }
    }

    private static func levels(
        _ field: ColumnField,
        _ background: EnhancementBackground
    ) async throws -> [BackgroundLevel] {
        switch background {
        case .percentile(let percentile, let core, let reach):
            try await rings(field, percentile, core, reach)
        case .latitudeBand(let halfWidth): try await bands(field, halfWidth)
        case .kriged(let core, let neighbours): try await kriged(field, core, neighbours)
        }
    }

    private static func rings(
        _ field: ColumnField,
        _ percentile: Double,
        _ core: Double,
        _ reach: Double
    ) async throws -> [BackgroundLevel] {
        let vectors = field.vectors
        let tree = PlaceTree(vectors.map { SIMD4($0, 0) })
        let outer = SpherePoint.squaredChord(kilometres: reach)
        let inner = SpherePoint.squaredChord(kilometres: core)
        let parts = try await parallelMap(count: field.count, chunks: chunks(field.count)) { range in
            range.map { index in
                let without = PlaceTree.Exclusion(index: index, squaredChord: core > 0 ? inner : -1)
                let place = SIMD4(vectors[index], 0)
                let found = tree.within(place, squaredDistance: outer, without: without)
                return BackgroundLevel(found.map { field.values[$0] }, percentile: percentile)
            }
        }
        return Array(parts.joined())
    }

    private static func bands(_ field: ColumnField, _ halfWidth: Double) async throws -> [BackgroundLevel] {
        let latitudes = Set(field.latitudes).sorted()
        let parts = try await parallelMap(count: latitudes.count, chunks: chunks(latitudes.count)) { range in
            range.map { row in
                let values = field.values.indices.filter {
                    abs(field.latitudes[$0] - latitudes[row]) <= halfWidth
                }
                return (latitudes[row], BackgroundLevel(values.map { field.values[$0] }, percentile: 50))
            }
        }
        let levels = Dictionary(parts.joined(), uniquingKeysWith: { first, _ in first })
        return field.latitudes.map { levels[$0] ?? BackgroundLevel([], percentile: 50) }
    }

    private static func kriged(
        _ field: ColumnField,
        _ core: Double,
        _ neighbours: Int
    ) async throws -> [BackgroundLevel] {
        guard let fit = VariogramFit(EmpiricalVariogram(field)) else {
            throw AnalysisError.tooFew(field.count, needed: 12, of: "filled cells")
        }
        let kriging = OrdinaryKriging(field, model: fit.model, neighbours: neighbours)
        let parts = try await parallelMap(count: field.count, chunks: chunks(field.count)) { range in
            range.map { index in
                let estimate = kriging.estimate(
                    longitude: field.longitudes[index],
                    latitude: field.latitudes[index],
                    days: field.days[index],
                    leavingOut: index,
                    coreKilometres: core
                )
                return BackgroundLevel(estimate)
            }
        }
        return Array(parts.joined())
    }
}

private struct BackgroundLevel: Sendable {
    var value = Double.nan
    var standardError = Double.nan
    var count = 0

    init(_ estimate: KrigingEstimate?) {
        guard let estimate, estimate.neighbours.count >= EnhancementMap.fewestCells else { return }
        value = estimate.value
        standardError = estimate.standardDeviation
        count = estimate.neighbours.count
    }

    init(_ all: [Double], percentile: Double) {
        count = all.count
        guard count >= EnhancementMap.fewestCells else { return }
        let most = EnhancementMap.mostCells
        let taken = count <= most ? all : (0..<most).map { all[$0 * all.count / most] }
        let sorted = taken.sorted()
        let share = min(1, max(0, percentile / 100))
        let size = Double(sorted.count)
        let spread = (size * share * (1 - share)).squareRoot()
        value = sorted.interpolated(share * (size - 1))
        // Beyond the ends there is no order statistic: the step of one place stands for it.
        let rank = share * (size - 1)
        let low = max(0, min(rank - spread, size - 2))
        let high = min(size - 1, max(rank + spread, 1))
        standardError = (sorted.interpolated(high) - sorted.interpolated(low)) / 2
    }
}

extension [Double] {
    /// Between the two elements next to a place in a sorted array.
    func interpolated(_ place: Double) -> Double {
        let lower = Swift.min(count - 1, Swift.max(0, Int(place)))
        let upper = Swift.min(count - 1, lower + 1)
        return self[lower] + (place - Double(lower)) * (self[upper] - self[lower])
    }

    /// NaN without elements.
    var median: Double { isEmpty ? .nan : sorted().interpolated(Double(count - 1) / 2) }
}
