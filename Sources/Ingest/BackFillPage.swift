import Archive
import Formats
import Observations
import Quantities

/// Some rows of a file, decoded and judged, on their way to the writer.
struct BackFillPage: Sendable {
    struct Row: Sendable {
        /// From 1.
        let line: Int
        /// Within the bytes of the page.
        let bytes: Range<Int>
        let station: String
        let content: Result<[Reading], Rejected>
    }

    /// A row that cannot be used.
    struct Rejected: Error, Sendable {
        let reason: RejectionReason
        let detail: String
    }

    let file: BackFillFile
    /// When the rows were judged.
    let received: Instant
    var bytes: [UInt8] = []
    var rows: [Row] = []
    /// How far into the file the page reaches.
    var position = 0

    init(file: BackFillFile, received: Instant) {
        self.file = file
        self.received = received
        rows.reserveCapacity(Self.rowLimit)
    }

    /// Enough that handing over costs nothing, and few enough to stay in the cache.
    static let rowLimit = 1024

    mutating func append(
        _ content: Result<[Reading], Rejected>,
        station: String,
        line: Int,
        _ text: some Collection<UInt8>
    ) {
        let start = bytes.count
        bytes.append(contentsOf: text)
        rows.append(Row(line: line, bytes: start..<bytes.count, station: station, content: content))
    }
}

/// One file of a back-fill.
struct BackFillFile: Sendable {
    let path: String
    /// Its place among all.
    let index: Int
    let size: Int
    /// Where its rows are said to come from: `file:NAME#` and the first 16 digits of the SHA-256 of its content.
    let topic: String

    init(path: String, index: Int, size: Int) throws {
        self.path = path
        self.index = index
        self.size = size
        let digest = try SHA256.hexDigest(ofFile: path)
        let name = path.split(separator: "/").last.map(String.init) ?? path
        topic = "file:\(name)#\(digest.prefix(16))"
    }
}
