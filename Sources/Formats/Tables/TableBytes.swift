import Foundation
import Inventory

/// The bytes of a text table, and what tells a person what is wrong with a file that is none.
enum TableBytes {
    static let maximumBytes = 1 << 28

    /// - Throws: ``TableError`` for files that are not there, cannot be read or are too large.
    static func read(_ file: String) throws(TableError) -> [UInt8] {
        let place = TablePlace(file: file)
        guard let handle = FileHandle(forReadingAtPath: file) else {
            let isThere = FileManager.default.fileExists(atPath: file)
            throw TableError(isThere ? .unreadable : .noSuchFile, at: place)
        }
        defer { try? handle.close() }
        let data: Data?
        do { data = try handle.read(upToCount: maximumBytes + 1) } catch {
            throw TableError(.unreadable, at: place)
        }
        guard let data, data.count <= maximumBytes else {
            guard data != nil else { return [] }
            throw TableError(file: file, reason: "the table has more than \(maximumBytes) bytes")
        }
        return Array(data)
    }

    /// What keeps bytes from being a table of comma-separated UTF-8, and what to do; nil for one that can be read.
    static func objection(
        _ bytes: [UInt8],
        separator: Character = ","
    ) -> (problem: String, remedy: String)? {
        let saveAs = "save it as \"CSV UTF-8 (comma delimited)\""
        if bytes.starts(with: [0x50, 0x4B, 0x03, 0x04]) || bytes.starts(with: [0xD0, 0xCF, 0x11, 0xE0]) {
            return (
                "this is a workbook, not a text table", "open it in the spreadsheet program and \(saveAs)"
            )
        }
        if bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) {
            return ("the text is in UTF-16", "\(saveAs), or run iconv -f UTF-16 -t UTF-8")
        }
        if bytes.contains(0) { return ("this is no text", saveAs) }
        if String(validating: bytes, as: UTF8.self) == nil {
            return (
                "the text is not in UTF-8\(isLikeGB18030(bytes) ? "; it looks like GB 18030 (GBK)" : "")",
                "\(saveAs), or run iconv -f \(isLikeGB18030(bytes) ? "GB18030" : "ENCODING") -t UTF-8"
            )
        }
        return separatorObjection(header(bytes), separator)
    }

    /// Every byte beyond ASCII begins a pair as GBK has them.
    private static func isLikeGB18030(_ bytes: [UInt8]) -> Bool {
        var index = 0
        while index < bytes.count {
            if bytes[index] < 0x80 {
                index += 1
                continue
            }
            guard (0x81...0xFE).contains(bytes[index]), index + 1 < bytes.count,
                (0x30...0xFE).contains(bytes[index + 1])
            else { return false }
            index += 2
        }
        return true
    }

    /// The first line that is not empty.
    static func header(_ bytes: [UInt8]) -> String {
        let isLineEnd = { (byte: UInt8) in byte == 0x0A || byte == 0x0D }
        return String(decoding: bytes.drop(while: isLineEnd).prefix { !isLineEnd($0) }, as: UTF8.self)
    }

    private static func separatorObjection(
        _ header: String,
        _ separator: Character
    ) -> (problem: String, remedy: String)? {
        guard !header.contains(separator) else { return nil }
        let separators: [(Character, String)] = [
            (";", "semicolons"), ("\t", "tabs"), ("，", "full-width commas"), ("|", "bars"),
        ]
        return separators.first { header.contains($0.0) }.map {
            ("the fields are separated by \($0.1)", "separate them by commas")
        }
    }
}
