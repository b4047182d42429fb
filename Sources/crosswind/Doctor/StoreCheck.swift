import Archive
import Concurrent
import Foundation
import Quantities
import SQLite

/// Whether the store is whole, ours, and can be written.
enum StoreCheck {
    static func findings(_ path: String) async -> [Finding] {
        let folder = PlaceChecks.folder("store folder", URL(filePath: path).deletingLastPathComponent().path)
        guard FileManager.default.fileExists(atPath: path) else {
            return [.ok("store", "\(path) is not there yet; ingest creates it"), folder]
        }
        guard FileManager.default.isWritableFile(atPath: path) else {
            return [.fail("store", "\(path) is read-only", remedy: "make it writable", .inputOutput), folder]
        }
        do {
            let content: String = try await onOwnThread(named: "store") { try Self.content(path) }
            let health: StoreHealth = try await readArchive(at: path) { reader in try reader.health() }
            let free = PlaceChecks.freeBytes(URL(filePath: path).deletingLastPathComponent().path)
            return [.ok("store", content), folder]
                + StoreHealthCheck.findings(health, now: .now(), freeBytes: free)
        } catch let error as any Fault {
            return [
                .fail("store", "\(error.place): \(error.what)", remedy: error.remedy, .inputOutput), folder,
            ]
        } catch {
            return [.fail("store", "\(path): \(error)", remedy: "", .internalError), folder]
        }
    }

    /// Lets SQLite look at every page and our reader at the schema and the flags.
    private static func content(_ path: String) throws -> String {
        let counts = try ArchiveReader(path: path).flagCounts()
        let verdict =
            try Connection(path: path, access: .readOnly).text("PRAGMA quick_check(1)") ?? "no answer"
        guard verdict == "ok" else {
            throw SQLiteError(.corrupt, code: 0, message: verdict, path: path)
        }
        let readings = counts.reduce(0) { $0 + $1.count }
        return "\(path) is whole, \(readings) readings of \(Set(counts.map { $0.station }).count) stations"
    }
}
