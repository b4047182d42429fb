import Archive
import Formats
import Observations
import Quantities

/// Reads files ahead of the writer: rows become observations and these readings, by the rules for all formats.
struct BackFillDecoder {
    private let networkFile: NetworkFile
    private let judges: [String: ObservationJudge]

    init(_ networkFile: NetworkFile) {
        self.networkFile = networkFile
        judges = Dictionary(
            networkFile.network.stations.map { ($0.id, ObservationJudge(station: $0)) },
            uniquingKeysWith: { first, _ in first }
        )
    }

    /// Reads a text file row by row.
    /// - Throws: `RecordError` when the file cannot be read or lacks a column.
    func decode(_ path: String, index: Int, to queue: BackFillQueue<BackFillPage>) throws {
        var reader = try RecordReader(path: path, for: networkFile)
        let file = try BackFillFile(path: path, index: index, size: reader.size)
        var page = BackFillPage(file: file, received: .now())
        var scratch = BackFillScratch()
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
        var scratch = BackFillScratch()
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
        let station = scratch.row.station
        guard let judge = judges[station] else {
            return page.refuseLine(.unknownStation, station)
        }
        do {
            try scratch.observe()
            try judge.forEachReading(of: scratch.observation, received: page.received) {
                page.content.append($0)
            }
        } catch {
            page.refuseLine(error.reason, error.detail, station: station)
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

/// The row and the observation that are being read. Their memory serves all rows: one allocation a row would cost as
/// much as reading it.
struct BackFillScratch {
    var row = RecordedRow()
    private(set) var observation = Observation(time: Instant(microseconds: 0), values: [])

    /// Makes an observation of the row, as if the device had sent it: weather, fix and state in the order in which
    /// messages have them.
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
        observation.conditions.removeAll()
        for entry in row.conditions.entries { observation.conditions.append(entry.name, entry.value) }
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
