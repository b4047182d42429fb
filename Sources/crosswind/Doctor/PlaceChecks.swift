import Concurrent
import Foundation
import NetCDF
import Quantities

/// Whether folders and files can be used.
enum PlaceChecks {
    /// Less than this and a day of readings or a report may not fit.
    private static let spaceNeededMegabytes = 500

    /// Writes a file into the folder and removes it.
    /// - Parameter isNeeded: whether nothing works without it; else it is only worth a warning.
    static func folder(_ name: String, _ path: String, isNeeded: Bool = true) -> Finding {
        let probe = URL(filePath: path).appending(path: ".crosswind-doctor-\(UUID().uuidString)")
        do {
            try Data("probe".utf8).write(to: probe)
            try FileManager.default.removeItem(at: probe)
        } catch {
            let detail = "\(path) cannot be written"
            let remedy = "make it writable or choose another folder"
            return isNeeded
                ? .fail(name, detail, remedy: remedy, .inputOutput) : .warn(name, detail, remedy: remedy)
        }
        guard let megabytes = freeBytes(path).map({ $0 / 1_000_000 }) else {
            return .ok(name, "\(path) is writable")
        }
        let detail = "\(path) is writable, \(megabytes) MB free"
        return megabytes < spaceNeededMegabytes
            ? .warn(name, detail, remedy: "free some space") : .ok(name, detail)
    }

    /// Nil where the system does not tell.
    static func freeBytes(_ path: String) -> Int64? {
        let attributes = try? FileManager.default.attributesOfFileSystem(forPath: path)
        return (attributes?[.systemFreeSize] as? NSNumber)?.int64Value
    }

    /// Opens a data file as its content asks for.
    static func file(_ path: String) async -> Finding {
        do {
            let isNetCDF = firstBytes(of: path, count: 8).map {
                $0.starts(with: Data("CDF".utf8)) || $0.dropFirst().starts(with: Data("HDF".utf8))
            }
            guard let isNetCDF else { throw NetCDFError(.noSuchFile, path: path) }
            guard isNetCDF || ["nc", "nc4", "h5"].contains(URL(filePath: path).pathExtension) else {
                return .ok("file", "\(path) is readable")
            }
            try await open(path)
            return .ok("file", "\(path) opens as netCDF")
        } catch let error as NetCDFError {
            return .fail("file", "\(path): \(error.what)", remedy: error.remedy, error.exitStatus)
        } catch {
            return .fail("file", "\(path): \(error)", remedy: "", .internalError)
        }
    }

    @NetCDFThread
    private static func open(_ path: String) throws(NetCDFError) { _ = try NetCDFFile(reading: path) }

    private static func firstBytes(of path: String, count: Int) -> Data? {
        guard let handle = FileHandle(forReadingAtPath: path) else { return nil }
        defer { try? handle.close() }
        return (try? handle.read(upToCount: count)) ?? (try? Data(contentsOf: URL(filePath: path)))
    }
}
