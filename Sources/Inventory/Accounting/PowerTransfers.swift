/// Electricity of one region, for accounts by production and by consumption.
public struct RegionPower: Hashable, Codable, Sendable {
    public let region: String
    /// t CO2 of all generation on the territory.
    public let generationTonnes: Double
    /// kWh of all generation, without carbon or with.
    public let generatedKilowattHours: Double

    public init(region: String, generationTonnes: Double, generatedKilowattHours: Double) {
        self.region = region
        self.generationTonnes = generationTonnes
        self.generatedKilowattHours = generatedKilowattHours
    }
}

/// Electricity sent from one region to another.
public struct PowerTransfer: Hashable, Codable, Sendable {
    public let from: String
    public let to: String
    /// kWh that arrive.
    public let deliveredKilowattHours: Double
    /// Share of what is sent that is lost on the way; its emissions go with the delivery.
    public let lossFraction: Double

    public init(from: String, to: String, deliveredKilowattHours: Double, lossFraction: Double = 0) {
        self.from = from
        self.to = to
        self.deliveredKilowattHours = deliveredKilowattHours
        self.lossFraction = lossFraction
    }

    var sentKilowattHours: Double { deliveredKilowattHours / (1 - lossFraction) }
}

/// Emissions of generation carried to where the electricity is used, by delivered kWh.
///
/// Each region mixes its own generation with what arrives, and sends on the mixture: the intensities `c` solve
/// `(G_i + sum_j arrived_ji) c_i = E_i + sum_j sent_ji c_j` (L. Ji et al. 2016, Applied Energy 184, 751). What all
/// regions use carries exactly what all emit.
public struct PowerConsumption: Codable, Sendable {
    public struct Row: Hashable, Codable, Sendable {
        public let region: String
        /// t CO2 emitted on the territory.
        public let productionTonnes: Double
        public let importedTonnes: Double
        public let exportedTonnes: Double
        /// kg CO2/kWh of the mixture that is used and sent on.
        public let kilogramsPerKilowattHour: Double
        /// kWh that remain in the region.
        public let usedKilowattHours: Double

        /// Production + imported - exported.
        public var consumptionTonnes: Double { productionTonnes + importedTonnes - exportedTonnes }
    }

    public let rows: [Row]

    /// - Throws: ``AccountingError`` for numbers below zero, unknown or doubled regions, and regions that send more
    ///   than they have.
    public init(_ regions: [RegionPower], transfers: [PowerTransfer]) throws(AccountingError) {
        let places = try Self.places(regions)
        var mixed = regions.map(\.generatedKilowattHours)
        var sent = [Double](repeating: 0, count: regions.count)
        for transfer in transfers {
            let (from, to) = try Self.ends(transfer, places)
            mixed[to] += transfer.deliveredKilowattHours
            sent[from] += transfer.sentKilowattHours
        }
        for (index, region) in regions.enumerated() where sent[index] > mixed[index] * (1 + 1e-9) {
            throw Self.error(
                "\(region.region) sends \(shortNumber(sent[index])) kWh and has \(shortNumber(mixed[index]))"
            )
        }
        let intensities = Self.intensities(regions, transfers, places, mixed)
        rows = regions.enumerated().map { index, region in
            let arriving = transfers.filter { $0.to == region.region }.reduce(0) { sum, transfer in
                sum + transfer.sentKilowattHours * (places[transfer.from].map { intensities[$0] } ?? 0)
            }
            return Row(
                region: region.region,
                productionTonnes: region.generationTonnes,
                importedTonnes: arriving,
                exportedTonnes: sent[index] * intensities[index],
                kilogramsPerKilowattHour: intensities[index] * 1000,
                usedKilowattHours: mixed[index] - sent[index]
            )
        }
    }

    private static func error(_ problem: String) -> AccountingError {
        AccountingError(
            .unusable(problem, remedy: "check generation and transfers"),
            at: TablePlace(file: "power transfers")
        )
    }

    private static func places(_ regions: [RegionPower]) throws(AccountingError) -> [String: Int] {
        var places: [String: Int] = [:]
        for (index, region) in regions.enumerated() {
            guard places.updateValue(index, forKey: region.region) == nil else {
                throw error("\(region.region) is given twice")
            }
            guard region.generationTonnes >= 0, region.generatedKilowattHours >= 0,
                region.generationTonnes.isFinite, region.generatedKilowattHours.isFinite,
                region.generatedKilowattHours > 0 || region.generationTonnes == 0
            else { throw error("the generation of \(region.region) is no pair of amounts") }
        }
        return places
    }

    private static func ends(
        _ transfer: PowerTransfer,
        _ places: [String: Int]
    ) throws(AccountingError) -> (Int, Int) {
        guard let from = places[transfer.from], let to = places[transfer.to], from != to else {
            throw error("no transfer from \(transfer.from) to \(transfer.to) between known regions")
        }
        guard transfer.deliveredKilowattHours >= 0, transfer.deliveredKilowattHours.isFinite,
            (0..<1).contains(transfer.lossFraction)
        else { throw error("the transfer from \(transfer.from) to \(transfer.to) is no amount with a loss") }
        return (from, to)
    }

    /// t/kWh. The matrix is diagonally dominant by columns, for no region sends more than it has; Gauss elimination
    /// with pivots solves it, and regions without electricity have an intensity of zero.
    private static func intensities(
        _ regions: [RegionPower],
        _ transfers: [PowerTransfer],
        _ places: [String: Int],
        _ mixed: [Double]
    ) -> [Double] {
        let count = regions.count
        var matrix = [Double](repeating: 0, count: count * count)
        for index in 0..<count { matrix[index * count + index] = mixed[index] > 0 ? mixed[index] : 1 }
        for transfer in transfers {
            guard let from = places[transfer.from], let to = places[transfer.to] else { continue }
            matrix[to * count + from] -= transfer.sentKilowattHours
        }
        return eliminated(matrix, regions.map(\.generationTonnes))
    }

    private static func eliminated(_ given: [Double], _ side: [Double]) -> [Double] {
        var (matrix, values) = (given, side)
        let count = values.count
        for column in 0..<count {
            let pivot = (column..<count).max {
                abs(matrix[$0 * count + column]) < abs(matrix[$1 * count + column])
            }
            if let pivot, pivot != column {
                for index in 0..<count { matrix.swapAt(column * count + index, pivot * count + index) }
                values.swapAt(column, pivot)
            }
            let head = matrix[column * count + column]
            guard head != 0 else { continue }
            for row in (column + 1)..<max(count, column + 1) {
                let factor = matrix[row * count + column] / head
                guard factor != 0 else { continue }
                for index in column..<count {
                    matrix[row * count + index] -= factor * matrix[column * count + index]
                }
                values[row] -= factor * values[column]
            }
        }
        for row in stride(from: count - 1, through: 0, by: -1) {
            for index in (row + 1)..<max(count, row + 1) {
                values[row] -= matrix[row * count + index] * values[index]
            }
            let head = matrix[row * count + row]
            values[row] = head == 0 ? 0 : values[row] / head
        }
        return values
    }
}
