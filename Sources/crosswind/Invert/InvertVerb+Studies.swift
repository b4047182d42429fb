import Concurrent
import Formats
import Inversion
import Pipeline
import Quantities

/// Studies of a problem that do more than solve it once.
extension InvertVerb {
    /// Solves every combination of choices.
    func sensitivity(_ options: Options) async throws -> ExitStatus {
        try options.refuse(
            [
                "output", "solver", "diagnostics", "space", "errors", "adopt", "draws", "seed",
                "non-negative", "paris", "keep-draws", "publication",
            ],
            beside: "sensitivity"
        )
        var input = try await LinearProblemFile.read(try options.required("problem"))
        _ = try await reduce(&input, options)
        var plan = try SensitivityPlan(standardFor: input)
        let chosen = options.texts("vary")
        if !chosen.isEmpty {
            let axes = try chosen.map { try axis($0, input) }
            for (index, axis) in axes.enumerated()
            where axes[..<index].contains(where: { $0.name == axis.name }) {
                let expected = "an axis of its own: `\(axis.name)` is given twice"
                throw UsageError.badValue("vary", chosen[index], expected: expected, verb: name)
            }
            plan = SensitivityPlan(axes: axes)
        }
        let matrix = try await plan.solve(input)
        if matrix.spread.isEmpty, let failure = matrix.rows.lazy.compactMap(\.failure).first { throw failure }
        let summary = SensitivitySummary(matrix)
        try print(summary, summary.text, options)
        return .success
    }

    private func axis(_ text: String, _ input: LinearProblemInput) throws -> VariationAxis {
        let parts = text.split(separator: "=", maxSplits: 1).map(String.init)
        guard let axis = SensitivityPlan.Axis(rawValue: parts.first ?? "") else {
            let names = SensitivityPlan.Axis.allCases.map(\.rawValue).joined(separator: ", ")
            throw UsageError.badValue("vary", text, expected: "one of \(names)", verb: name)
        }
        let values =
            parts.count < 2 ? [] : parts[1].split(separator: ",", omittingEmptySubsequences: false)
        let numbers = values.compactMap { axis == .correlation && $0 == "stated" ? -1 : Double($0) }
        let takesZero = axis == .correlation || axis == .modelError
        let areFine =
            numbers.count == values.count
            && numbers.allSatisfy {
                $0.isFinite && ($0 > 0 || $0 == 0 && takesZero || $0 == -1 && axis == .correlation)
            }
        guard areFine, axis == .groups ? parts.count == 1 : parts.count == 2 else {
            let expected = axis == .groups ? "`groups` alone" : "`\(axis.rawValue)=` and positive numbers"
            throw UsageError.badValue("vary", text, expected: expected, verb: name)
        }
        if let twice = numbers.indices.first(where: { numbers[..<$0].contains(numbers[$0]) }) {
            let expected = "values without repeats: \(values[twice]) is given twice"
            throw UsageError.badValue("vary", text, expected: expected, verb: name)
        }
        return try SensitivityPlan.axis(axis, numbers, input)
    }

    /// Estimates the error model where asked for, and puts it into the problem where it is to be adopted.
    func errorModel(
        _ input: inout LinearProblemInput,
        _ options: Options
    ) async throws -> ErrorModelSummary? {
        guard let text = options.text("errors") else {
            guard !options.isSet("adopt") else {
                throw UsageError.operands(expected: "--errors beside --adopt", verb: name)
            }
            return nil
        }
        var parameters: [ErrorModelFit.Parameter] = []
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            guard let parameter = ErrorModelFit.Parameter(rawValue: String(part)) else {
                let names = ErrorModelFit.Parameter.allCases.map(\.rawValue).joined(separator: ", ")
                throw UsageError.badValue("errors", String(part), expected: "one of \(names)", verb: name)
            }
            guard !parameters.contains(parameter) else {
                throw UsageError.badValue("errors", text, expected: "a list without repeats", verb: name)
            }
            parameters.append(parameter)
        }
        let (chosen, stated) = (parameters, input)
        let fit = try await onOwnThread(named: "errors") { try ErrorModelFit(chosen, of: stated) }
        let isAdopted = options.isSet("adopt")
        if isAdopted { input.problem = fit.adopted }
        return ErrorModelSummary(fit, isAdopted: isAdopted)
    }

    /// Gathers emissions where asked for.
    func reduce(_ input: inout LinearProblemInput, _ options: Options) async throws -> ReducedProblem? {
        guard let text = options.text("basis") else { return nil }
        guard let choice = BasisChoice(text) else {
            let expected = "`regions`, `clusters=N` or `quadtree=N`"
            throw UsageError.badValue("basis", text, expected: expected, verb: name)
        }
        let full = input
        let reduced = try await onOwnThread(named: "basis") { try ReducedProblem(full, on: choice) }
        input = reduced.input
        return reduced
    }

    func print(_ summary: some Encodable, _ text: String, _ options: Options) throws {
        if options.isSet("json") {
            try JSONSummary.print(summary)
        } else {
            try Terminal.write(text, to: .standardOutput)
        }
    }
}
