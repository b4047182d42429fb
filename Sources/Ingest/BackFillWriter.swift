import Archive
import Formats
import Foundation
import Observations
import Quantities

/// The storing side of a back-fill. Calls block; one thread owns it.
struct BackFillWriter: ~Copyable {
    private let settings: BackFillSettings
    private let report: @Sendable (BackFillProgress) -> Void
    private let network: String
    private let sizes: [Int]
    private let start = ContinuousClock.now
    private var archive: ArchiveWriter
    private var summary = BackFillSummary()
    private var tally = BackFillTally()

    init(_ settings: BackFillSettings, _ report: @escaping @Sendable (BackFillProgress) -> Void) throws {
        self.settings = settings
        self.report = report
        network = settings.networkFile.network.id
        sizes = settings.paths.map { path in
            let attributes = try? FileManager.default.attributesOfItem(atPath: path)
            return (attributes?[.size] as? NSNumber)?.intValue ?? 0
        }
        archive = try ArchiveWriter(path: settings.storePath, maximumBytes: settings.maximumStoreBytes)
    }

    mutating func run(_ queue: BackFillQueue<BackFillPage>, until stop: StopRequest) throws -> BackFillSummary
    {
        var pending = 0
        var last: BackFillPage?
        do {
            while !stop.isStopped, let page = try queue.take() {
                if pending == 0 { try archive.begin(received: page.received) }
                try store(page)
                pending += max(1, page.content.lineCount)
                summary.rows += page.content.lineCount
                last = page
                guard pending >= settings.rowsPerTransaction else { continue }
                try commit(page)
                pending = 0
            }
        } catch let error as ArchiveError {
            archive.rollBack()
            throw error
        } catch {
            // A file that cannot be read takes nothing from those before it.
            if pending > 0, let last { try commit(last) }
            throw error
        }
        if pending > 0, let last { try commit(last) }
        summary.isComplete = !stop.isStopped
        if summary.isComplete { summary.files = settings.paths.count }
        summary.seconds = (ContinuousClock.now - start) / .seconds(1)
        return summary
    }

    private mutating func store(_ page: BackFillPage) throws(ArchiveError) {
        let topic = page.file.topic
        let outcomes = try archive.store(page.content, network: network, topic: topic.utf8.span.bytes)
        tally.count(outcomes, page.content)
        for refused in page.refused {
            let rejection = Rejection(
                reason: refused.reason.rawValue,
                detail: refused.detail,
                item: page.content.lineNumber(refused.line)
            )
            let outcome = try archive.reject(
                rejection,
                topic: topic.utf8.span.bytes,
                payload: page.content.text(refused.line).span.bytes,
                decoder: Self.decoderVersion
            )
            if outcome == .duplicated {
                tally.countRepeatedRefusal(refused.station)
            } else {
                tally.count(rejection, refused.station)
            }
        }
    }

    private mutating func commit(_ page: BackFillPage) throws(ArchiveError) {
        try archive.commit()
        tally.messages = summary.rows
        tally.add(to: &summary.ingest, network)
        summary.files = page.file.index
        let seconds = max((ContinuousClock.now - start) / .seconds(1), 1e-6)
        let total = sizes.reduce(0, +)
        let share = page.file.size > 0 ? Double(page.position) / Double(page.file.size) : 1
        let before = sizes[..<page.file.index].reduce(0, +)
        let done = Double(before) + share * Double(sizes[page.file.index])
        let fraction = total > 0 ? min(1, done / Double(total)) : 1
        report(
            BackFillProgress(
                path: page.file.path,
                file: page.file.index + 1,
                files: settings.paths.count,
                rows: summary.rows,
                rowsPerSecond: Double(summary.rows) / seconds,
                fraction: fraction,
                secondsLeft: fraction > 0 ? seconds * (1 - fraction) / fraction : nil
            )
        )
    }

    /// Kept with rows that cannot be used.
    static let decoderVersion = "record-1"
}

/// Counts by station without looking up names for every reading.
private struct BackFillTally {
    var messages = 0
    private var parts: [String: IngestSummary.Station] = [:]
    private var reasons: [String: Int] = [:]

    mutating func count(_ outcomes: [StoreOutcome], _ page: ReadingPage) {
        let stations = page.stationsOfSeries
        var counts = [IngestSummary.Station](repeating: .init(), count: stations.count)
        for (place, outcome) in outcomes.enumerated() {
            let verdict = page.verdict(place)
            counts[verdict.series].count(outcome, verdict.flag)
        }
        for (station, part) in zip(stations, counts) where part != IngestSummary.Station() {
            parts[station, default: .init()].add(part)
        }
    }

    mutating func count(_ rejection: Rejection, _ station: String) {
        reasons[rejection.reason, default: 0] += 1
        parts[station, default: .init()].rejected += 1
    }

    mutating func countRepeatedRefusal(_ station: String) {
        parts[station, default: .init()].duplicated += 1
    }

    /// Adds what has been counted and starts anew.
    mutating func add(to summary: inout IngestSummary, _ network: String) {
        for (station, part) in parts {
            guard !station.isEmpty else {
                summary.addStrays(part)
                continue
            }
            summary.add(part)
            summary.stations["\(network)/\(station)", default: .init()].add(part)
        }
        for (reason, count) in reasons { summary.rejectedByReason[reason, default: 0] += count }
        summary.messages = messages
        self = BackFillTally()
    }
}
