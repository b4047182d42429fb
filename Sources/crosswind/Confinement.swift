import Concurrent
import Foundation
import Quantities

/// Runs verbs that read files of foreign origin in a child process with limits.
enum Confinement {
    /// Runs the same command line in a child.
    ///
    /// - Throws: ``ReadingStopped`` when the child did not end by itself.
    static func run(_ arguments: [String]) async throws -> ExitStatus {
        let child = ConfinedProcess(arguments: arguments, limits: .standard)
        let end = try await onOwnThread(named: "confinement") { child.run() }
        guard case .exited(let status) = end else { throw ReadingStopped(end: end) }
        guard let status = ExitStatus(rawValue: status) else {
            throw ReadingStopped(end: .killed(signal: 0, reading: ""))
        }
        return status
    }
}

/// A child that read files for us did not come to its end.
struct ReadingStopped: Fault, Equatable {
    let end: ConfinedEnd

    var exitStatus: ExitStatus {
        switch end {
        case .notStarted, .exited: .internalError
        case .killed(_, let reading): reading.isEmpty ? .internalError : .badData
        case .silent: .badData
        }
    }

    var what: String {
        switch end {
        case .exited(let status): "the reading process ended with status \(status)"
        case .killed(let signal, let reading) where reading.isEmpty:
            "the working process was ended by signal \(signal)"
        case .killed(let signal, _): "the file stops its reader (signal \(signal))"
        case .silent: "the file keeps its reader busy without end"
        case .notStarted(let code):
            "cannot start the reading process (\(String(cString: strerror(code))))"
        }
    }

    var place: String {
        switch end {
        case .killed(_, let reading), .silent(let reading): reading
        case .exited, .notStarted: ""
        }
    }

    var remedy: String {
        switch end {
        case .killed(_, let reading) where !reading.isEmpty:
            "it is damaged, or needs more memory than this machine has; fetch it again"
        case .silent: "it is damaged; fetch it again"
        case .killed: "if it was not ended by hand, look for lack of memory"
        case .notStarted: "check the limits of processes and memory"
        case .exited: ""
        }
    }
}
