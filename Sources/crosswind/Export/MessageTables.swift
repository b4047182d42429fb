import Archive
import Foundation
import Observations
import Quantities

/// Which messages of each start of each logger are durable.
enum ReceiptTable {
    /// In the order of network, station and the first message.
    static func write(_ archive: borrowing ArchiveReader, _ export: ExportRun) throws -> Int {
        let writer = try export.writer(columns)
        for state in try archive.receipts() where export.query.stations?.contains(state.station) ?? true {
            try writer.put(state)
        }
        return try writer.finish()
    }

    static var names: [String] { columns.map(\.name) }

    private static var columns: [ExportColumn<ReceiptState>] {
        [
            ExportColumn("network") { .text($0.network) },
            ExportColumn("station") { .text($0.station) },
            ExportColumn("boot") { .text($0.boot) },
            ExportColumn("first") { $0.ranges.first.map { .integer($0.lowerBound) } ?? .absent },
            ExportColumn("last") { $0.last.map { .integer($0) } ?? .absent },
            ExportColumn("received") { .integer(count($0.ranges)) },
            ExportColumn("missing") { .integer(count($0.gaps)) },
            ExportColumn("ranges") { .ranges($0.ranges) },
            ExportColumn("gaps") { .ranges($0.gaps) },
        ]
    }

    /// A logger may count in whatever steps; more than an integer holds is as much as it holds.
    private static func count(_ ranges: [ClosedRange<Int64>]) -> Int64 {
        ranges.reduce(0) { sum, range in
            let (span, isTooLong) = range.upperBound.subtractingReportingOverflow(range.lowerBound)
            let (more, isTooMany) = sum.addingReportingOverflow(span)
            guard !isTooLong, !isTooMany, more < .max else { return .max }
            return more + 1
        }
    }
}

/// What could not be used.
enum DeadLetterTable {
    private struct Row {
        let letter: DeadLetter
        let payload: String
        let encoding: String

        init(_ letter: DeadLetter) {
            self.letter = letter
            let text = String(validating: letter.payload, as: UTF8.self)
            payload = text ?? Data(letter.payload).base64EncodedString()
            encoding = text == nil ? "base64" : "utf8"
        }
    }

    /// In the order of arrival.
    static func write(_ archive: borrowing ArchiveReader, _ export: ExportRun) throws -> Int {
        let writer = try export.writer(columns)
        for letter in try archive.deadLetters() where export.query.period?.contains(letter.received) ?? true {
            try writer.put(Row(letter))
        }
        return try writer.finish()
    }

    static var names: [String] { columns.map(\.name) }

    private static var columns: [ExportColumn<Row>] {
        [
            ExportColumn("id") { .integer($0.letter.id) },
            ExportColumn("received") { ExportCell($0.letter.received) },
            ExportColumn("topic") { .text($0.letter.topic) },
            ExportColumn("item") { $0.letter.rejection.item.map { ExportCell($0) } ?? .absent },
            ExportColumn("reason") { .text($0.letter.rejection.reason) },
            ExportColumn("detail") { .text($0.letter.rejection.detail) },
            ExportColumn("decoder") { .text($0.letter.decoder) },
            ExportColumn("replayed") { ExportCell($0.letter.replayed) },
            ExportColumn("payload_encoding") { .text($0.encoding) },
            ExportColumn("payload") { .text($0.payload) },
        ]
    }
}
