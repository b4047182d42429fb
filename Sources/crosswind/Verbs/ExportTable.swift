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

    /// Writes the table and returns the number of its rows.
    func write(
        _ archive: borrowing ArchiveReader,
        _ query: ReadingQuery,
        _ format: ExportFormat,
        to sink: ExportSink
    ) throws -> Int {
        var rows = 0
        var failure: (any Error)?
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        func put(_ row: some ExportRow) {
            guard failure == nil else { return }
            do {
                switch format {
                case .csv: try sink.write(row.fields.map(quoted).joined(separator: ",") + "\n")
                case .json:
                    let object = String(decoding: try encoder.encode(row), as: UTF8.self)
                    try sink.write((rows == 0 ? "\n" : ",\n") + object)
                }
                rows += 1
            } catch {
                failure = error
            }
        }
        try sink.write(format == .csv ? header.joined(separator: ",") + "\n" : "[")
        switch self {
        case .readings: try archive.forEachReading(query) { put(ReadingRow($0)) }
        case .deadLetters: for letter in try archive.deadLetters() { put(DeadLetterRow(letter)) }
        }
        if let failure { throw failure }
        if format == .json { try sink.write("\n]\n") }
        return rows
    }

    private var header: [String] {
        switch self {
        case .readings: ReadingRow.header
        case .deadLetters: DeadLetterRow.header
        }
    }
}

/// RFC 4180: quoted only where needed.
private func quoted(_ field: String) -> String {
    guard field.contains(where: { "\",\r\n".contains($0) || $0.isNewline }) else { return field }
    return "\"" + field.replacing("\"", with: "\"\"") + "\""
}

private protocol ExportRow: Encodable {
    static var header: [String] { get }
    var fields: [String] { get }
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

    init(_ stored: StoredReading) {
        let reading = stored.reading
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
            "\(time)", network, station, instrument, gas.rawValue, text(valuePartsPerMillion),
            text(standardUncertaintyPartsPerMillion), scale.rawValue, text(longitude), text(latitude),
            text(altitudeMetres), flag, "\(tests)", "\(revision)", "\(rawMessage)",
        ]
    }

    private func text(_ value: Double?) -> String { value.map { "\($0)" } ?? "" }
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
