import Concurrent
public import Geo
public import Quantities

/// How gaps are filled.
public struct KrigingSettings: Codable, Hashable, Sendable {
    public var family = VariogramFamily.exponential
    /// Values that an estimate is made from, at most.
    public var neighbours = 24
    /// Distances above that do not enter the variogram, km; nil for half the extent of the data, at most 3,000 km.
    public var longestLagKilometres: Double?
    /// Whether cells farther than the range from every value get one too; they are marked in any case.
    public var fillsBeyondRange = false
    /// Cells left out one after the other to check the map, at most.
    public var crossValidated = 5000
    /// With a cell its neighbours within that distance are left out, km: 0 for the cell alone. Cells of one overpass
    /// share errors, so that leaving out one alone flatters the map.
    public var crossValidationCoreKilometres = 0.0

    public init() {}
}

/// What stands behind the value of a cell.
public enum GapState: UInt8, Codable, CaseIterable, Sendable {
    /// The cell has soundings of its own.
    case observed
    /// A value lies within the reach of the variogram: ``VariogramFit/reachKilometres``.
    case interpolated
    /// None does: the estimate is little more than the mean of the neighbours.
    case extrapolated
    /// Not asked for, or nothing to estimate from.
    case unknown

    /// One word each, for CF `flag_meanings`.
    public static let meanings = ["observed", "interpolated", "farther_than_reach", "unknown"]
}

/// A map without gaps: local ordinary kriging of the filled cells, in space or, over several windows, in space and
/// time with the product-sum model of ``VariogramModel``.
///
/// The value of a filled cell is the kriged one too, with its noise filtered by its neighbours. The result is a
/// function of the input alone, whatever the number of threads.
public struct GapFilledMap: Sendable {
    public let grid: CellGrid
    public let gas: Gas
    public let scale: CalibrationScale
    public let settings: KrigingSettings
    public let fit: VariogramFit
    /// The moment mapped, days since 1970.
    public let days: Double
    /// ppm, for each cell of the grid; NaN where ``GapState/unknown`` and, unless asked for,
    /// ``GapState/extrapolated``.
    public let values: [Double]
    /// Kriging standard deviation, ppm; the error shared by all cells is not in it.
    public let standardDeviations: [Double]
    public let states: [GapState]
    /// Standard deviation of the error that all cells share, ppm.
    public let sharedPartsPerMillion: Double
    public let crossValidation: CrossValidation

    /// Maps one of several windows.
    ///
    /// - Parameters:
    ///   - windows: on one grid, gas and scale.
    ///   - index: of the window mapped; the others lend their cells over time.
    ///   - targets: cells to be filled; nil for the whole grid.
    /// - Throws: ``AnalysisError`` when windows cannot be joined or hold too few cells for a variogram.
    public init(
        of windows: [GriddedColumns],
        at index: Int = 0,
        settings: KrigingSettings = KrigingSettings(),
        targets: [Int]? = nil
    ) async throws {
        guard windows.indices.contains(index) else {
            throw AnalysisError.tooFew(windows.count, needed: index + 1, of: "windows")
        }
        try await self.init(
            of: try ColumnField(windows),
            on: windows[index].grid,
            days: windows[index].middleDay,
            settings: settings,
            targets: targets
        )
    }

    /// Maps columns at any places.
    ///
    /// - Parameter days: the moment mapped, days since 1970.
    /// - Throws: ``AnalysisError/tooFew(_:needed:of:)`` when there is no variogram.
    public init(
        of field: ColumnField,
        on grid: CellGrid,
        days: Double = 0,
        settings: KrigingSettings = KrigingSettings(),
        targets: [Int]? = nil
    ) async throws {
        let empirical = EmpiricalVariogram(field, longestKilometres: settings.longestLagKilometres)
        guard let fit = VariogramFit(empirical, family: settings.family) else {
            throw AnalysisError.tooFew(field.count, needed: 12, of: "filled cells")
        }
        let kriging = OrdinaryKriging(field, model: fit.model, neighbours: settings.neighbours)
        let places = targets?.filter { (0..<grid.cellCount).contains($0) } ?? Array(0..<grid.cellCount)
        let observed = field.cells(of: grid, days: days)
        var map = FilledCells(count: grid.cellCount)
        let parts = try await parallelMap(count: places.count, chunks: chunks(places.count)) { range in
            let cells = Array(places[range])
            let centres = grid.centres(of: cells)
            return cells.enumerated().map { index, cell in
                let place = (centres.longitudes[index], centres.latitudes[index])
                return FilledCell(kriging, cell, place, days, observed, fit.reachKilometres, settings)
            }
        }
        for cell in parts.joined() { map.set(cell) }
        self.grid = grid
        gas = field.gas
        scale = field.scale
        self.settings = settings
        self.fit = fit
        self.days = days
        (values, standardDeviations, states) = (map.values, map.standardDeviations, map.states)
        sharedPartsPerMillion = field.sharedPartsPerMillion
        crossValidation = try await CrossValidation(kriging, days: days, settings: settings)
    }

    /// How many cells are in each state, in the order of ``GapState/allCases``.
    public var stateCounts: [Int] {
        states.reduce(into: [Int](repeating: 0, count: GapState.allCases.count)) { $0[Int($1.rawValue)] += 1 }
    }
}

/// Tasks for that many estimates: of the work, not of the machine.
func chunks(_ count: Int) -> Int { max(1, min(64, count / 64)) }

private struct FilledCell: Sendable {
    let cell: Int
    var value = Double.nan
    var standardDeviation = Double.nan
    var state = GapState.unknown

    init(
        _ kriging: OrdinaryKriging,
        _ cell: Int,
        _ place: (longitude: Double, latitude: Double),
        _ days: Double,
        _ observed: Set<Int>,
        _ reachKilometres: Double,
        _ settings: KrigingSettings
    ) {
        self.cell = cell
        let estimate = kriging.estimate(
            longitude: place.longitude,
            latitude: place.latitude,
            days: days
        )
        guard let estimate else { return }
        let isNear = estimate.nearestKilometres <= reachKilometres
        state = observed.contains(cell) ? .observed : isNear ? .interpolated : .extrapolated
        guard state != .extrapolated || settings.fillsBeyondRange else { return }
        value = estimate.value
        standardDeviation = estimate.standardDeviation
    }
}

private struct FilledCells {
    var values: [Double]
    var standardDeviations: [Double]
    var states: [GapState]

    init(count: Int) {
        values = [Double](repeating: .nan, count: count)
        standardDeviations = values
        states = [GapState](repeating: .unknown, count: count)
    }

    mutating func set(_ cell: FilledCell) {
        values[cell.cell] = cell.value
        standardDeviations[cell.cell] = cell.standardDeviation
        states[cell.cell] = cell.state
    }
}

extension ColumnField {
    /// The cells that hold a value of that moment.
    func cells(of grid: CellGrid, days: Double) -> Set<Int> {
        let present = values.indices.filter { self.days[$0] == days }
        let places = GeographicPoints(
            longitudes: present.map { longitudes[$0] },
            latitudes: present.map { latitudes[$0] }
        )
        return Set(grid.cells(holding: places).compactMap(\.self))
    }
}
