import Concurrent
import Formats
import Inversion
import Pipeline
import Quantities

/// What the command line says of a sequence.
enum SequentialChoice {
    static let names = ["period-days", "window", "persistence-days"]

    /// Nil where nothing is said, so that those of the file hold.
    static func settings(_ options: Options) throws -> SequentialSettings? {
        guard (names + ["non-negative"]).contains(where: options.isSet) else { return nil }
        var settings = SequentialSettings()
        settings.isPhysical = options.isSet("non-negative")
        settings.periodDays = try number(options, "period-days") ?? settings.periodDays
        settings.persistenceDays = try number(options, "persistence-days") ?? settings.persistenceDays
        if let text = options.text("window") {
            guard let periods = Int(text), (1...10_000).contains(periods) else {
                let expected = "a whole number, 1 to 10000"
                throw UsageError.badValue("window", text, expected: expected, verb: options.verb)
            }
            settings.windowPeriods = periods
        }
        return settings
    }

    private static func number(_ options: Options, _ name: String) throws -> Double? {
        guard let text = options.text(name) else { return nil }
        guard let value = Double(text), value.isFinite, value >= 0 else {
            throw UsageError.badValue(name, text, expected: "a number of days", verb: options.verb)
        }
        return value
    }
}

extension InvertVerb {
    /// Takes what is new into a sequence, and tells what is known.
    func sequential(_ options: Options) async throws -> ExitStatus {
        try options.refuse(
            [
                "space", "solver", "draws", "seed", "diagnostics", "preview", "candidates", "sensitivity",
                "vary",
                "errors", "adopt", "basis", "paris", "keep-draws", "publication", "memory",
            ],
            beside: "sequential"
        )
        let settings = try SequentialChoice.settings(options)
        let (input, sources) = try await sequentialInput(options)
        let state = try OutputPath(try options.required("sequential"), inputs: sources).path
        let output = try options.text("output").map { try OutputPath($0, inputs: sources + [state]).path }
        if let text = options.text("output"), !text.hasSuffix(".csv") || output == state {
            let expected = "a file with the ending .csv, and not that of the state"
            throw UsageError.badValue("output", text, expected: expected, verb: name)
        }
        for path in [state] + (output.map { [$0] } ?? []) { try InvertOutput.requireFolder(of: path) }
        let (run, progress) = try await onOwnThread(named: "sequence") {
            try SequentialFile.proceed(state, input, settings: settings)
        }
        let result = try run.result()
        let offsets = input.totals?.offsets ?? []
        let summary = SequentialSummary(result, progress, run.settings, offsets: offsets)
        if let output {
            try writeText(summary.csv(result), to: output)
        }
        try print(summary, summary.text, options)
        return .success
    }

    private func sequentialInput(_ options: Options) async throws -> (LinearProblemInput, [String]) {
        if let path = options.text("problem") {
            guard options.operands.isEmpty, !options.isSet("store") else {
                throw UsageError.operands(expected: "either --problem or a case, not both", verb: name)
            }
            guard try await !LargeProblemFile.isLarge(path) else {
                throw UsageError.operands(
                    expected: "a problem with a dense jacobian beside --sequential; this one is sparse",
                    verb: name
                )
            }
            return (try await LinearProblemFile.read(path), [path])
        }
        guard let file = options.operands.first, options.operands.count == 1 else {
            throw UsageError.operands(expected: "--problem FILE, or one case file", verb: name)
        }
        let run = CaseRun(
            definition: try CaseFile.read(file),
            store: options.text("store"),
            output: nil,
            command: "crosswind invert \(file)"
        )
        return (try await run.sequentialProblem(), [file])
    }
}
