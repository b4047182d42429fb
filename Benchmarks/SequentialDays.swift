import Foundation
import Inversion
import LinearAlgebra
import TestSupport

/// The fixed-lag smoother over many days, beside what a new batch solve of the same window costs each day.
struct SequentialDays: Race {
    let name = "sequential-days"
    private let elements = 60
    private let window = 10
    private let days = 60
    private let observations = 200
    private let reach = 5

    func run() async throws {
        var random = SeededGenerator(seed: 1)
        let model = try SequentialModel(
            elementNames: (0..<elements).map { "x\($0)" },
            priorError: .independent([Double](repeating: 0.5, count: elements)),
            persistence: [Double](repeating: 0.9, count: elements),
            windowPeriods: window,
            totals: [TotalOverTime(name: "total", weights: [Double](repeating: 1, count: elements))]
        )
        let mean = [Double](repeating: 1, count: elements)
        var smoother = try FixedLagSmoother(model: model, first: PeriodPrior(index: 0, mean: mean))
        let clock = ContinuousClock()
        var seconds = 0.0
        for day in 0..<days {
            let batch = PeriodObservations(
                key: "\(day)",
                period: day,
                values: (0..<observations).map { _ in 10 + random.normal() },
                error: .independent([Double](repeating: 2, count: observations)),
                jacobians: (0..<min(reach, day + 1)).map { _ in
                    let values = (0..<observations * elements).map { _ in random.uniform() / 20 }
                    return Matrix(rows: observations, columns: elements, storage: values)
                }
            )
            let start = clock.now
            if day > 0 { _ = try smoother.begin(PeriodPrior(index: day, mean: mean)) }
            _ = try smoother.take(batch)
            seconds += (clock.now - start) / .seconds(1)
        }
        let start = clock.now
        let saved = try JSONEncoder().encode(smoother)
        let again = try JSONDecoder().decode(FixedLagSmoother.self, from: saved)
        let saving = (clock.now - start) / .seconds(1)
        let problem = SyntheticProblem.make(observations: observations * window, states: elements * window)
        let solveStart = clock.now
        _ = try GaussianSolver.solve(problem)
        let solving = (clock.now - solveStart) / .seconds(1)
        let shape = "\(elements) elements x \(window) days, \(observations) observations a day"
        print("crosswind: \(shape): \(text(seconds / Double(days))) s a day")
        print(
            "crosswind: saved and read back (\(saved.count) bytes, same: \(again == smoother)): \(text(saving)) s"
        )
        print(
            "batch solve of one window (\(observations * window) x \(elements * window)): \(text(solving)) s"
        )
    }

    private func text(_ seconds: Double) -> String { String(format: "%.4f", seconds) }
}
