import Archive
import Formats
import Observations
import Quantities

/// Reads files ahead of the writer: rows become observations and these readings, by the rules for all formats.
struct BackFillDecoder {
    private let networkFile: NetworkFile
    private let judges: BackFillJudges

    init(_ networkFile: NetworkFile) {
        self.networkFile = networkFile
        judges = BackFillJudges(networkFile.network.stations)
    }

    /// Reads a text file row by row.
    /// - Throws: `RecordError` when the file cannot be read or lacks a column.
    func decode(_ path: String, index: Int, to queue: BackFillQueue<BackFillPage>) throws {
        var reader = try RecordReader(path: path, for: networkFile)
        let file = try BackFillFile(path: path, index: index, size: reader.size)
        var page = BackFillPage(file: file, received: .now())
        var scratch = BackFillScratch(judges)
        while let found = try reader.next(into: &scratch.row) {
            page.content.appendLine(reader.line, reader.lineBytes)
            switch found {
            case .row: judge(&scratch, into: &page)
            case .refused(let problem): page.refuseLine(problem.kind.reason, problem.detail)
            }
            guard page.isFull else { continue }
            page.position = reader.position
            guard queue.put(page) else { return }
            page = BackFillPage(file: file, received: .now(), after: page.content)
        }
        page.position = reader.size
        _ = queue.put(page)
    }

    /// Hands over rows that have been read already; their text is that of our own payload.
    func decode(
        _ rows: [RecordedRow],
        of path: String,
        index: Int,
        to queue: BackFillQueue<BackFillPage>
    ) throws {
        let file = try BackFillFile(path: path, index: index, size: rows.count)
        let encoder = PayloadEncoder(boot: String(file.topic.suffix(8)))
        var page = BackFillPage(file: file, received: .now())
        var scratch = BackFillScratch(judges)
        for (place, row) in rows.enumerated() {
            page.content.appendLine(place + 1, encoder.encode(row, sequence: place)[...])
            scratch.row = row
            judge(&scratch, into: &page)
            guard page.isFull else { continue }
            page.position = place + 1
            guard queue.put(page) else { return }
            page = BackFillPage(file: file, received: .now(), after: page.content)
        }
        page.position = rows.count
        _ = queue.put(page)
    }

    /// Adds the readings of a row to the last line of the page, or says why there are none.
    private func judge(_ scratch: inout BackFillScratch, into page: inout BackFillPage) {
        guard let judge = scratch.judges.judge(of: scratch.row.station) else {
            return page.refuseLine(.unknownStation, scratch.row.station)
        }
        do {
            try scratch.observe()
            try judge.rules.forEachReading(of: scratch.observation, received: page.received) {
                page.content.append($0)
            }
        } catch {
            page.refuseLine(error.reason, error.detail, station: scratch.row.station)
        }
    }
}

extension RecordProblem.Kind {
    fileprivate var reason: RejectionReason {
        switch self {
        case .malformed: .malformed
        case .unreadableTime: .unreadableTime
        case .notANumber: .notANumber
        }
    }
}

/// The judges of the stations of a network.
struct BackFillJudges {
    /// A class, because looking at the rules of a station must not copy them for every row.
    final class Judge: Sendable {
        let station: String
        let rules: ObservationJudge

        init(_ station: Station) {
            self.station = station.id
            rules = ObservationJudge(station: station)
        }
    }

    private let judges: [Judge]
    private let places: [String: Int]
    private var last = 0

    init(_ stations: [Station]) {
        judges = stations.map(Judge.init)
        places = Dictionary(
            stations.indices.map { (stations[$0].id, $0) },
            uniquingKeysWith: { first, _ in first }
        )
    }

    /// Nil for a station that the network does not have. Stations take turns in a file, or one comes after the other.
    mutating func judge(of station: String) -> Judge? {
        guard !judges.isEmpty else { return nil }
        let next = last + 1 < judges.count ? last + 1 : 0
        if judges[next].station == station {
            last = next
        } else if judges[last].station != station {
            guard let place = places[station] else { return nil }
            last = place
        }
        return judges[last]
    }
}

/// The row and the observation that are being read. Their memory serves all rows: one allocation a row would cost as
/// much as reading it.
struct BackFillScratch {
    var row = RecordedRow()
    var judges: BackFillJudges
    private(set) var observation = Observation(time: Instant(microseconds: 0), values: [])

    init(_ judges: BackFillJudges) { self.judges = judges }

    /// Makes an observation of the row, as if the device had sent it: weather, fix and state in the order in which
    /// messages have them. The row is left without conditions.
    mutating func observe() throws(ObservationProblem) {
        observation.time = row.time
        observation.bottle = row.bottle
        observation.position =
            if let fix = row.fix {
                try ReportedPosition(
                    longitude: fix.longitude,
                    latitude: fix.latitude,
                    altitudeMetres: fix.altitudeMetres
                )
            } else {
                .absent
            }
        observation.values.removeAll(keepingCapacity: true)
        for value in row.values {
            observation.values.append(
                MeasuredValue(
                    gas: value.gas,
                    value: value.value,
                    standardUncertainty: value.standardUncertainty,
                    verdict: value.verdict
                )
            )
        }
        // Not copied: the reader fills the memory of the observation before while this one is stored.
        row.exchangeConditions(with: &observation.conditions)
        if let fix = row.fix {
            append("spd", fix.speedMetresPerSecond)
            append("acc", fix.accuracyMetres)
            append("sat", fix.satellites)
        }
        for quantity in row.state { append(quantity.name, quantity.value) }
    }

    private mutating func append(_ name: String, _ value: Double?) {
        if let value { observation.conditions.append(name, value) }
    }
}
