import Foundation
import Inversion
import LinearAlgebra
import Quantities
import TestSupport
import Testing

@testable import Formats
@testable import Pipeline

/// A sequence of days from one file, beside one batch solve of all of them.
@Suite struct SequentialRunTests {
    private static let days = 6
    private static let perDay = 4
    private static let firstDay = 19_000

    /// Two regions and the bias of an instrument, seen four times a day.
    private static func input(days: Int = days, seed: UInt64 = 1) throws -> LinearProblemInput {
        var random = SeededGenerator(seed: seed)
        let count = days * perDay
        let values = (0..<count * 3).map { $0 % 3 == 2 ? 1 : 0.5 + random.uniform() }
        var input = LinearProblemInput(
            problem: LinearProblem(
                jacobian: Matrix(rows: count, columns: 3, storage: values),
                observations: (0..<count).map { _ in 3 + random.normal() },
                observationError: .independent((0..<count).map { _ in 0.5 + random.uniform() }),
                priorMean: [1, 1, 0],
                priorError: .independent([0.5, 0.8, 1]),
                stateNames: ["north", "south", "bias"]
            ),
            times: (0..<count).map { row in
                let hours = Double(firstDay + row / perDay) * 24 + Double(row % perDay) * 5
                return Instant(microseconds: Int64(hours * 3.6e9))
            }
        )
        input.state = try StateVector([
            StateElement("north", kind: .flux), StateElement("south", kind: .flux),
            StateElement("bias", kind: .bias),
        ])
        input.groups = LabelGroups(labels: (0..<count).map { $0 % 2 == 0 ? "a" : "b" })
        input.totals = try LinearFunctionals(
            names: ["both"],
            weights: Matrix(rows: 1, columns: 3, storage: [2, 3, 0]),
            offsets: [1]
        )
        return input
    }

    private static let settings = SequentialSettings(windowPeriods: 10, persistenceDays: 4)

    /// All days as elements of their own, correlated as the settings say.
    private func batch(_ input: LinearProblemInput, memory: Double) throws -> Posterior {
        let (n, m) = (input.problem.observationCount, 3)
        let days = n / Self.perDay
        var jacobian = Matrix(rows: n, columns: days * m)
        for row in 0..<n {
            for column in 0..<m {
                jacobian[row, row / Self.perDay * m + column] = input.problem.jacobian[row, column]
            }
        }
        let sigma = input.problem.priorError.sigma
        var prior = Matrix(rows: days * m, columns: days * m)
        for day in 0..<days {
            for other in 0..<days {
                for element in 0..<m {
                    let share =
                        element == 2
                        ? 1 - 1e-12 * Double(abs(day - other)) : pow(memory, Double(abs(day - other)))
                    prior[day * m + element, other * m + element] = share * sigma[element] * sigma[element]
                }
            }
        }
        prior.addToDiagonal([Double](repeating: 1e-11, count: days * m))
        return try GaussianSolver.solve(
            LinearProblem(
                jacobian: jacobian,
                observations: input.problem.observations,
                observationError: input.problem.observationError,
                priorMean: (0..<days).flatMap { _ in input.problem.priorMean },
                priorError: .covariance(prior),
                stateNames: (0..<days * m).map { "x\($0)" }
            ),
            space: .observation
        )
    }

    @Test func windowThatHoldsAllDaysGivesTheBatchSolution() throws {
        let input = try Self.input()
        var run = try SequentialRun(beginning: input, settings: Self.settings)
        let progress = try run.take(input)
        #expect(progress.taken == Self.days * Self.perDay && progress.begun == Self.days - 1)
        let batch = try batch(input, memory: exp(-0.25))
        let result = try run.result()
        #expect(result.periods.count == Self.days && result.periods.allSatisfy { !$0.isFinal })
        for (day, period) in result.periods.enumerated() {
            for element in 0..<3 {
                let place = day * 3 + element
                #expect(abs(period.mean[element] - batch.mean[place]) < 1e-6)
                #expect(abs(period.sigma[element] - batch.sigma[place]) < 1e-6)
            }
        }
        let weights = (0..<Self.days).flatMap { _ in [2.0, 3, 0].map { $0 / Double(Self.days) } }
        let total = try LinearFunctionals(
            names: ["both"],
            weights: Matrix(rows: 1, columns: weights.count, storage: weights)
        ).totals(of: batch, priorError: .independent(batch.priorSigma)).posterior[0]
        #expect(abs(result.timeMeans[0].mean - total.mean) < 1e-6)
        #expect(abs(result.timeMeans[0].standardDeviation - total.standardDeviation) < 1e-6)
        #expect(abs(result.logEvidence - batch.logEvidence) < 1e-5)
    }

    @Test func daysThatComeLaterGiveWhatOneRunGives() throws {
        let all = try Self.input()
        func part(_ rows: [Int]) throws -> LinearProblemInput {
            var part = all
            part.problem = all.problem.keeping(observations: rows)
            part.times = rows.compactMap { all.times?[$0] }
            part.groups = LabelGroups(labels: rows.compactMap { all.groups?.labels[$0] })
            return part
        }
        var whole = try SequentialRun(beginning: all, settings: Self.settings)
        _ = try whole.take(all)
        let folder = try TemporaryFolder()
        let path = folder.file("state.json").path
        // Half of the days with a hole, then everything: the hole comes late.
        let early = Array(0..<5) + Array(8..<12)
        _ = try SequentialFile.proceed(path, part(early), settings: Self.settings)
        let (run, progress) = try SequentialFile.proceed(path, all, settings: nil)
        #expect(progress.known == early.count && progress.taken == 24 - early.count && progress.late == 0)
        for (a, b) in zip(try whole.result().periods, try run.result().periods) {
            for element in 0..<3 {
                #expect(abs(a.mean[element] - b.mean[element]) < 1e-10)
                #expect(abs(a.sigma[element] - b.sigma[element]) < 1e-10)
            }
            #expect(a.observations == b.observations)
        }
        let again = try SequentialFile.proceed(path, all, settings: nil)
        #expect(again.progress.known == 24 && again.progress.taken == 0)
    }

    @Test func shortWindowMakesPeriodsFinalAndTellsWhatComesTooLate() throws {
        let all = try Self.input()
        var settings = Self.settings
        settings.windowPeriods = 2
        let rows = Array(2..<24)
        var later = all
        later.problem = all.problem.keeping(observations: rows)
        later.times = rows.compactMap { all.times?[$0] }
        later.groups = LabelGroups(labels: rows.compactMap { all.groups?.labels[$0] })
        var run = try SequentialRun(beginning: later, settings: settings)
        let first = try run.take(later)
        #expect(first.retired == 4 && first.taken == 22)
        let second = try run.take(all)
        #expect(second.late == 2 && second.known == 22 && second.taken == 0)
        #expect(try run.result().periods.map(\.isFinal) == [true, true, true, true, false, false])
    }

    @Test func revisedValuesAreToldAndNotTaken() throws {
        var input = try Self.input()
        var run = try SequentialRun(beginning: input, settings: Self.settings)
        _ = try run.take(input)
        let before = try run.result().periods
        input.problem.observations[3] += 1
        #expect(try run.take(input).revised == 1)
        #expect(try run.result().periods == before)
    }

    /// The Jacobian of another day must be that of the same state; the first difference is named.
    @Test func anotherStateIsNamed() throws {
        let input = try Self.input()
        func state(_ change: (Int, StateElement) -> StateElement) throws -> StateVector {
            try StateVector((input.state?.elements ?? []).enumerated().map(change))
        }
        let cases:
            [(variable: String, was: String, is: String, change: (inout LinearProblemInput) throws -> Void)] =
                [
                    (
                        "state_name[0]", "north", "south",
                        { $0.problem.stateNames = ["south", "north", "bias"] }
                    ),
                    (
                        "state_name", "3 elements", "2 elements",
                        { $0.problem.stateNames = ["north", "south"] }
                    ),
                    (
                        "state_region[1]", "", "B",
                        {
                            $0.state = try state { index, element in
                                let region = index == 1 ? "B" : ""
                                return StateElement(element.name, kind: element.kind, region: region)
                            }
                        }
                    ),
                    (
                        "state_kind[1]", "flux", "boundary",
                        {
                            $0.state = try state { index, element in
                                StateElement(element.name, kind: index == 1 ? .boundary : element.kind)
                            }
                        }
                    ),
                    ("observation_value:units", "", "ppb", { $0.unit = "ppb" }),
                    (
                        "total_weight[0, 1]", "3.0", "4.0",
                        {
                            let weights = Matrix(rows: 1, columns: 3, storage: [2, 4, 0])
                            $0.totals = try LinearFunctionals(names: ["both"], weights: weights, offsets: [1])
                        }
                    ),
                ]
        for (variable, was, now, change) in cases {
            var run = try SequentialRun(beginning: input, settings: Self.settings)
            var other = input
            try change(&other)
            #expect(throws: ProblemChoiceError.anotherElement(variable, was: was, is: now)) {
                try run.take(other)
            }
        }
    }

    @Test func whatDoesNotFitIsRefused() throws {
        let input = try Self.input()
        var withoutTimes = input
        withoutTimes.times = nil
        #expect(throws: ProblemChoiceError.noTimes) {
            try SequentialRun(beginning: withoutTimes, settings: Self.settings)
        }
        var run = try SequentialRun(beginning: input, settings: Self.settings)
        var other = input
        other.problem.priorError = .independent([0.5, 0.8, 2])
        #expect(throws: ProblemChoiceError.anotherElement("prior_sigma[2]", was: "1.0", is: "2.0")) {
            try run.take(other)
        }
        #expect(throws: SequentialError.self) {
            try SequentialRun(beginning: input, settings: SequentialSettings(periodDays: 1e-300))
        }
        let folder = try TemporaryFolder()
        let path = folder.file("state.json").path
        _ = try SequentialFile.proceed(path, input, settings: Self.settings)
        #expect(throws: ProblemChoiceError.self) {
            try SequentialFile.proceed(path, input, settings: SequentialSettings(windowPeriods: 3))
        }
        let whole = try Data(contentsOf: URL(filePath: path))
        var changed = Array(whole)
        let place = changed.count / 2
        changed[place] = changed[place] == UInt8(ascii: "A") ? UInt8(ascii: "B") : UInt8(ascii: "A")
        try Data(changed).write(to: URL(filePath: path))
        #expect(throws: ProblemChoiceError.self) { try SequentialFile.proceed(path, input, settings: nil) }
        for length in [0, 10, whole.count / 2, whole.count - 2] {
            try whole.prefix(length).write(to: URL(filePath: path))
            #expect(throws: ProblemChoiceError.self) {
                try SequentialFile.proceed(path, input, settings: nil)
            }
        }
    }

    @Test func microsecondsOfAnotherTimeUnitMakeNoOtherObservation() throws {
        var input = try Self.input()
        var run = try SequentialRun(beginning: input, settings: Self.settings)
        _ = try run.take(input)
        input.times = input.times?.map { Instant(microseconds: $0.microseconds + 3) }
        #expect(try run.take(input).taken == 0)
        input.times = input.times?.map { Instant(microseconds: $0.microseconds + 60_000_000) }
        let progress = try run.take(input)
        #expect(progress.taken == 24 && progress.alike == 24)
    }

    @Test func emissionsStayPhysicalWhereAskedFor() throws {
        var input = try Self.input()
        input.problem.observations = input.problem.observations.map { $0 - 9 }
        var settings = Self.settings
        settings.isPhysical = true
        var run = try SequentialRun(beginning: input, settings: settings)
        _ = try run.take(input)
        let periods = try run.result().periods
        #expect(periods.allSatisfy { $0.mean[0] >= 0 && $0.mean[1] >= 0 })
        #expect(periods.contains { !$0.atBound.isEmpty })
    }
}
