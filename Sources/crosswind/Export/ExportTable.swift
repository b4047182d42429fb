import Archive
import Foundation
import Geo
import Observations
import Quantities

enum ExportFormat: String {
    case csv
    case json
}

/// What can be exported.
enum ExportTable: String {
    case readings
    case deadLetters = "dead-letters"
    case enhancement

    /// Writes the table and returns the number of its rows.
    func write(
        _ archive: borrowing ArchiveReader,
        _ query: ReadingQuery,
        _ settings: ExportSettings,
        to sink: ExportSink
    ) throws -> Int {
        let writer = try ExportRowWriter(settings.format, header: header(settings), to: sink)
        switch self {
        case .readings:
            if let interval = settings.interval {
                try AggregateExport(settings, interval).write(archive, query, to: writer)
            } else {
                let query = settings.selecting(query)
                try archive.forEachReading(query) { stored in
                    writer.attempt { writer.put(ReadingRow(stored, try settings.converted(stored.reading))) }
                }
            }
        case .deadLetters: for letter in try archive.deadLetters() { writer.put(DeadLetterRow(letter)) }
        case .enhancement: try EnhancementExport(settings).write(archive, query, to: writer)
        }
        return try writer.finish()
    }

    private func header(_ settings: ExportSettings) -> [String] {
        switch self {
        case .readings: settings.interval == nil ? ReadingRow.header : AggregateRow.header
        case .deadLetters: DeadLetterRow.header
        case .enhancement: EnhancementRow.header
        }
    }
}

private struct ReadingRow: ExportRow {
    let time: Instant
    let network: String
    let station: String
    let instrument: String
    let gas: Gas
    let valuePartsPerMillion: Double?
    let standardUncertaintyPartsPerMillion: Double?
    let scale: CalibrationScale
    let longitude: Double?
    let latitude: Double?
    let altitudeMetres: Double?
    let flag: String
    let tests: UInt32
    let revision: Int
    let rawMessage: Int64

    enum CodingKeys: String, CodingKey, CaseIterable {
        case time, network, station, instrument, gas
        case valuePartsPerMillion = "value_ppm"
        case standardUncertaintyPartsPerMillion = "standard_uncertainty_ppm"
        case scale, longitude, latitude
        case altitudeMetres = "altitude_m"
        case flag, tests, revision
        case rawMessage = "raw_message"
    }

    static let header = CodingKeys.allCases.map { $0.rawValue }

    /// - Parameter reading: as it is to be written, e.g. on another scale.
    init(_ stored: StoredReading, _ reading: Reading) {
        time = reading.time
        network = stored.network
        station = reading.station
        instrument = reading.instrument
        gas = reading.gas
        valuePartsPerMillion = reading.valuePartsPerMillion
        standardUncertaintyPartsPerMillion = reading.standardUncertaintyPartsPerMillion
        scale = reading.scale
        longitude = reading.position?.longitude
        latitude = reading.position?.latitude
        altitudeMetres = reading.position?.altitudeMetres
        flag = "\(reading.flag)"
        tests = reading.tests.rawValue
        revision = stored.revision
        rawMessage = stored.rawMessage
    }

    var fields: [String] {
        [
            "\(time)", network, station, instrument, gas.rawValue, field(valuePartsPerMillion),
            field(standardUncertaintyPartsPerMillion), scale.rawValue, field(longitude), field(latitude),
            field(altitudeMetres), flag, "\(tests)", "\(revision)", "\(rawMessage)",
        ]
    }
}

private struct DeadLetterRow: ExportRow {
    let id: Int64
    let received: Instant
    let topic: String
    let item: Int?
    let reason: String
    let detail: String
    let decoder: String
    let payload: String
    let payloadEncoding: String

    enum CodingKeys: String, CodingKey, CaseIterable {
        case id, received, topic, item, reason, detail, decoder
        case payloadEncoding = "payload_encoding"
        case payload
    }

    static let header = CodingKeys.allCases.map { $0.rawValue }

    init(_ letter: DeadLetter) {
        id = letter.id
        received = letter.received
        topic = letter.topic
        item = letter.rejection.item
        reason = letter.rejection.reason
        detail = letter.rejection.detail
        decoder = letter.decoder
        let text = String(validating: letter.payload, as: UTF8.self)
        payload = text ?? Data(letter.payload).base64EncodedString()
        payloadEncoding = text == nil ? "base64" : "utf8"
    }

    var fields: [String] {
        [
            "\(id)", "\(received)", topic, item.map { "\($0)" } ?? "", reason, detail, decoder,
            payloadEncoding, payload,
        ]
    }
}
