import Digests
public import Formats
import Foundation
import Inversion

/// The file in which a sequential inversion waits for the next run.
public enum SequentialFile {
    /// Goes on from a file, or begins where it is absent; what is new is taken, and the file replaced at once.
    ///
    /// - Parameter settings: those to begin with; nil for those of the file.
    /// - Throws: ``ProblemChoiceError``, ``SequentialError`` or ``PipelineError``; the file is then as it was.
    public static func proceed(
        _ path: String,
        _ input: LinearProblemInput,
        settings: SequentialSettings?
    ) throws -> (run: SequentialRun, progress: SequentialRun.Progress) {
        var run =
            try read(path) ?? SequentialRun(beginning: input, settings: settings ?? SequentialSettings())
        if let settings, settings != run.settings {
            throw ProblemChoiceError.otherSettings(text(run.settings))
        }
        let progress = try run.take(input)
        try write(run, to: path)
        return (run, progress)
    }

    private static func text(_ settings: SequentialSettings) -> String {
        "periods of \(settings.periodDays) days, a window of \(settings.windowPeriods), a persistence of "
            + "\(settings.persistenceDays) days\(settings.isPhysical ? ", no emission below zero" : "")"
    }

    /// What stands in the file: the state as it was encoded, with its digest, so that no changed byte passes.
    private struct Sealed: Codable {
        let sha256: String
        let state: Data
    }

    private static func read(_ path: String) throws -> SequentialRun? {
        guard FileManager.default.fileExists(atPath: path) else { return nil }
        do {
            let sealed = try JSONDecoder().decode(Sealed.self, from: Data(contentsOf: URL(filePath: path)))
            guard digest(sealed.state) == sealed.sha256 else {
                throw ProblemChoiceError.damagedState("the state does not have its digest", file: path)
            }
            let run = try JSONDecoder().decode(SequentialRun.self, from: sealed.state)
            try run.settings.validate()
            return run
        } catch let error as ProblemChoiceError {
            throw error
        } catch let error as SequentialError {
            throw ProblemChoiceError.damagedState(error.what, file: path)
        } catch {
            throw ProblemChoiceError.damagedState("no state of a sequential inversion", file: path)
        }
    }

    private static func write(_ run: SequentialRun, to path: String) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        do {
            let state = try encoder.encode(run)
            let sealed = Sealed(sha256: digest(state), state: state)
            try encoder.encode(sealed).write(to: URL(filePath: path), options: .atomic)
        } catch {
            throw PipelineError.cannotWrite(path: path, reason: "the state of the sequence")
        }
    }

    private static func digest(_ data: Data) -> String {
        var digest = SHA256()
        digest.update(Array(data))
        return digest.hexDigest()
    }
}
