import Archive
import Observations
import Quantities

/// Compares series with each other, and knows which are to be compared again when one has changed.
///
/// It reads series as they stand without what comparing found, so that comparing never asks for comparing.
struct ComparisonBook {
    private var memory = ComparisonMemory()
    private var stored: [SettlingRules.Name: Series] = [:]

    /// Puts the series that are compared with one, and this one itself, on the list of what is to be compared.
    /// - Parameter period: in which readings came or changed; empty where none did.
    mutating func markDependents(
        of series: Series,
        changedIn period: Period,
        _ rules: SettlingRules,
        _ archive: inout ArchiveWriter
    ) throws(ArchiveError) {
        let changed = series.companion
        for name in rules.comparing(with: series) where period.start < period.end {
            guard let comparison = rules.rules(of: name)?.comparison else { continue }
            comparison.forget(changed, changedIn: period, &memory)
            guard let reach = comparison.reach(of: changed, changedIn: period),
                let dependent = try find(name, archive)
            else { continue }
            try archive.markForComparison(dependent, reach)
        }
    }

    /// Compares a part of a series.
    /// - Returns: the readings whose flag or tests differ from what the store holds.
    mutating func compare(
        _ part: Period,
        of series: Series,
        _ rules: SeriesRules,
        _ comparison: SeriesComparison,
        _ archive: inout ArchiveWriter
    ) throws(ArchiveError) -> [SettledRow] {
        let window = try archive.window(series, in: comparison.window(for: part))
        let readings = window.uncomparedReadings
        var found: [CompanionSeries: Series?] = [:]
        for companion in comparison.series.union([series.companion]) {
            found[companion] = try find(.init(series.network, companion), archive)
        }
        let verdicts = try comparison.verdicts(readings, &memory) {
            companion,
            period throws(ArchiveError) in
            guard let other = found[companion] ?? nil else { return [] }
            return try archive.comparedValues(other, in: period)
        }
        let compared = rules.compared(readings, verdicts)
        let rows = zip(window.settled, compared).lazy.filter { part.contains($0.0.time) }.map {
            row,
            verdict in
            SettledRow(time: row.time, flag: verdict.flag, tests: verdict.tests, value: row.value)
        }
        return window.changes(to: Array(rows))
    }

    /// Nil for a series of which nothing has come.
    private mutating func find(
        _ name: SettlingRules.Name,
        _ archive: borrowing ArchiveWriter
    ) throws(ArchiveError) -> Series? {
        if let known = stored[name] { return known }
        for series in try archive.allSeries() { stored[.init(series.network, series.companion)] = series }
        return stored[name]
    }
}

extension Series {
    /// As network files name it.
    var companion: CompanionSeries { CompanionSeries(station: station, instrument: instrument, gas: gas) }
}
