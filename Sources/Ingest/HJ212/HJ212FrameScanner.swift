/// Finds the frames in a stream of bytes: `##`, four digits of length, the data, four digits of CRC, CR LF.
///
/// Append what came, then take elements until there are none. What is found depends on the bytes alone, not on
/// how they were cut into pieces. No more than one frame of the largest size is kept: every byte is looked at once
/// or twice, and what cannot become a frame is given out or skipped.
package struct HJ212FrameScanner {
    package enum Element: Equatable {
        /// From `##` to the CRC, which fits. CR LF need not follow: many loggers leave it out.
        case frame([UInt8])
        /// From `##` to CR LF, and the CRC does not fit. Without CR LF it would be ``broken``.
        case wrongChecksum([UInt8])
        /// What began like a frame and is none: the next one begins within it, or its end is not there.
        case broken([UInt8])
    }

    /// `##` and the length.
    static let headerByteCount = 6
    /// The most that four digits can say, with header, CRC and CR LF.
    package static let frameByteLimit = headerByteCount + 9999 + 6

    private static let mark = UInt8(ascii: "#")
    private var buffer: [UInt8] = []
    private var start = 0
    /// No `##` begins between the header at `start` and here.
    private var searched = 0
    /// Bytes between frames that belong to none, without the line ends.
    private(set) var skippedByteCount = 0

    /// Bytes of a frame that has begun.
    package var pendingByteCount: Int { buffer.count - start }

    package init() {}

    package mutating func append(_ bytes: some Sequence<UInt8>) {
        if start > 0 {
            buffer.removeSubrange(..<start)
            searched = max(0, searched - start)
            start = 0
        }
        buffer.append(contentsOf: bytes)
    }

    /// Nil when more bytes are needed.
    package mutating func next() -> Element? {
        while skipToHeader(), pendingByteCount >= Self.headerByteCount {
            guard let length = statedLength else {
                skip()
                continue
            }
            let dataEnd = start + Self.headerByteCount + length
            if let inner = innerHeader(before: dataEnd) { return take(upTo: inner).map { .broken($0) } }
            guard buffer.count >= dataEnd + 4 else { return nil }
            let checksum = HJ212Checksum.of(buffer[(start + Self.headerByteCount)..<dataEnd])
            if HJ212Checksum.value(ofDigits: buffer[dataEnd..<(dataEnd + 4)]) == checksum {
                return take(upTo: dataEnd + 4).map { .frame($0) }
            }
            let end = dataEnd + 6
            guard buffer.count >= end else { return nil }
            if buffer[end - 2] == UInt8(ascii: "\r"), buffer[end - 1] == UInt8(ascii: "\n") {
                return take(upTo: end).map { .wrongChecksum($0) }
            }
            return take(upTo: innerHeader(before: end) ?? mayBeginHeader(end)).map { .broken($0) }
        }
        return nil
    }

    /// The stream has ended, or has paused for so long that what has begun will not be completed.
    package mutating func giveUp() -> Element? {
        if let element = next() { return element }
        return take(upTo: buffer.count).map { .broken($0) }
    }

    /// Moves to the next `##`; false when there is none yet.
    private mutating func skipToHeader() -> Bool {
        while start < buffer.count {
            let isMark = buffer[start] == Self.mark
            if isMark, start + 1 == buffer.count { return false }
            if isMark, buffer[start + 1] == Self.mark { return true }
            skip()
        }
        return false
    }

    private mutating func skip() {
        let byte = buffer[start]
        if byte != UInt8(ascii: "\r"), byte != UInt8(ascii: "\n") { skippedByteCount += 1 }
        start += 1
        searched = start
    }

    private var statedLength: Int? {
        var length = 0
        for byte in buffer[(start + 2)..<(start + Self.headerByteCount)] {
            guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { return nil }
            length = length * 10 + Int(byte - UInt8(ascii: "0"))
        }
        return length
    }

    /// Data never holds `##`: they are letters, digits and the signs `;=,-.&`. So where it stands another frame
    /// begins, and this one has lost its end.
    private mutating func innerHeader(before end: Int) -> Int? {
        var index = max(searched, start + Self.headerByteCount)
        let last = min(end, buffer.count) - 1
        while index < last {
            if buffer[index] == Self.mark, buffer[index + 1] == Self.mark {
                searched = index
                return index
            }
            index += 1
        }
        searched = index
        return nil
    }

    private func mayBeginHeader(_ end: Int) -> Int { buffer[end - 1] == Self.mark ? end - 1 : end }

    private mutating func take(upTo end: Int) -> [UInt8]? {
        guard end > start else { return nil }
        defer {
            start = end
            searched = end
        }
        return Array(buffer[start..<end])
    }
}
