import Quantities

/// Sums of one kind of soundings in one cell and window.
struct KindSums: Equatable, Sendable {
    var count = 0
    var sum = FixedPointSum()

    mutating func add(_ value: Double) {
        count += 1
        sum.add(value)
    }

    mutating func add(_ other: KindSums) {
        count += other.count
        sum.add(other.sum)
    }
}

/// The mean difference between two kinds of soundings, over cells and windows that hold both.
///
/// A cell counts by `w = n m / (n + m)`, held to ``mostWeight`` as the soundings of a cell share errors. The standard
/// error follows from the scatter of the cells about the mean: `Σ w² (D - D̄)² / (Σ w)² · k / (k - 1)` for `k` cells,
/// so that it needs no assumption on the noise of soundings.
struct CellContrast: Equatable, Sendable {
    static let mostWeight = 5.0
    static let fewestCells = 4

    private(set) var cells = 0
    private(set) var count = 0
    private var weight = FixedPointSum()
    private var difference = FixedPointSum()
    private var squaredWeight = FixedPointSum()
    private var squaredDifference = FixedPointSum()
    private var squaredProduct = FixedPointSum()

    mutating func add(_ first: KindSums, minus second: KindSums) {
        guard first.count > 0, second.count > 0 else { return }
        let (n, m) = (Double(first.count), Double(second.count))
        let w = min(Self.mostWeight, n * m / (n + m))
        let d = first.sum.value / n - second.sum.value / m
        cells += 1
        count += first.count + second.count
        weight.add(w)
        difference.add(w * d)
        squaredWeight.add(w * w)
        squaredDifference.add(w * w * d)
        squaredProduct.add(w * w * d * d)
    }

    mutating func merge(_ other: CellContrast) {
        cells += other.cells
        count += other.count
        weight.add(other.weight)
        difference.add(other.difference)
        squaredWeight.add(other.squaredWeight)
        squaredDifference.add(other.squaredDifference)
        squaredProduct.add(other.squaredProduct)
    }

    var estimate: Estimate? {
        guard cells > 0 else { return nil }
        let mean = difference.value / weight.value
        guard cells >= Self.fewestCells else { return Estimate(mean: mean, standardDeviation: .nan) }
        let squares =
            squaredProduct.value - 2 * mean * squaredDifference.value + mean * mean * squaredWeight.value
        let correction = Double(cells) / Double(cells - 1)
        let variance = max(0, squares) * correction / (weight.value * weight.value)
        return Estimate(mean: mean, standardDeviation: variance.squareRoot())
    }
}

/// A cell of a coarse grid over the globe in one window of time.
struct CellKey: Hashable, Sendable {
    let window: Int
    let row: Int
    let column: Int

    init(window: Int, longitude: Double, latitude: Double, degrees: Double) {
        self.window = window
        row = Int(((latitude + 90) / degrees).rounded(.down))
        let turned = longitude - 360 * ((longitude + 180) / 360).rounded(.down)
        column = Int(((turned + 180) / degrees).rounded(.down))
    }
}
