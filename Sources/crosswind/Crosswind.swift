import Concurrent
import Foundation
import LinearAlgebra
import Quantities

/// The command line: finds the verb, runs it, and turns a failure into one line and an exit status.
@main
struct Crosswind {
    static func main() {
        BLASConfiguration.endIdleThreads()
        // A reader that closes its end of a pipe must not end a run that has other work.
        signal(SIGPIPE, SIG_IGN)
        let arguments = Array(CommandLine.arguments.dropFirst())
        do {
            if let status = try delegate(arguments) { end(status) }
        } catch {
            end(report(error))
        }
        Task { @MainActor in end(await run(arguments)) }
        dispatchMain()
    }

    /// Ends the process without the exit handlers of all libraries, which tidy up for some milliseconds what the kernel
    /// takes back anyway. What C has in its buffers is written.
    private static func end(_ status: ExitStatus) -> Never {
        fflush(nil)
        _exit(status.rawValue)
    }

    /// Leaves a verb that reads foreign files to a child.
    ///
    /// - Returns: the child's status; nil where this process is to do the work, be it that child.
    private static func delegate(_ arguments: [String]) throws -> ExitStatus? {
        guard let verb = Verbs.named(arguments.first ?? ""), verb.isConfined, !Help.isWanted(arguments) else {
            return nil
        }
        return try Confinement.split(outputs: verb.outputs(try options(arguments, verb)))
    }

    private static func options(_ arguments: [String], _ verb: any Verb) throws -> Options {
        try Options(parsing: Array(arguments.dropFirst()), for: verb)
    }

    static func run(_ arguments: [String]) async -> ExitStatus {
        do { return try await perform(arguments) } catch { return report(error) }
    }

    private static func perform(_ arguments: [String]) async throws -> ExitStatus {
        guard let first = arguments.first else {
            Terminal.note(Help.overview())
            return .usage
        }
        switch first {
        case "help" where arguments.count > 1:
            return try await perform([arguments[1], "--help"])
        case "--help", "-h", "help":
            try Terminal.write(Help.overview(), to: .standardOutput)
            return .success
        case "--version":
            try Terminal.write("crosswind \(Version.current)", to: .standardOutput)
            return .success
        default:
            break
        }
        guard let verb = Verbs.named(first) else {
            throw UsageError.unknownVerb(first, known: Verbs.all.map { $0.name })
        }
        if Help.isWanted(arguments) {
            try Terminal.write(Help.text(of: verb), to: .standardOutput)
            return .success
        }
        return try await verb.run(try options(arguments, verb))
    }

    private static func report(_ error: any Error) -> ExitStatus {
        guard let fault = error as? any Fault else {
            Terminal.note("crosswind: internal error: \(error)")
            return .internalError
        }
        Terminal.note("crosswind: \(fault.line)")
        return fault.exitStatus
    }
}
