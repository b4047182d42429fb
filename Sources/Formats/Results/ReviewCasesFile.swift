import Digests
import Foundation
public import Quantities
public import Verification

/// A file of cases that cannot be read or continued.
public enum ReviewCasesError: Fault, Equatable {
    case unreadable(file: String, exists: Bool)
    case badLine(file: String, line: Int, problem: String)
    /// The last line has no end: the append that wrote it did not finish, and was not confirmed to anybody.
    case cutOff(file: String, line: Int)
    /// A line does not carry the digest of the one before it: something was changed, removed or put between.
    case brokenChain(file: String, line: Int)
    /// The event is not allowed by the history before it.
    case refused(file: String, line: Int, CaseError)
    case unwritable(file: String)
    /// The folder that the file is to be made in is not there.
    case noFolder(file: String, folder: String)
    /// An editor has changed how lines end, or marked the file: no line has its digest any more.
    case rewritten(file: String, line: Int, Rewriting)
    /// Others have appended since the file was read.
    case changed(file: String)

    public var exitStatus: ExitStatus {
        switch self {
        case .unreadable(_, let exists): exists ? .inputOutput : .missingInput
        case .noFolder: .missingInput
        case .unwritable, .changed: .inputOutput
        default: .badData
        }
    }

    public var what: String {
        switch self {
        case .unreadable(_, let exists): exists ? "cannot read the file" : "no such file"
        case .badLine(_, _, let problem): problem
        case .cutOff: "the last line is cut off"
        case .brokenChain: "the line does not follow the one before it"
        case .refused(_, _, let error): error.place.isEmpty ? error.what : "\(error.what): \(error.place)"
        case .unwritable: "cannot append to the file"
        case .noFolder(_, let folder): "there is no folder `\(folder)` for the history"
        case .rewritten(_, _, let rewriting): rewriting.what
        case .changed:
            "another process writes the history or has changed it since it was read; nothing was written"
        }
    }

    public var place: String {
        switch self {
        case .unreadable(let file, _), .unwritable(let file), .changed(let file), .noFolder(let file, _): file
        case .badLine(let file, let line, _), .brokenChain(let file, let line), .cutOff(let file, let line),
            .refused(let file, let line, _), .rewritten(let file, let line, _):
            line == 0 ? file : "\(file), line \(line)"
        }
    }

    public var remedy: String {
        switch self {
        case .unreadable(_, let exists): exists ? "check the permissions" : "check the path"
        case .cutOff: "remove that line and append its event again"
        case .brokenChain: "restore the file from a copy: cases are appended, never edited"
        case .refused(_, _, let error): error.remedy
        case .unwritable: "check the permissions and the space"
        case .noFolder: "make the folder or check the path"
        case .rewritten(_, _, let rewriting): rewriting.remedy
        case .changed: "run it again"
        case .badLine: ""
        }
    }
}

/// What editors leave behind in a history of cases.
public enum Rewriting: Hashable, Sendable {
    /// Lines end as in Windows.
    case carriageReturn
    /// A byte order mark at the start.
    case byteOrderMark

    fileprivate var what: String {
        switch self {
        case .carriageReturn:
            "the line ends in CR LF, as editors of Windows write it, where histories have LF alone"
        case .byteOrderMark:
            "the history begins with a byte order mark (BOM), which editors of Windows write"
        }
    }

    /// The digests are of the lines as they were: they hold again, or say what else was changed.
    fileprivate var remedy: String {
        switch self {
        case .carriageReturn: "save it with LF alone, or restore it from a copy, and do not edit it"
        case .byteOrderMark: "save it as UTF-8 without a mark, or restore it from a copy, and do not edit it"
        }
    }
}

/// The history of review cases as JSON lines: each names the SHA-256 of the line before it, so that nothing can be
/// changed without it being seen. Lines are appended and never rewritten.
public struct ReviewCasesFile: Sendable {
    /// What the first line follows.
    static let beginning = String(repeating: "0", count: 64)
    static let greatestLine = 1 << 20

    public let path: String
    public private(set) var ledger = CaseLedger()
    /// Digest of the last line: whoever keeps it can prove that the file up to there is the same.
    public private(set) var head = Self.beginning
    /// The whole file.
    private var bytes: [UInt8] = []

    /// SHA-256 of the whole file.
    public var sha256: String { Self.digest(bytes) }

    /// Reads and checks the whole file.
    ///
    /// - Parameter createsIfAbsent: a file that is not there is an empty history; it is made with the first event.
    /// - Throws: ``ReviewCasesError`` naming the line.
    public init(path: String, createsIfAbsent: Bool = false) throws(ReviewCasesError) {
        self.path = path
        guard FileManager.default.fileExists(atPath: path) else {
            guard createsIfAbsent else { throw .unreadable(file: path, exists: false) }
            return
        }
        guard let data = FileManager.default.contents(atPath: path) else {
            throw .unreadable(file: path, exists: true)
        }
        bytes = [UInt8](data)
        if let last = bytes.last, last != 0x0A { bytes = try settledBytes() }
        try read(bytes)
    }

    /// The file once nobody appends to it: what looks cut off may be half of a line that is being written.
    private func settledBytes() throws(ReviewCasesError) -> [UInt8] {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .unreadable(file: path, exists: errno != ENOENT) }
        defer { close(descriptor) }
        guard flock(descriptor, LOCK_SH | LOCK_NB) == 0 else { throw .changed(file: path) }
        defer { flock(descriptor, LOCK_UN) }
        guard let data = FileManager.default.contents(atPath: path) else {
            throw .unreadable(file: path, exists: true)
        }
        return [UInt8](data)
    }

    /// Appends events in one write that is on the disk when this returns.
    ///
    /// - Throws: ``ReviewCasesError``; file and ledger are then as before.
    public mutating func append(_ events: [CaseEvent]) throws(ReviewCasesError) {
        guard !events.isEmpty else { return }
        let (next, bytes) = try extended(by: events)
        try write(bytes)
        self = next
    }

    /// As ``append(_:)`` would leave it; nothing is written.
    public func appended(_ events: [CaseEvent]) throws(ReviewCasesError) -> ReviewCasesFile {
        try extended(by: events).file
    }

    private func extended(
        by events: [CaseEvent]
    ) throws(ReviewCasesError) -> (file: ReviewCasesFile, bytes: [UInt8]) {
        var next = self
        var bytes: [UInt8] = []
        for event in events {
            do throws(CaseError) { try next.ledger.append(event) } catch {
                throw .refused(file: path, line: 0, error)
            }
            let line = try Self.encoded(ReviewCaseLine(event, previous: next.head), path)
            next.head = Self.digest(line)
            bytes += line + [0x0A]
        }
        next.bytes += bytes
        return (next, bytes)
    }

    /// Appends what openings ask for, in one write.
    ///
    /// - Parameter time: the moment that new cases are opened with.
    /// - Returns: what was done; the file is not touched where that is nothing.
    /// - Throws: ``ReviewCasesError``; file and ledger are then as before.
    public mutating func take(
        _ openings: [CaseOpening],
        at time: Instant
    ) throws(ReviewCasesError) -> CaseChanges {
        let changes = try changes(openings, at: time)
        try append(changes.events)
        return changes
    }

    /// What ``take(_:at:)`` would do.
    public func changes(
        _ openings: [CaseOpening],
        at time: Instant
    ) throws(ReviewCasesError) -> CaseChanges {
        var next = ledger
        do throws(CaseError) { return try CaseChanges(openings, in: &next, at: time) } catch {
            throw .refused(file: path, line: 0, error)
        }
    }

    private mutating func read(_ bytes: [UInt8]) throws(ReviewCasesError) {
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { throw .rewritten(file: path, line: 1, .byteOrderMark) }
        guard bytes.isEmpty || bytes.last == 0x0A else {
            let line = bytes.count { $0 == 0x0A } + 1
            throw .cutOff(file: path, line: line)
        }
        for (index, line) in bytes.dropLast().split(separator: 0x0A, omittingEmptySubsequences: false)
            .enumerated()
        where !bytes.isEmpty {
            try take(Array(line), number: index + 1)
        }
    }

    private mutating func take(_ bytes: [UInt8], number: Int) throws(ReviewCasesError) {
        guard bytes.count <= Self.greatestLine else {
            throw .badLine(file: path, line: number, problem: "a line of \(bytes.count) bytes")
        }
        // JSON has no carriage return inside a line but as an escape.
        if bytes.last == 0x0D { throw .rewritten(file: path, line: number, .carriageReturn) }
        guard let line = try? JSONDecoder().decode(ReviewCaseLine.self, from: Data(bytes)),
            let event = line.caseEvent
        else {
            throw .badLine(file: path, line: number, problem: "no event of a case")
        }
        guard line.previous == head else { throw .brokenChain(file: path, line: number) }
        do throws(CaseError) { try ledger.append(event) } catch {
            throw .refused(file: path, line: number, error)
        }
        head = Self.digest(bytes)
    }

    private func write(_ bytes: [UInt8]) throws(ReviewCasesError) {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw errno == ENOENT ? noFolder : .unwritable(file: path) }
        defer { close(descriptor) }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else { throw .changed(file: path) }
        // Closing is not enough: a process being started meanwhile may hold a copy of the descriptor.
        defer { flock(descriptor, LOCK_UN) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw .unwritable(file: path) }
        guard Int(status.st_size) == self.bytes.count else { throw .changed(file: path) }
        var done = 0
        while done < bytes.count {
            let count = bytes.withUnsafeBytes {
                Foundation.write(descriptor, $0.baseAddress.map { $0 + done }, bytes.count - done)
            }
            if count > 0 {
                done += count
            } else if errno != EINTR {
                ftruncate(descriptor, off_t(self.bytes.count))
                throw .unwritable(file: path)
            }
        }
        guard fsync(descriptor) == 0 else {
            ftruncate(descriptor, off_t(self.bytes.count))
            throw .unwritable(file: path)
        }
    }

    private var noFolder: ReviewCasesError {
        let folder = (path as NSString).deletingLastPathComponent
        return .noFolder(file: path, folder: folder.isEmpty ? "." : folder)
    }

    private static func encoded(_ line: ReviewCaseLine, _ path: String) throws(ReviewCasesError) -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        do {
            return [UInt8](try encoder.encode(line))
        } catch {
            throw .badLine(file: path, line: 0, problem: "a number of the event is not finite")
        }
    }

    private static func digest(_ bytes: [UInt8]) -> String {
        var hash = SHA256()
        hash.update(bytes)
        return hash.hexDigest()
    }
}
