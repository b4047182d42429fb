import Foundation
import Quantities

/// The indices of an ARL packed file, and the way to its records.
struct ARLFile: Sendable {
    let path: String
    let indices: [ARLIndex]
    /// With its label.
    let recordBytes: Int

    /// Blocks.
    init(_ path: String) throws(MeteorologyError) {
        let reader = try ARLRecordReader(path)
        self.path = path
        var (indices, offset, recordBytes) = ([ARLIndex](), 0, 0)
        while offset < reader.byteCount {
            let record = recordBytes > 0 ? offset / recordBytes : 0
            let parser = try reader.parser(at: offset, record: record, path)
            let bytes = parser.cells + ARLLabel.byteCount
            guard recordBytes == 0 || bytes == recordBytes else {
                throw Self.damaged(path, record, parser.label, "the grid is another than before")
            }
            recordBytes = bytes
            let index = try reader.index(parser, at: offset, record: record, path)
            let (length, overflow) = index.recordCount.multipliedReportingOverflow(by: bytes)
            guard !overflow, length <= reader.byteCount - offset else {
                let whole = max(0, reader.byteCount / bytes)
                throw .damagedRecord(
                    path: path,
                    record: whole,
                    time: "\(index.time)",
                    variable: index.levels.flatMap(\.fields).first { $0.record == whole }?.name ?? "",
                    what: "the file ends before this record does"
                )
            }
            indices.append(index)
            offset += length
        }
        guard !indices.isEmpty else { throw .unrecognised(path: path, why: "an empty file") }
        self.indices = indices
        self.recordBytes = recordBytes
    }

    static func damaged(
        _ path: String,
        _ record: Int,
        _ label: ARLLabel?,
        _ what: String
    ) -> MeteorologyError {
        let time = label.map { "\($0.year)-\($0.month)-\($0.day) \($0.hour) h" } ?? ""
        return .damagedRecord(
            path: path,
            record: record,
            time: time,
            variable: label?.variable ?? "",
            what: what
        )
    }
}

/// Reads bytes of an ARL packed file, and never beyond its end.
final class ARLRecordReader {
    let path: String
    let byteCount: Int
    private let handle: FileHandle

    init(_ path: String) throws(MeteorologyError) {
        self.path = path
        guard FileManager.default.fileExists(atPath: path) else { throw .missingFile(path: path) }
        do {
            handle = try FileHandle(forReadingFrom: URL(filePath: path))
            byteCount = Int(clamping: try handle.seekToEnd())
        } catch { throw .inputOutput(path: path, reason: "cannot be read") }
    }

    deinit { try? handle.close() }

    /// As many bytes as there are, at most `count`.
    func bytes(at offset: Int, count: Int) throws(MeteorologyError) -> [UInt8] {
        do {
            try handle.seek(toOffset: UInt64(max(0, offset)))
            return Array(try handle.read(upToCount: max(0, count)) ?? Data())
        } catch { throw .inputOutput(path: path, reason: "cannot be read") }
    }

    fileprivate func parser(at offset: Int, record: Int, _ path: String) throws(MeteorologyError)
        -> ARLIndexParser
    {
        let start = ARLLabel.byteCount
        let bytes = try bytes(at: offset, count: start + ARLIndex.fixedBytes)
        guard let label = ARLLabel(bytes.prefix(start)) else {
            throw ARLFile.damaged(path, record, nil, "the label of an index cannot be read")
        }
        guard label.variable == "INDX" else {
            throw ARLFile.damaged(path, record, label, "an index is expected here")
        }
        do throws(ARLIndexParser.Problem) {
            return try ARLIndexParser(label, fixed: bytes.dropFirst(start))
        } catch { throw ARLFile.damaged(path, record, label, error.what) }
    }

    /// An index may go on over several records, each with a label.
    fileprivate func index(
        _ parser: ARLIndexParser,
        at offset: Int,
        record: Int,
        _ path: String
    ) throws(MeteorologyError) -> ARLIndex {
        var text: [UInt8] = []
        for part in 0..<parser.indexRecords {
            let start = offset + part * (parser.cells + ARLLabel.byteCount) + ARLLabel.byteCount
            text += try bytes(at: start, count: min(parser.cells, parser.byteCount - part * parser.cells))
        }
        do throws(ARLIndexParser.Problem) {
            return try parser.index(listing: text.dropFirst(ARLIndex.fixedBytes), record: record)
        } catch { throw ARLFile.damaged(path, record, parser.label, error.what) }
    }

    /// The values of a record in some rows and columns, after checking that it is what the index says.
    func values(
        _ field: ARLIndex.Field,
        _ index: ARLIndex,
        level: Int,
        subset: GridSubset
    ) throws(MeteorologyError) -> [Float] {
        func damaged(_ what: String) -> MeteorologyError {
            .damagedRecord(
                path: path,
                record: field.record,
                time: "\(index.time)",
                variable: "\(field.name) of level \(level)",
                what: what
            )
        }
        let (columns, rows) = (index.geometry.columns, index.geometry.rows)
        let length = columns * rows + ARLLabel.byteCount
        let bytes = try bytes(at: field.record * length, count: length)
        guard bytes.count == length else { throw damaged("the file ends before this record does") }
        guard let label = ARLLabel(bytes.prefix(ARLLabel.byteCount)) else {
            throw damaged("the label of the record cannot be read")
        }
        guard label.variable.trimmingCharacters(in: .whitespaces) == field.name else {
            throw damaged("the record holds `\(label.variable)`")
        }
        guard label.forecast >= 0 else { throw damaged("the field is marked as missing") }
        let civil = index.time.civil
        guard (label.month, label.day, label.hour) == (civil.month, civil.day, civil.hour) else {
            throw damaged("the record is of another time")
        }
        let packed = bytes.dropFirst(ARLLabel.byteCount)
        let sum = ARLPacking.checksum(packed)
        guard sum == field.checksum else {
            throw damaged("its checksum is \(sum) where the index says \(field.checksum)")
        }
        guard
            let values = ARLPacking.values(packed, columns: columns, rows: rows, label: label, subset: subset)
        else { throw damaged("its values are no numbers") }
        return values
    }
}
