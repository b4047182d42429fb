import Concurrent
import Foundation
import LinearAlgebra
import Quantities

/// The command line: finds the verb, runs it, and turns a failure into one line and an exit status.
@main
struct Crosswind {
    static func main() async {
        BLASConfiguration.endIdleThreads()
        // A reader that closes its end of a pipe must not end a run that has other work.
        signal(SIGPIPE, SIG_IGN)
        Heartbeat.enterConfinement()
        let arguments = Array(CommandLine.arguments.dropFirst())
        exit(await run(arguments).rawValue)
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
        guard let verb = Verbs.all.first(where: { $0.name == first }) else {
            throw UsageError.unknownVerb(first, known: Verbs.all.map { $0.name })
        }
        if arguments.contains("--help") || arguments.contains("-h") {
            try Terminal.write(Help.text(of: verb), to: .standardOutput)
            return .success
        }
        let options = try Options(parsing: Array(arguments.dropFirst()), for: verb)
        if verb.isConfined, !Heartbeat.isConfined {
            return try await Confinement.run(arguments, outputs: verb.outputs(options))
        }
        return try await verb.run(options)
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
