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
        while let step = try reader.next() {
            append(step, line: reader.line, reader.lineBytes, to: &page)
            guard page.rows.count == BackFillPage.rowLimit else { continue }
            page.position = reader.position
            guard queue.put(page) else { return }
            page = BackFillPage(file: file, received: .now())
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
        for start in stride(from: 0, to: max(rows.count, 1), by: BackFillPage.rowLimit) {
            var page = BackFillPage(file: file, received: .now())
            let end = min(start + BackFillPage.rowLimit, rows.count)
            for place in start..<end {
                let text = encoder.encode(rows[place], sequence: place)
                append(.row(rows[place]), line: place + 1, text[...], to: &page)
            }
            page.position = end
            guard queue.put(page) else { return }
        }
    }

    private func append(
        _ step: RecordReader.Step,
        line: Int,
        _ text: ArraySlice<UInt8>,
        to page: inout BackFillPage
    ) {
        switch step {
        case .row(let row):
            let content = judged(row, page.received)
            // What no station is called counts for none.
            let station = judges[row.station] == nil ? "" : row.station
            page.append(content, station: station, line: line, text)
        case .refused(let problem):
            let rejected = BackFillPage.Rejected(reason: problem.kind.reason, detail: problem.detail)
            page.append(.failure(rejected), station: "", line: line, text)
        }
    }

    private func judged(
        _ row: RecordedRow,
        _ received: Instant
    ) -> Result<[Reading], BackFillPage.Rejected> {
        guard let judge = judges[row.station] else {
            return .failure(BackFillPage.Rejected(reason: .unknownStation, detail: row.station))
        }
        do {
            return .success(try judge.readings(of: try Observation(row), received: received))
        } catch {
            return .failure(BackFillPage.Rejected(reason: error.reason, detail: error.detail))
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

extension Observation {
    /// What a row of a recorded file says, as if the device had sent it.
    init(_ row: RecordedRow) throws(ObservationProblem) {
        var values: [MeasuredValue] = []
        values.reserveCapacity(row.values.count)
        for value in row.values {
            values.append(
                MeasuredValue(
                    gas: value.gas,
                    value: value.value,
                    standardUncertainty: value.standardUncertainty,
                    verdict: value.verdict
                )
            )
        }
        self.init(
            time: row.time,
            values: values,
            position: try ReportedPosition(
                longitude: row.fix?.longitude,
                latitude: row.fix?.latitude,
                altitudeMetres: row.fix?.altitudeMetres
            ),
            conditions: Conditions(row),
            bottle: row.bottle
        )
    }
}

extension Conditions {
    /// Weather, fix and state in the order in which messages have them.
    fileprivate init(_ row: RecordedRow) {
        // One allocation: this runs for every row.
        var entries: [Entry] = []
        entries.reserveCapacity(row.conditions.entries.count + row.state.count + 3)
        func append(_ name: String, _ value: Double?) {
            if let value { entries.append(Entry(name: name, value: value)) }
        }
        entries.append(contentsOf: row.conditions.entries)
        append("spd", row.fix?.speedMetresPerSecond)
        append("acc", row.fix?.accuracyMetres)
        append("sat", row.fix?.satellites)
        for quantity in row.state { append(quantity.name, quantity.value) }
        self.init(entries)
    }
}
