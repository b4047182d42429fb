import Archive
import Digests

extension PayloadDecoder.Message {
    /// More refused items of one message are kept together, by reason: each letter holds the whole message, and a
    /// batch with thousands of bad items would otherwise fill the disk.
    private static let separateLetterLimit = 20
    /// What the letters of one message may come to before they are kept together.
    private static let separateLetterBytes = 1 << 20

    /// Whether anything of it can be stored.
    var isUsable: Bool {
        items.contains { item in if case .rejection = item { false } else { true } }
    }

    var rejections: [Rejection] {
        items.compactMap { item in
            if case .rejection(let rejection) = item { rejection } else { nil }
        }
    }

    /// The rejections that get a letter each.
    func rejectionsToKeep(payloadBytes: Int) -> [Rejection] {
        let all = rejections
        let (bytes, overflow) = all.count.multipliedReportingOverflow(by: payloadBytes)
        let isSmall = !overflow && bytes <= Self.separateLetterBytes
        if all.count == 1 || all.count <= Self.separateLetterLimit && isSmall { return all }
        var counts: [String: Int] = [:]
        for rejection in all { counts[rejection.reason, default: 0] += 1 }
        return counts.sorted { $0.key < $1.key }.map { reason, count in
            let first = all.first { $0.reason == reason }
            let place = first?.item.map { "item \($0)" } ?? ""
            return Rejection(
                reason: reason,
                detail: "\(count) items, the first is \(place): \(first?.detail ?? "")"
            )
        }
    }
}

extension Rejection {
    /// With what must be known of a payload of which only the beginning is kept.
    func telling(_ payload: RawSpan) -> Rejection {
        var hash = SHA256()
        hash.update(payload)
        let size = "\(payload.byteCount) bytes, SHA-256 \(hash.hexDigest())"
        let kept = "only the first \(DeadLetter.shortenedByteCount) are kept"
        let words = [detail, size, kept].filter { !$0.isEmpty }.joined(separator: "; ")
        return Rejection(reason: reason, detail: words, item: item)
    }
}
