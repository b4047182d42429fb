import LinearAlgebra
public import Quantities

/// What the reference would have shown, from what the instrument showed and the conditions: a robust regression
/// on standardised columns.
public struct TransferModel: Sendable {
    /// One value as the model sees it.
    public struct Prediction: Equatable, Sendable {
        /// ppm.
        public let value: Double
        /// Of the fit at this point, ppm.
        public let fitStandardUncertainty: Double
        /// Outside what the instrument showed, or the conditions were, beside the reference.
        public let isExtrapolated: Bool
    }

    public let predictors: [String]
    /// The reference's.
    public let scale: CalibrationScale
    /// Of the reference, ppm; 0 when it states none.
    public let referenceStandardUncertainty: Double
    /// Of minute means about the model, ppm.
    public let residualDeviation: Double
    /// Root mean square of the residuals, ppm.
    public let rootMeanSquare: Double
    /// Root mean square error for stretches of time left out of the fit, ppm; NaN when it cannot be told.
    public let crossValidated: Double
    /// What is kept of the fit, in the units of the columns.
    public let record: CalibrationRecord
    private let columns: [Column]
    private let coefficients: [Double]
    private let covariance: Matrix

    /// Variance inflation from which a predictor is refused (Marquardt 1970, Technometrics 12, 591).
    public static let maximumInflation = 10.0
    /// Into how many stretches of time the pairs are cut for cross-validation.
    public static let folds = 5

    /// - Throws: ``TransferError`` when the pairs are too few or too alike to tell the coefficients.
    public init(fitting pairs: TransferPairs, _ plan: TransferPlan) throws(TransferError) {
        let count = pairs.references.count
        let columns = try Self.checkedColumns(pairs, plan)
        let design = Self.design(pairs, columns, Array(0..<count))
        guard let fit = RobustRegression(design, pairs.references, isRobust: plan.isRobust) else {
            throw .tooFewPairs(count, needed: columns.count + 2)
        }
        // Neighbouring minutes err alike: they count for fewer.
        let correlation = Double(count) / MeanUncertainty.independentCount(fit.residuals)
        var covariance = fit.covariance
        covariance.storage = covariance.storage.map { $0 * correlation }
        predictors = plan.predictors
        scale = pairs.scales.first ?? .unstated
        referenceStandardUncertainty = pairs.referenceStandardUncertainty ?? 0
        residualDeviation = fit.scale
        rootMeanSquare = fit.residuals.rootMeanSquare
        crossValidated = Self.crossValidated(pairs, plan)
        self.columns = columns
        coefficients = fit.coefficients
        self.covariance = covariance
        record = Self.record(pairs, plan, columns, fit, covariance, crossValidated)
    }

    /// Nil when a predictor is not known.
    public func predict(_ response: Double, _ conditions: Conditions) -> Prediction? {
        var row = [1.0]
        row.reserveCapacity(columns.count + 1)
        var isExtrapolated = false
        for (index, column) in columns.enumerated() {
            guard let value = index == 0 ? response : conditions[predictors[index - 1]] else { return nil }
            row.append(column.standardised(value))
            isExtrapolated = isExtrapolated || !column.range.contains(value)
        }
        var (value, variance) = (0.0, 0.0)
        for i in row.indices {
            value += row[i] * coefficients[i]
            for j in row.indices { variance += row[i] * covariance[i, j] * row[j] }
        }
        return Prediction(
            value: value,
            fitStandardUncertainty: max(0, variance).squareRoot(),
            isExtrapolated: isExtrapolated
        )
    }
}

/// How the values of a column lie.
private struct Column: Sendable {
    let mean: Double
    let deviation: Double
    let range: ClosedRange<Double>

    func standardised(_ value: Double) -> Double { (value - mean) / deviation }
}

extension TransferModel {
    private static func checkedColumns(
        _ pairs: TransferPairs,
        _ plan: TransferPlan
    ) throws(TransferError) -> [Column] {
        guard pairs.scales.count <= 1 else { throw .mixedScales(pairs.scales) }
        let count = pairs.references.count
        let needed = max(plan.minimumPairs, 2 * folds, plan.predictors.count + 3)
        guard count >= needed else { throw .tooFewPairs(count, needed: needed) }
        let span = (pairs.references.max() ?? 0) - (pairs.references.min() ?? 0)
        guard span >= plan.minimumSpanPartsPerMillion, span > 0 else {
            throw .narrow(span, needed: plan.minimumSpanPartsPerMillion)
        }
        var columns: [Column] = []
        for index in 0...plan.predictors.count {
            let values = index == 0 ? pairs.responses : pairs.predictors.map { $0[index - 1] }
            let moments = Moments(values)
            let deviation = (moments.variance ?? 0).squareRoot()
            guard deviation > 1e-9 * max(1, abs(moments.mean)), let low = values.min(),
                let high = values.max()
            else { throw .constant(predictor: name(index, plan)) }
            columns.append(Column(mean: moments.mean, deviation: deviation, range: low...high))
        }
        try checkInflation(pairs, columns, plan)
        return columns
    }

    /// The diagonal of the inverse correlation matrix.
    private static func checkInflation(
        _ pairs: TransferPairs,
        _ columns: [Column],
        _ plan: TransferPlan
    ) throws(TransferError) {
        let all = design(pairs, columns, Array(pairs.references.indices))
        let products = Matrix.transposedProduct(of: all)
        var correlation = Matrix(rows: columns.count, columns: columns.count)
        for i in columns.indices {
            for j in columns.indices {
                correlation[i, j] = products[max(i, j) + 1, min(i, j) + 1] / Double(all.rows - 1)
            }
        }
        guard let inverse = try? Cholesky(factoring: correlation).inverse() else {
            throw .collinear(predictor: name(columns.count - 1, plan), inflation: .infinity)
        }
        let factors = inverse.diagonal
        for index in factors.indices where factors[index] == factors.max() {
            guard !(factors[index] <= maximumInflation) else { continue }
            // The response itself stays: what it is determined by goes.
            throw .collinear(predictor: name(max(index, 1), plan), inflation: factors[index])
        }
    }

    private static func name(_ column: Int, _ plan: TransferPlan) -> String {
        column == 0 || plan.predictors.isEmpty ? "response" : plan.predictors[column - 1]
    }

    private static func design(_ pairs: TransferPairs, _ columns: [Column], _ rows: [Int]) -> Matrix {
        var storage: [Double] = []
        storage.reserveCapacity(rows.count * (columns.count + 1))
        for row in rows {
            storage.append(1)
            storage.append(columns[0].standardised(pairs.responses[row]))
            for (index, value) in pairs.predictors[row].enumerated() {
                storage.append(columns[index + 1].standardised(value))
            }
        }
        return Matrix(rows: rows.count, columns: columns.count + 1, storage: storage)
    }

    /// Each stretch is told from the others: neighbouring minutes are too alike to test each other.
    private static func crossValidated(_ pairs: TransferPairs, _ plan: TransferPlan) -> Double {
        guard let columns = try? checkedColumns(pairs, plan) else { return .nan }
        let count = pairs.references.count
        var errors: [Double] = []
        for fold in 0..<folds {
            let left = (fold * count / folds)..<((fold + 1) * count / folds)
            let kept = (0..<count).filter { !left.contains($0) }
            let values = kept.map { pairs.references[$0] }
            guard let fit = RobustRegression(design(pairs, columns, kept), values, isRobust: plan.isRobust)
            else { return .nan }
            let told = design(pairs, columns, Array(left)).times(fit.coefficients)
            errors += zip(left, told).map { pairs.references[$0] - $1 }
        }
        return errors.rootMeanSquare
    }

    /// In the units of the columns: what is standardised for the fit is undone.
    private static func record(
        _ pairs: TransferPairs,
        _ plan: TransferPlan,
        _ columns: [Column],
        _ fit: RobustRegression,
        _ covariance: Matrix,
        _ crossValidated: Double
    ) -> CalibrationRecord {
        let size = columns.count + 1
        var transform = Matrix(rows: size, columns: size)
        transform[0, 0] = 1
        for (index, column) in columns.enumerated() {
            transform[0, index + 1] = -column.mean / column.deviation
            transform[index + 1, index + 1] = 1 / column.deviation
        }
        let first = pairs.times.first ?? Instant(microseconds: 0)
        let last = pairs.times.last ?? first
        return CalibrationRecord(
            kind: .transfer,
            period: Period(start: first, end: last.advanced(bySeconds: 60)),
            names: ["intercept", "slope"] + plan.predictors,
            coefficients: transform.times(fit.coefficients),
            covariance: transform.times(covariance).timesTransposed(transform).storage,
            rootMeanSquarePartsPerMillion: fit.residuals.rootMeanSquare,
            count: pairs.references.count,
            detail: "reference \(plan.referenceStation)/\(plan.referenceInstrument), "
                + "cross-validated \(crossValidated) ppm"
        )
    }
}

extension [Double] {
    fileprivate var rootMeanSquare: Double {
        isEmpty ? .nan : (reduce(0) { $0 + $1 * $1 } / Double(count)).squareRoot()
    }
}
