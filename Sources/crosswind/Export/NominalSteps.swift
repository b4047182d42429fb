import Archive
import Observations
import Quantities

/// The nominal steps of the series of an export: that of the command line, else that of the network file, else the
/// usual one of the day (``DayStep``), as the means that the store keeps have it.
struct NominalSteps {
    private struct Place: Hashable {
        let name: SeriesName
        let day: Instant
    }

    private let given: Double?
    private let moment: Instant?
    private let recorded: NetworkRecords
    private let series: [SeriesName: Series]
    private var found: [Place: Double] = [:]

    init(_ archive: borrowing ArchiveReader, _ export: ExportRun) throws {
        given = export.settings.nominalStepSeconds
        moment = export.settings.asOf
        recorded = export.recorded
        let all = try archive.allSeries()
        series = Dictionary(uniqueKeysWithValues: all.map { (SeriesName($0), $0) })
    }

    /// Seconds.
    mutating func seconds(
        of name: SeriesName,
        at time: Instant,
        _ archive: borrowing ArchiveReader
    ) throws -> Double {
        if let given { return given }
        guard let series = series[name] else { return DayStep.assumedSeconds }
        let day = AggregateInterval.day.window(containing: time)
        let place = Place(name: name, day: day.start)
        if let known = found[place] { return known }
        let declared = recorded.rules(of: series)?.instrument.nominalStepSeconds
        let seconds = try declared ?? archive.nominalStepSeconds(of: series.id, on: day, asOf: moment)
        found[place] = seconds
        return seconds
    }
}
