import Concurrent
public import Formats
import Foundation

/// What a back-fill needs to know.
public struct BackFillSettings: Sendable {
    public let paths: [String]
    public let networkFile: NetworkFile
    public let storePath: String
    /// What the store may grow to; nil for as far as the disk goes.
    public var maximumStoreBytes: Int64?
    /// Rows that are made durable together. What is not yet durable when the program dies is read again.
    public var rowsPerTransaction = 50_000

    public init(paths: [String], networkFile: NetworkFile, storePath: String) {
        self.paths = paths
        self.networkFile = networkFile
        self.storePath = storePath
    }
}

/// How far a back-fill has come. Reported after every transaction.
public struct BackFillProgress: Equatable, Sendable {
    /// The file that is being stored.
    public let path: String
    /// Its number, from 1.
    public let file: Int
    public let files: Int
    /// Of all files.
    public let rows: Int
    public let rowsPerSecond: Double
    /// Of all files, 0 to 1.
    public let fraction: Double
    /// At the rate so far; nil before there is one.
    public let secondsLeft: Double?
}

/// What a back-fill took in.
public struct BackFillSummary: Codable, Equatable, Sendable {
    public internal(set) var files = 0
    public internal(set) var rows = 0
    public internal(set) var seconds = 0.0
    /// False when it was stopped; what had come so far is durable.
    public internal(set) var isComplete = false
    /// Rows count as messages. Rows refused by an earlier run on the same file count as duplicated.
    public internal(set) var ingest = IngestSummary()
}

/// Stores recorded files: months of rows of any number of stations, in the layout that `record` of the network file
/// describes.
///
/// Rows that cannot be used become dead letters of the topic `file:NAME#DIGEST`, whose item is the line. The same
/// file again changes nothing, so that a back-fill that was killed is simply started again.
/// - Throws: `RecordError` or `NetCDFError` for a file that cannot be read, `ArchiveError` for a store that cannot be
///   written. What had come before is durable.
public func backFill(
    _ settings: BackFillSettings,
    until stop: StopRequest,
    progress: @escaping @Sendable (BackFillProgress) -> Void
) async throws -> BackFillSummary {
    let queue = BackFillQueue<BackFillPage>(capacity: 16)
    async let reading: Void = readAhead(settings, queue)
    let summary: BackFillSummary
    do {
        summary = try await onOwnThread(named: "back-fill") {
            defer { queue.close() }
            var writer = try BackFillWriter(settings, progress)
            return try writer.run(queue, until: stop)
        }
    } catch {
        await reading
        throw error
    }
    await reading
    return summary
}

/// Decodes all files into the queue. Ends early when the queue is closed.
private func readAhead(_ settings: BackFillSettings, _ queue: BackFillQueue<BackFillPage>) async {
    let decoder = BackFillDecoder(settings.networkFile)
    do {
        let isNetCDF = try settings.networkFile.requiredRecord().format == .netCDF
        for (index, path) in settings.paths.enumerated() {
            let rows = isNetCDF ? try await readRecord(at: path, for: settings.networkFile) : nil
            try await onOwnThread(named: "back-fill-read") {
                if let rows {
                    try decoder.decode(rows, of: path, index: index, to: queue)
                } else {
                    try decoder.decode(path, index: index, to: queue)
                }
            }
        }
        queue.close()
    } catch {
        queue.close(failure: error)
    }
}
