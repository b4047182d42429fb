import Compression
import Foundation
public import Geo
public import Gridding
public import Quantities

/// The sums of one file of soundings, kept so that a later run need not read the soundings again.
///
/// A line of JSON that names the file and its digest, then the encoded sums as a zstd frame.
public struct SumsFile: Sendable {
    public let input: FileProvenance.Input
    /// How the soundings were read: ``SoundingOptions/summary``.
    public let reading: String
    public let sums: FileSums

    public init(input: FileProvenance.Input, reading: String, sums: FileSums) {
        self.input = input
        self.reading = reading
        self.sums = sums
    }

    private struct Header: Codable {
        let format: String
        let name: String
        let sha256: String
        let reading: String
        let byteCount: Int
    }

    private static let format = "crosswind-sums-1"
    /// 8 GiB; sums of a fine grid with profiles come to a few hundred megabytes.
    private static let largest = 8 << 30

    /// Writes the file whole or not at all.
    ///
    /// - Throws: ``SumsFileError``, `CompressionError`.
    public func write(to path: String) throws {
        let content = sums.encoded()
        let coder = try Zstandard()
        let frame = try coder.compress(content.span.bytes)
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let header = Header(
            format: Self.format,
            name: input.name,
            sha256: input.sha256,
            reading: reading,
            byteCount: content.count
        )
        var data = try encoder.encode(header)
        data.append(UInt8(ascii: "\n"))
        data.append(contentsOf: frame)
        do {
            try data.write(to: URL(filePath: path), options: .atomic)
        } catch {
            throw SumsFileError.notWritten(path: path, reason: error.localizedDescription)
        }
    }

    /// - Parameter grid: that of the run, without which sums of a projected one cannot be read.
    /// - Throws: ``SumsFileError``.
    public static func read(_ path: String, on grid: CellGrid? = nil) throws(SumsFileError) -> SumsFile {
        guard let data = try? Data(contentsOf: URL(filePath: path)),
            let end = data.firstIndex(of: UInt8(ascii: "\n")),
            let header = try? JSONDecoder().decode(Header.self, from: data[..<end]),
            header.format == format, (0...largest).contains(header.byteCount)
        else { throw .damaged(path: path, reason: "not a file of sums") }
        do {
            let frame = [UInt8](data[(end + 1)...])
            let coder = try Zstandard()
            let content = try coder.decompress(frame.span.bytes, byteLimit: header.byteCount)
            return SumsFile(
                input: FileProvenance.Input(name: header.name, sha256: header.sha256),
                reading: header.reading,
                sums: try FileSums(decoding: content, on: grid)
            )
        } catch GriddingError.differentGrid {
            throw .otherGrid(path: path)
        } catch {
            throw .damaged(path: path, reason: (error as? any Fault)?.what ?? "\(error)")
        }
    }
}

/// Kept sums that cannot be used or made.
public enum SumsFileError: Fault, Equatable {
    case damaged(path: String, reason: String)
    /// Made on another projected grid.
    case otherGrid(path: String)
    case notWritten(path: String, reason: String)

    public var exitStatus: ExitStatus {
        switch self {
        case .damaged, .otherGrid: .badData
        case .notWritten: .inputOutput
        }
    }

    public var what: String {
        switch self {
        case .damaged(_, let reason): "kept sums cannot be read (\(reason))"
        case .otherGrid: "kept sums were made on another grid"
        case .notWritten(_, let reason): "sums cannot be kept (\(reason))"
        }
    }

    public var place: String {
        switch self {
        case .damaged(let path, _), .notWritten(let path, _), .otherGrid(let path): path
        }
    }

    public var remedy: String {
        switch self {
        case .otherGrid: "use another folder, or the options of the run that filled it"
        case .damaged: "delete it and grid its file of soundings again"
        case .notWritten: "check the folder, space and permissions"
        }
    }
}
