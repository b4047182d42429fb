import Concurrent
import Foundation
import Quantities

/// Runs verbs that read files of foreign origin in a child process with limits.
enum Confinement {
    /// Parts this process in two; to be called before any thread is started. Unfinished outputs of a child that did
    /// not end by itself are removed.
    ///
    /// - Parameter outputs: files that the command line names to be written.
    /// - Returns: nil in the child, which is to do the work, elsewhere its status.
    /// - Throws: ``ReadingStopped`` when the child did not end by itself.
    static func split(outputs: [String]) throws -> ExitStatus? {
        guard let outcome = ConfinedProcess(limits: .standard, ownPrefix: "crosswind: ").split() else {
            return nil
        }
        guard case .exited(let number) = outcome.end, let status = ExitStatus(rawValue: number) else {
            for output in outputs { PartialFiles.removeStale(of: output) }
            throw ReadingStopped(end: outcome.end, said: outcome.said)
        }
        // Ours has been told; what libraries said besides is detail.
        for line in outcome.said { Terminal.note("  \(line)") }
        return status
    }
}

/// A child that read files for us did not come to its end.
struct ReadingStopped: Fault, Equatable {
    let end: ConfinedEnd
    /// By libraries, before the end.
    var said: [String] = []

    var exitStatus: ExitStatus {
        switch end {
        case .notStarted, .exited: .internalError
        case .killed(let signal, _) where Self.requests[signal] != nil:
            ExitStatus(rawValue: 128 + signal) ?? .internalError
        case .killed(_, let reading): reading.isEmpty ? .internalError : .badData
        case .silent: .badData
        }
    }

    /// Signals by which a person or a service manager asks a program to end.
    private static let requests = [SIGHUP: "SIGHUP", SIGINT: "SIGINT", SIGTERM: "SIGTERM"]

    var what: String {
        switch end {
        case .exited(let status): "the reading process ended with status \(status)"
        case .killed(let signal, let reading):
            if let name = Self.requests[signal] {
                "ended by \(name) before all results were written"
            } else if reading.isEmpty {
                "the working process was ended by signal \(signal)"
            } else {
                "the file stops its reader (signal \(signal))"
            }
        case .silent: "the file keeps its reader busy without end"
        case .notStarted(let code):
            "cannot start the reading process (\(String(cString: strerror(code))))"
        }
    }

    var place: String {
        switch end {
        case .killed(let signal, _) where Self.requests[signal] != nil: ""
        case .killed(_, let reading), .silent(let reading): reading
        case .exited, .notStarted: ""
        }
    }

    var remedy: String {
        guard let advice, !advice.isEmpty else { return "" }
        // The last words of a library are the nearest to the end.
        return said.last.map { "\(advice) (it said: \($0))" } ?? advice
    }

    private var advice: String? {
        switch end {
        case .killed(let signal, _) where Self.requests[signal] != nil: nil
        case .killed(_, let reading) where !reading.isEmpty:
            "it is damaged, or needs more memory than this machine has; fetch it again"
        case .silent: "it is damaged; fetch it again"
        case .killed: "if it was not ended by hand, look for lack of memory"
        case .notStarted: "check the limits of processes and memory"
        case .exited: nil
        }
    }
}
