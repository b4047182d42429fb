import CSV
import Foundation
import Observations
import Quantities

/// A row that cannot be used.
public struct RecordProblem: Error, Equatable, Sendable {
    public enum Kind: Equatable, Sendable {
        /// No record of the file's layout.
        case malformed
        case unreadableTime
        case notANumber
    }

    public let kind: Kind
    public let detail: String

    init(_ kind: Kind, _ detail: String) {
        self.kind = kind
        self.detail = detail
    }
}

/// Reads a recorded text file row by row, in bounded memory whatever its size.
public struct RecordReader {
    /// What stands in a line.
    public enum Step: Equatable, Sendable {
        case row(RecordedRow)
        /// The line cannot be used; reading can go on.
        case refused(RecordProblem)
    }

    public let path: String
    /// In bytes, when it was opened.
    public let size: Int
    /// Bytes read so far.
    public private(set) var position = 0

    private let handle: FileHandle
    private var scanner: CSVScanner
    private var decoder: RecordRowDecoder

    /// Opens a file and reads its header.
    /// - Throws: ``RecordError`` when it cannot be read or lacks a column, or is described as netCDF.
    public init(path: String, for file: NetworkFile) throws(RecordError) {
        let mapping = try file.requiredRecord()
        guard mapping.format != .netCDF else {
            throw .invalid(path: file.path, place: "record.format", problem: "netCDF has no lines")
        }
        guard let handle = FileHandle(forReadingAtPath: path) else {
            let exists = FileManager.default.fileExists(atPath: path)
            throw exists ? .unreadable(path: path) : .noSuchFile(path: path)
        }
        self.path = path
        self.handle = handle
        size = (try? handle.seekToEnd()).flatMap { Int(exactly: $0) } ?? 0
        scanner = CSVScanner(mapping.layout.dialect)
        do { try handle.seek(toOffset: 0) } catch { throw .unreadable(path: path) }
        let header = try Self.header(path, mapping, handle, &scanner, &position)
        let resolved =
            try mapping.format == .picarro ? picarroMapping(mapping, header: header, path) : mapping
        do {
            decoder = RecordRowDecoder(
                plan: try RecordColumnPlan(resolved, header: header),
                layout: mapping.layout,
                stations: file.network.stations
            )
        } catch {
            throw .invalid(
                path: path,
                place: "line \(max(1, scanner.line))",
                problem: error.isTwice ? "two columns `\(error.name)`" : "no column `\(error.name)`",
                remedy: nearest(to: error.name, among: header).map { "is it `\($0)`?" } ?? ""
            )
        }
    }

    /// Number of the current line, from 1.
    public var line: Int { scanner.line }

    /// The bytes of the current line, without its end.
    public var lineBytes: ArraySlice<UInt8> { scanner.bytes[scanner.record] }

    /// The next row; empty lines are passed over. Nil at the end.
    /// - Throws: ``RecordError`` when the file cannot be read any further.
    public mutating func next() throws(RecordError) -> Step? {
        var row = RecordedRow()
        return switch try next(into: &row) {
        case .row: .row(row)
        case .refused(let problem): .refused(problem)
        case nil: nil
        }
    }

    /// What ``next(into:)`` found in a line.
    public enum Found: Equatable, Sendable {
        case row
        /// The line cannot be used; reading can go on. The row holds nothing of use.
        case refused(RecordProblem)
    }

    /// Reads the next row into one whose memory is used again; else as ``next()``.
    public mutating func next(into row: inout RecordedRow) throws(RecordError) -> Found? {
        while true {
            switch scanner.next() {
            case .record:
                if scanner.fieldCount == 0 || scanner.fieldCount == 1 && scanner.field(0).isEmpty { continue }
                do {
                    try decoder.read(scanner, into: &row)
                    return .row
                } catch {
                    return .refused(error)
                }
            case .malformed(let problem):
                return .refused(RecordProblem(.malformed, problem.description))
            case .starved: try Self.feed(path, handle, &scanner, &position)
            case .end: return nil
            }
        }
    }

    /// A problem of the current line as an error.
    public func error(_ problem: RecordProblem) -> RecordError {
        .invalid(path: path, place: "line \(line)", problem: problem.detail)
    }

    private static func header(
        _ path: String,
        _ mapping: RecordMapping,
        _ handle: FileHandle,
        _ scanner: inout CSVScanner,
        _ position: inout Int
    ) throws(RecordError) -> [String] {
        var left = mapping.layout.skippedLines
        while true {
            if left == 0, let columns = mapping.layout.columns { return columns }
            switch scanner.next() {
            case .starved: try feed(path, handle, &scanner, &position)
            case .end: throw .invalid(path: path, place: "", problem: "the file is empty")
            case .malformed where left > 0: left -= 1
            case .malformed(let problem):
                throw .invalid(path: path, place: "line \(scanner.line)", problem: problem.description)
            case .record where left > 0: left -= 1
            case .record:
                let names = (0..<scanner.fieldCount).map {
                    scanner.text($0).trimmingCharacters(in: .whitespaces)
                }
                guard names.contains(where: { !$0.isEmpty }) else {
                    throw .invalid(path: path, place: "", problem: "the file is empty")
                }
                return names
            }
        }
    }

    private static func feed(
        _ path: String,
        _ handle: FileHandle,
        _ scanner: inout CSVScanner,
        _ position: inout Int
    ) throws(RecordError) {
        do {
            guard let piece = try handle.read(upToCount: 1 << 18), !piece.isEmpty else {
                return scanner.finish()
            }
            position += piece.count
            scanner.append(piece.bytes)
        } catch {
            throw .unreadable(path: path)
        }
    }
}
