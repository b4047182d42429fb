import Formats
import Foundation
import Inversion
import LinearAlgebra
public import Quantities

/// How a problem with times is solved period by period.
public struct SequentialSettings: Codable, Equatable, Sendable {
    /// Length of a period, days; periods begin at multiples of it since 1970.
    public var periodDays: Double
    /// Periods that learn from new observations.
    public var windowPeriods: Int
    /// Days over which the departures of emissions and inflow from their prior lose memory; zero for none. Biases and
    /// site offsets are constant.
    public var persistenceDays: Double
    /// No emission below zero in what is told.
    public var isPhysical: Bool

    public init(
        periodDays: Double = 1,
        windowPeriods: Int = 10,
        persistenceDays: Double = 0,
        isPhysical: Bool = false
    ) {
        self.periodDays = periodDays
        self.windowPeriods = windowPeriods
        self.persistenceDays = persistenceDays
        self.isPhysical = isPhysical
    }

    /// - Throws: ``SequentialError/badOption(_:value:)`` for a number that has no meaning.
    func validate() throws(SequentialError) {
        // A minute to a hundred years.
        guard (1 / 1440...36_525).contains(periodDays) else {
            throw .badOption("days of a period", value: periodDays)
        }
        guard persistenceDays >= 0, persistenceDays.isFinite else {
            throw .badOption("days of persistence", value: persistenceDays)
        }
        guard (1...10_000).contains(windowPeriods) else {
            throw .badOption("periods of the window", value: Double(windowPeriods))
        }
    }

    /// The number of the period that a moment lies in.
    func period(of time: Instant) -> Int {
        Int((time.secondsSince1970 / (periodDays * 86_400)).rounded(.down))
    }

    /// When a period begins.
    public func start(of period: Int) -> Instant? {
        Instant(secondsSince1970: Double(period) * periodDays * 86_400)
    }

    /// The model of one period: the state of the problem, its prior and its totals.
    ///
    /// - Throws: ``SequentialError`` where correlated elements would differ in persistence.
    func model(of input: LinearProblemInput) throws(SequentialError) -> SequentialModel {
        let problem = input.problem
        let memory = persistenceDays > 0 ? exp(-periodDays / persistenceDays) : 0
        let elements = input.state?.elements
        let isConstant = problem.stateNames.indices.map { index in
            elements.map { $0[index].kind == .bias || $0[index].kind == .siteOffset } ?? false
        }
        // Sinks stay free, as where one problem is solved.
        let isSource = problem.stateNames.indices.map { index in
            (elements?[index].kind.isEmission ?? true) && problem.priorMean[index] >= 0
                && (input.emissions?.perUnit[index] ?? 0) >= 0
        }
        var totals: [TotalOverTime] = []
        if let functionals = input.totals {
            for (row, name) in functionals.names.enumerated() {
                totals.append(
                    TotalOverTime(name: name, weights: functionals.weights.rows(row..<(row + 1)).storage)
                )
            }
        }
        return try SequentialModel(
            elementNames: problem.stateNames,
            priorError: problem.priorError,
            persistence: isConstant.map { $0 ? 1 : memory },
            windowPeriods: windowPeriods,
            totals: totals,
            lowerBounds: isPhysical ? isSource.map { $0 ? 0 : nil } : nil
        )
    }
}
