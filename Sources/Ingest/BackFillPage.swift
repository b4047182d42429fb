import Archive
import Formats
import Observations
import Quantities

/// Some lines of a file, decoded and judged, on their way to the writer.
struct BackFillPage: Sendable {
    /// A line that cannot be used.
    struct Refused: Sendable {
        /// Its place in the page.
        let line: Int
        /// Empty for what belongs to no station.
        let station: String
        let reason: RejectionReason
        let detail: String
    }

    let file: BackFillFile
    /// When the rows were judged.
    let received: Instant
    var content: ReadingPage
    var refused: [Refused] = []
    /// How far into the file the page reaches.
    var position = 0

    init(file: BackFillFile, received: Instant, after previous: ReadingPage? = nil) {
        self.file = file
        self.received = received
        content = ReadingPage(after: previous, lines: Self.lineLimit)
    }

    /// Enough that handing over costs nothing, and few enough to stay in the cache.
    static let lineLimit = 1024
    /// Lines may be long.
    static let byteLimit = 1 << 20

    var isFull: Bool { content.lineCount >= Self.lineLimit || content.byteCount >= Self.byteLimit }

    /// Says that the last line cannot be used.
    mutating func refuseLine(_ reason: RejectionReason, _ detail: String, station: String = "") {
        content.removeReadingsOfLastLine()
        refused.append(
            Refused(line: content.lineCount - 1, station: station, reason: reason, detail: detail)
        )
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
