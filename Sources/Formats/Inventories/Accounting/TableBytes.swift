import Foundation
import Inventory

/// The bytes of a text table, after what tells a person what is wrong with a file that is none.
public enum TableBytes {
    /// - Throws: ``AccountingError`` for files that are not there, workbooks, other encodings than UTF-8 and other
    ///   separators than the comma.
    static func read(_ file: String) throws(AccountingError) -> [UInt8] {
        guard let data = FileManager.default.contents(atPath: file) else {
            let isThere = FileManager.default.fileExists(atPath: file)
            throw AccountingError(
                isThere ? .unreadable("cannot read the file") : .noSuchFile,
                at: TablePlace(file: file)
            )
        }
        let bytes = Array(data)
        if let (problem, remedy) = objection(bytes) {
            throw AccountingError(.unusable(problem, remedy: remedy), at: TablePlace(file: file))
        }
        return bytes
    }

    /// What keeps bytes from being a table of comma-separated UTF-8, and what to do; nil for one that can be read.
    public static func objection(_ bytes: [UInt8]) -> (problem: String, remedy: String)? {
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
        return separatorObjection(bytes)
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

    private static func separatorObjection(_ bytes: [UInt8]) -> (problem: String, remedy: String)? {
        let header = String(decoding: bytes.prefix { $0 != 0x0A && $0 != 0x0D }, as: UTF8.self)
        guard !header.contains(",") else { return nil }
        let separators: [(Character, String)] = [
            (";", "semicolons"), ("\t", "tabs"), ("，", "full-width commas"), ("|", "bars"),
        ]
        return separators.first { header.contains($0.0) }.map {
            ("the fields are separated by \($0.1)", "separate them by commas")
        }
    }
}
