import Foundation

/// A race of ours against what a user would pick instead, both timed in the same run.
protocol Race: Sendable {
    /// What `--only` names it by.
    var name: String { get }
    /// Runs both sides and prints one line for each.
    func run() async throws
}

/// Prints our figure and the peer's. `swift run -c release Benchmarks [--only NAME] [--messages N]`.
@main
struct Benchmarks {
    static let races: [any Race] = [
        DenseInversion(), IngestRate(), AcknowledgementLatency(), MessagePath(), DecodeRate(), StoreRate(),
        BackFillRate(), QualityRate(), Durability(),
    ]

    static func main() async throws {
        let arguments = Array(CommandLine.arguments.dropFirst())
        let chosen: [any Race]
        if arguments.isEmpty {
            chosen = races
        } else {
            let isNamed = arguments.count == 2 && arguments[0] == "--only"
            chosen = isNamed ? races.filter { $0.name == arguments[1] } : []
        }
        guard !chosen.isEmpty else {
            let names = races.map { $0.name }.joined(separator: ", ")
            print("usage: Benchmarks [--only NAME], one of \(names)")
            exit(arguments == ["--help"] ? 0 : 64)
        }
        for race in chosen {
        let only = argument("--only")
        // Takes minutes, and needs the program beside this one: it runs only where it is named.
        let long: [any Race] = [MessageMemory(count: argument("--messages").flatMap { Int($0) } ?? 5_000_000)]
        for race in races + long.filter({ $0.name == only }) where only == nil || race.name == only {
            print("== \(race.name)")
            try await race.run()
            // A line when it is known, also into a file.
            fflush(nil)
        }
    }

    private static func argument(_ name: String) -> String? {
        let arguments = CommandLine.arguments
        return arguments.firstIndex(of: name).flatMap { arguments.dropFirst($0 + 1).first }
    }
}
