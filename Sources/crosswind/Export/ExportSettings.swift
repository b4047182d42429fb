import Archive
import Foundation
import Observations
import Quantities

/// How the background of an enhancement is found.
enum BackgroundMethod: String, CaseIterable {
    case curve
    case percentile
    case upwind
}

/// Which conditions become columns.
enum ConditionChoice: Equatable, Sendable {
    case none
    /// All that occur.
    case all
    case names([String])
}

/// What becomes of readings on their way out of the store.
struct ExportSettings: Sendable {
    var format = ExportFormat.csv
    /// All readings are brought to this scale.
    var scale: CalibrationScale?
    var interval: AggregateInterval?
    /// Nil: the usual step of each series.
    var nominalStepSeconds: Double?
    /// Nil: every reading is a row, good ones are averaged.
    var flags: Set<QualityFlag>?
    var level = ReadingQuery.Level.settled
    /// Nil: what is known now.
    var asOf: Instant?
    /// Nil: our own words.
    var vocabulary: FlagVocabulary?
    var conditions = ConditionChoice.none
    var hasHeader = false
    /// A file that describes the network; nil for what the store has recorded.
    var networkFile: String?
    var background = BackgroundMethod.curve
    /// Empty: each instrument is its own background, or all others around are.
    var backgroundStations: [String] = []
    /// The station whose wind says which others are upwind.
    var windStation: String?
    var percentile = 5.0
    var windowHours = 24.0
    /// Side of the cells, degrees.
    var cellDegrees = 0.01
    /// Slower is standing, m s-1.
    var standstillSpeed = 2.0
    var givesPasses = false
    var givesRuns = false

    /// The flags of readings that are computed with.
    var usableFlags: Set<QualityFlag> { flags ?? [.good] }

    /// The query, with the flags where rows are selected by them.
    func selecting(_ query: ReadingQuery) -> ReadingQuery {
        var query = query
        query.flags = flags.map(inOrder)
        return query
    }

    /// The query for what is computed with.
    func selectingUsable(_ query: ReadingQuery) -> ReadingQuery {
        var query = query
        query.flags = inOrder(usableFlags)
        return query
    }

    private func inOrder(_ flags: Set<QualityFlag>) -> [QualityFlag] {
        flags.sorted { $0.rawValue < $1.rawValue }
    }

    func converted(_ reading: Reading) throws -> Reading {
        guard let scale else { return reading }
        do {
            return try reading.converted(to: scale)
        } catch {
            throw ReadingFault(cause: error, reading: reading)
        }
    }

    /// A reading as far as it is computed with: one that is only counted needs no conversion, and the values of
    /// a warm-up have none.
    func computable(_ reading: Reading) throws -> Reading {
        usableFlags.contains(reading.flag) ? try converted(reading) : reading
    }

    /// A flag in the words asked for.
    func text(_ flag: QualityFlag, _ tests: QualityTests) -> String {
        vocabulary?.text(for: QualityVerdict(flag: flag, tests: tests)) ?? "\(flag)"
    }
}

/// A fault of one reading, with its place in the store.
struct ReadingFault: Fault {
    let cause: ScaleConversionError
    let reading: Reading
    var exitStatus: ExitStatus { cause.exitStatus }
    var what: String { cause.what }
    var place: String { "station \(reading.station), instrument \(reading.instrument), \(reading.time)" }
    var remedy: String { cause.remedy }
}
