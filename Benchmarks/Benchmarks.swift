import Foundation

/// A race of ours against what a user would pick instead, both timed in the same run.
protocol Race: Sendable {
    /// What `--only` names it by.
    var name: String { get }
    /// Runs both sides and prints one line for each.
    func run() async throws
}

/// Prints our figure and the peer's. `swift run -c release Benchmarks [--only NAME] [--messages N] [--file FILE]`.
@main
struct Benchmarks {
    static let races: [any Race] = [
        DenseInversion(), MatrixFree(), HierarchicalSampling(), LorenzScore(), SequentialDays(),
        NetworkRanking(),
        IngestRate(), AcknowledgementLatency(), MessagePath(), DecodeRate(), StoreRate(), BackFillRate(),
        QualityRate(), CompanionRate(), Durability(), GriddingRate(), FootprintRate(), Regridding(),
    ]

    static func main() async throws {
        let only = argument("--only")
        let chosen = (only == nil ? races : races + onlyWhereNamed).filter { only == nil || $0.name == only }
        let isUnderstood = CommandLine.arguments.count % 2 == 1 && !chosen.isEmpty
        guard isUnderstood, CommandLine.arguments.count == 1 || only != nil else {
            let names = (races + onlyWhereNamed).map { $0.name }.joined(separator: ", ")
            print("usage: Benchmarks [--only NAME] [--messages N] [--file FILE]; NAME is one of \(names)")
            exit(CommandLine.arguments.contains("--help") ? 0 : 64)
        }
        for race in chosen {
            print("== \(race.name)")
            try await race.run()
            // A line when it is known, also into a file.
            fflush(nil)
        }
    }

    /// Those that take minutes or need more than the repository.
    private static var onlyWhereNamed: [any Race] {
        let messages = argument("--messages").flatMap { Int($0) } ?? 5_000_000
        var races: [any Race] = [MessageMemory(count: messages), LargeDenseInversion(), DensePart()]
        if let file = argument("--file") { races += [ReadSoundings(file: file), GridSoundings(file: file)] }
        return races
    }

    private static func argument(_ name: String) -> String? {
        let arguments = CommandLine.arguments
        return arguments.firstIndex(of: name).flatMap { arguments.dropFirst($0 + 1).first }
    }
}
