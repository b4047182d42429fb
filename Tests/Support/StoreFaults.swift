import Foundation

/// Makes SQLite treat a database as read-only for everybody, the superuser included: a write version above 2
/// in byte 18 of the header means "may not be written" (SQLite, Database File Format, section 1.3.3).
public func markReadOnly(_ path: String) throws {
    let handle = try FileHandle(forUpdating: URL(filePath: path))
    defer { try? handle.close() }
    try handle.seek(toOffset: 18)
    try handle.write(contentsOf: [3])
}
