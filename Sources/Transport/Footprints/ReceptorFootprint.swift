public import Geo
public import Quantities

/// How much each cell's flux adds at a receptor: ppm per umol m-2 s-1, which is (mol/mol)/(mol m-2 s-1) in number.
public struct ReceptorFootprint: Sendable {
    public let receptor: String
    /// Start of what the receptor averages, and seconds that it does; 0 for a moment.
    public let time: Instant
    public let averagingSeconds: Double
    /// Where the receptor is; a mean place for a drive or a column.
    public let place: ReceptorPoint?
    public let grid: CellGrid
    /// By the time of emission, in any order; one alone where the footprint is integrated over time.
    public let layers: [FootprintLayer]
    /// What reaches the receptor from emissions before all layers; nil where the run keeps nothing of it.
    public let residual: FootprintLayer?

    public init(
        receptor: String,
        time: Instant,
        averagingSeconds: Double,
        place: ReceptorPoint?,
        grid: CellGrid,
        layers: [FootprintLayer],
        residual: FootprintLayer? = nil
    ) {
        self.receptor = receptor
        self.time = time
        self.averagingSeconds = averagingSeconds
        self.place = place
        self.grid = grid
        self.layers = layers
        self.residual = residual
    }
}

/// The footprint of the emissions of some hours, sparse: value `i` belongs to cell `cells[i]` of the grid.
public struct FootprintLayer: Equatable, Sendable {
    /// When the emissions take place; nil where the layer stands for all times of the run.
    public let emission: Period?
    /// Ascending.
    public let cells: [Int32]
    /// ppm per umol m-2 s-1.
    public let values: [Double]

    /// - Precondition: as many cells as values.
    public init(emission: Period?, cells: [Int32], values: [Double]) {
        precondition(cells.count == values.count, "a cell without a value")
        self.emission = emission
        self.cells = cells
        self.values = values
    }
}
