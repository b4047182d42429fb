import Foundation
import Quantities

/// The command line: finds the verb, runs it, and turns a failure into one line and an exit status.
@main
struct Crosswind {
    static func main() async {
        // A reader that closes its end of a pipe must not end a run that has other work.
        signal(SIGPIPE, SIG_IGN)
        let arguments = Array(CommandLine.arguments.dropFirst())
        exit(await run(arguments).rawValue)
    }

    static func run(_ arguments: [String]) async -> ExitStatus {
        guard let first = arguments.first else {
            Terminal.write(Help.overview(), to: .standardError)
            return .usage
        }
        switch first {
        case "help" where arguments.count > 1:
            return await run([arguments[1], "--help"])
        case "--help", "-h", "help":
            Terminal.write(Help.overview(), to: .standardOutput)
            return .success
        case "--version":
            Terminal.write("crosswind \(Version.current)", to: .standardOutput)
            return .success
        default:
            break
        }
        guard let verb = Verbs.all.first(where: { $0.name == first }) else {
            return report(UsageError.unknownVerb(first, known: Verbs.all.map { $0.name }))
        }
        if arguments.contains("--help") || arguments.contains("-h") {
            Terminal.write(Help.text(of: verb), to: .standardOutput)
            return .success
        }
        do {
            let options = try Options(parsing: Array(arguments.dropFirst()), for: verb)
            return try await verb.run(options)
        } catch {
            return report(error)
        }
    }

    private static func report(_ error: any Error) -> ExitStatus {
        guard let fault = error as? any Fault else {
            Terminal.write("crosswind: internal error: \(error)", to: .standardError)
            return .internalError
        }
        Terminal.write("crosswind: \(fault.line)", to: .standardError)
        return fault.exitStatus
    }
}
