import Foundation

/// A race of ours against what a user would pick instead, both timed in the same run.
protocol Race: Sendable {
    /// What `--only` names it by.
    var name: String { get }
    /// Runs both sides and prints one line for each.
    func run() async throws
}

/// Prints our figure and the peer's. `swift run -c release Benchmarks [--only NAME]`, and for the race that needs a
/// large file `Benchmarks read-soundings FILE`.
@main
struct Benchmarks {
    static let races: [any Race] = [
        DenseInversion(), IngestRate(), AcknowledgementLatency(), MessagePath(), DecodeRate(), StoreRate(),
        BackFillRate(), QualityRate(), Durability(), GriddingRate(),
    ]

    static func main() async throws {
        let arguments = Array(CommandLine.arguments.dropFirst())
        if arguments.first == "read-soundings", arguments.count == 2 {
            return try await ReadSoundings(file: arguments[1]).run()
        }
        let chosen: [any Race]
        if arguments.isEmpty {
            chosen = races
        } else {
            let isNamed = arguments.count == 2 && arguments[0] == "--only"
            chosen = isNamed ? races.filter { $0.name == arguments[1] } : []
        }
        guard !chosen.isEmpty else {
            let names = races.map { $0.name }.joined(separator: ", ")
            print("usage: Benchmarks [--only NAME | read-soundings FILE]; NAME is one of \(names)")
            exit(arguments == ["--help"] ? 0 : 64)
        }
        for race in chosen {
            print("== \(race.name)")
            try await race.run()
            // A line when it is known, also into a file.
            fflush(nil)
        }
    }
}
