/// Two inventories region by region.
public struct InventoryAgreement: Sendable {
    /// One region in both.
    public struct Row: Hashable, Sendable {
        public let region: String
        public let first: Double
        public let second: Double

        /// first / second; NaN where the second is zero.
        public var ratio: Double { second == 0 ? .nan : first / second }
    }

    /// Regions that both name, by their id.
    public let rows: [Row]
    /// Regions that only one of them names.
    public let unmatched: [String]
    /// Pearson's correlation over the rows; NaN for fewer than three or a constant column.
    public let correlation: Double

    /// Sums over the rows alone.
    public var firstTotal: Double { rows.reduce(0) { $0 + $1.first } }
    public var secondTotal: Double { rows.reduce(0) { $0 + $1.second } }

    /// The regions with the smallest and the greatest ratio; nil where there is none.
    public var extremes: (least: Row, greatest: Row)? {
        let ratios = rows.filter { $0.ratio.isFinite }
        guard let least = ratios.min(by: { $0.ratio < $1.ratio }),
            let greatest = ratios.max(by: { $0.ratio < $1.ratio })
        else { return nil }
        return (least, greatest)
    }

    /// - Parameters: figures by region, in one unit; regions without a finite figure count as not named.
    public init(_ first: [String: Double], _ second: [String: Double]) {
        let one = first.filter { $0.value.isFinite }
        let other = second.filter { $0.value.isFinite }
        rows = one.keys.sorted().compactMap { region in
            guard let a = one[region], let b = other[region] else { return nil }
            return Row(region: region, first: a, second: b)
        }
        unmatched = Set(one.keys).symmetricDifference(other.keys).sorted()
        correlation = rows.count < 3 ? .nan : Self.correlation(rows)
    }

    private static func correlation(_ rows: [Row]) -> Double {
        let n = Double(rows.count)
        let first = rows.reduce(0) { $0 + $1.first / n }
        let second = rows.reduce(0) { $0 + $1.second / n }
        var products = (0.0, 0.0, 0.0)
        for row in rows {
            let (a, b) = (row.first - first, row.second - second)
            products = (products.0 + a * b, products.1 + a * a, products.2 + b * b)
        }
        let scale = (products.1 * products.2).squareRoot()
        return scale > 0 ? products.0 / scale : .nan
    }
}
