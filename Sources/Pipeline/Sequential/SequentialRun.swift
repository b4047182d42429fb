public import Formats
import Foundation
import Inversion
import LinearAlgebra
import Quantities

/// An inversion that goes on from run to run: what was taken, what is open, and the last word on what is not.
///
/// Between two runs it is one file. Observations are told apart by group, time and their order among those of one
/// group and time, so that the same file may be given again with more in it.
public struct SequentialRun: Codable, Sendable {
    public let settings: SequentialSettings
    var smoother: FixedLagSmoother
    /// What the elements stand for; nil in files of versions that did not keep it, until the next run.
    private var state: SequentialState?
    /// Periods that left the window, oldest first.
    public private(set) var retired: [PeriodResult] = []
    /// The observations of open periods with the values they were taken with.
    private var taken: [Int: [String: Double]] = [:]
    /// How many observations of retired periods were taken.
    private var takenBefore: [Int: Int] = [:]

    /// What one run did.
    public struct Progress: Codable, Sendable, Equatable {
        /// Observations taken now.
        public var taken = 0
        /// Known from former runs.
        public var known = 0
        /// Of retired periods, which learn no more.
        public var late = 0
        /// Taken with another value before; the former value counts.
        public var revised = 0
        /// Of those taken now, how many have exactly the value of another one of their period that was known before: a
        /// sign of the same observations under another name or time.
        public var alike = 0
        /// Periods that began and that left the window.
        public var begun = 0
        public var retired = 0
        /// Chi2 of the innovations of those taken now, over their number.
        public var chiSquareRatio: Double?
    }

    /// More periods without observations than this in a row are taken for a wrong time.
    static let longestGap = 10_000

    /// Begins with the first period that has observations.
    ///
    /// - Throws: ``ProblemChoiceError`` for observations without times; ``SequentialError``.
    public init(beginning input: LinearProblemInput, settings: SequentialSettings) throws {
        try settings.validate()
        let periods = try Self.periods(of: input, settings)
        guard let first = periods.keys.min() else { throw InversionError.empty("observations") }
        self.settings = settings
        smoother = try FixedLagSmoother(
            model: try settings.model(of: input),
            first: Self.prior(first, input, settings)
        )
        state = SequentialState(input)
    }

    private static func prior(
        _ period: Int,
        _ input: LinearProblemInput,
        _ settings: SequentialSettings
    ) -> PeriodPrior {
        PeriodPrior(index: period, mean: input.problem.priorMean, duration: settings.periodDays)
    }

    /// Rows by period.
    private static func periods(
        of input: LinearProblemInput,
        _ settings: SequentialSettings
    ) throws -> [Int: [Int]] {
        guard let times = input.times else { throw ProblemChoiceError.noTimes }
        return Dictionary(grouping: times.indices) { settings.period(of: times[$0]) }
    }

    /// Takes what is new, early or late.
    ///
    /// - Throws: ``SequentialError`` or ``ProblemChoiceError`` that names the part at fault; nothing is taken then.
    public mutating func take(_ input: LinearProblemInput) throws -> Progress {
        let described = SequentialState(input)
        try state?.require(described)
        try smoother.model.require(settings.model(of: input))
        var next = self
        next.state = described
        var progress = Progress()
        var chiSquare = 0.0
        for (period, rows) in try Self.periods(of: input, settings).sorted(by: { $0.key < $1.key }) {
            guard period >= next.smoother.oldestPeriod else {
                let known = min(rows.count, takenBefore[period] ?? 0)
                progress.known += known
                progress.late += rows.count - known
                continue
            }
            try next.begin(through: period, input, &progress)
            chiSquare += try next.take(rows, of: period, input, &progress)
        }
        if progress.taken > 0 { progress.chiSquareRatio = chiSquare / Double(progress.taken) }
        self = next
        return progress
    }

    private mutating func begin(
        through period: Int,
        _ input: LinearProblemInput,
        _ progress: inout Progress
    ) throws {
        guard period - smoother.newestPeriod <= Self.longestGap else {
            throw ProblemChoiceError.gap(days: Double(period - smoother.newestPeriod) * settings.periodDays)
        }
        while smoother.newestPeriod < period {
            let number = smoother.newestPeriod + 1
            progress.begun += 1
            guard let product = try smoother.begin(Self.prior(number, input, settings)) else { continue }
            let index = product.prior.index
            progress.retired += 1
            takenBefore[index] = taken[index]?.count ?? 0
            retired.append(
                PeriodResult(
                    final: product,
                    observations: taken[index]?.count ?? 0,
                    priorSigma: smoother.model.priorError.sigma,
                    totals: smoother.model.totals
                )
            )
            taken[index] = nil
        }
    }

    /// - Returns: chi2 of the innovations.
    private mutating func take(
        _ rows: [Int],
        of period: Int,
        _ input: LinearProblemInput,
        _ progress: inout Progress
    ) throws -> Double {
        var values = taken[period] ?? [:]
        let knownValues = Set(values.values)
        var new: [Int] = []
        for (row, key) in zip(rows, Self.keys(of: rows, input)) {
            let value = input.problem.observations[row]
            if let before = values[key] {
                progress.known += 1
                if before != value { progress.revised += 1 }
            } else {
                values[key] = value
                new.append(row)
                if knownValues.contains(value) { progress.alike += 1 }
            }
        }
        guard !new.isEmpty else { return 0 }
        let part = input.problem.keeping(observations: new)
        try Self.requireIndependence(of: new, input.problem.observationError)
        let statistics = try smoother.take(
            PeriodObservations(
                key: "\(period) after \(values.count - new.count)",
                period: period,
                values: part.observations,
                error: part.observationError,
                jacobians: [part.jacobian]
            )
        )
        taken[period] = values
        progress.taken += new.count
        return statistics.chiSquare
    }

    func observationCount(of period: Int) -> Int { taken[period]?.count ?? 0 }

    private static func keys(of rows: [Int], _ input: LinearProblemInput) -> [String] {
        var counts: [String: Int] = [:]
        return rows.map { row in
            let group = input.groups?.groupOfElement[row].map { input.groups?.names[$0] ?? "" } ?? ""
            // Files that count days from different years differ by microseconds in the same moment.
            let milliseconds = (Double(input.times?[row].microseconds ?? 0) / 1000).rounded()
            let name = "\(Int64(milliseconds)) \(group)"
            counts[name, default: 0] += 1
            return counts[name] == 1 ? name : "\(name) \(counts[name] ?? 0)"
        }
    }

    /// Errors that reach from one batch into another cannot be carried on.
    private static func requireIndependence(of rows: [Int], _ error: ErrorModel) throws {
        guard case .covariance(let matrix) = error else { return }
        let inside = Set(rows)
        for row in rows {
            for column in 0..<matrix.columns where !inside.contains(column) && matrix[row, column] != 0 {
                throw ProblemChoiceError.correlatedPeriods(row: row, column: column)
            }
        }
    }
}
