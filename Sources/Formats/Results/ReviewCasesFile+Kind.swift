import Foundation

extension ReviewCasesFile {
    /// Whether a file is a history of review cases, under whatever name or link: its first line opens a case and
    /// follows nothing. False where there is no such file.
    public static func isHistory(_ path: String) -> Bool {
        guard let handle = FileHandle(forReadingAtPath: path) else { return false }
        defer { try? handle.close() }
        let mark = Data([0xEF, 0xBB, 0xBF])
        guard var start = try? handle.read(upToCount: greatestLine + mark.count) else { return false }
        if start.starts(with: mark) { start = start.dropFirst(mark.count) }
        guard start.first == UInt8(ascii: "{") else { return false }
        let line = Data(start.prefix { $0 != 0x0A })
        return (try? JSONDecoder().decode(ReviewCaseLine.self, from: line))?.previous == beginning
    }
}
