import Archive
import Foundation
import Observations
public import Quantities

/// What a replay of dead letters came to.
public struct DeadLetterReplay: Codable, Equatable, Sendable {
    /// Letters that were decoded again.
    public internal(set) var tried = 0
    /// Of these, letters that are readings now.
    public internal(set) var recovered = 0
    /// Letters that came from files, which are back-filled again instead.
    public internal(set) var skipped = 0
    /// Letters of which only the beginning was kept: there is nothing to decode.
    public internal(set) var shortened = 0
    /// Letters that were tried and still cannot be used, by what is wrong with them now.
    public internal(set) var stillRefused: [String: Int] = [:]

    enum CodingKeys: String, CodingKey {
        case tried, recovered, skipped, shortened
        case stillRefused = "still_refused"
    }
}

extension MessageStore {
    /// Keeps the network files and edits as they are now. Where they have changed, the series of their networks are
    /// put on the list of what is to be settled.
    /// - Returns: the networks whose readings are settled anew.
    public mutating func recordConfiguration(at now: Instant) throws -> [String] {
        do {
            try archive.begin(received: now)
            var changed: Set<String> = []
            for text in knowledge.texts {
                let isNew = try archive.recordConfiguration(
                    kind: text.kind.rawValue,
                    network: text.network,
                    text: text.text
                )
                if isNew { changed.insert(text.network) }
            }
            let marked = try markDirty { changed.contains($0.network) }
            try archive.commit()
            return Set(marked.map(\.network)).sorted()
        } catch {
            archive.rollBack()
            throw error
        }
    }

    /// Puts everything on the list of what is to be settled.
    public mutating func markEverything(at now: Instant) throws {
        do {
            try archive.begin(received: now)
            _ = try markDirty { _ in true }
            try archive.commit()
        } catch {
            archive.rollBack()
            throw error
        }
    }

    private mutating func markDirty(where isMeant: (Series) -> Bool) throws(ArchiveError) -> [Series] {
        let series = try archive.allSeries().filter(isMeant)
        for series in series {
            if let extent = try archive.extent(series) { try archive.markDirty(series.id, extent) }
        }
        return series
    }

    /// Settles one stretch of what has come.
    /// - Returns: false when everything is settled.
    public mutating func settleNext(at now: Instant) throws -> Bool {
        try settler.settleNext(&archive, at: now)
    }

    /// Deletes a slice of the raw messages that came before a moment.
    /// - Returns: false when there is nothing left to delete.
    public mutating func discardRaw(before moment: Instant) throws -> Bool {
        try archive.discardRaw(before: moment) > 0
    }

    /// Decodes a slice of the dead letters again, as if they had come when they did.
    /// - Returns: the number of the last letter looked at; nil when there are no more.
    public mutating func replayDeadLetters(
        after letter: Int64,
        limit: Int,
        at now: Instant,
        _ replay: inout DeadLetterReplay
    ) throws -> Int64? {
        let letters = try ArchiveReader(path: path).deadLettersToReplay(after: letter, limit: limit)
        guard let last = letters.last else { return nil }
        var tally = newTally(now)
        do {
            try archive.begin(received: now)
            for letter in letters { try self.replay(letter, &tally, &replay) }
            try archive.commit()
        } catch {
            archive.rollBack()
            throw error
        }
        tally.add(to: &summary)
        return last.id
    }

    private mutating func replay(
        _ letter: DeadLetter,
        _ tally: inout BatchTally,
        _ replay: inout DeadLetterReplay
    ) throws(ArchiveError) {
        guard !letter.topic.hasPrefix("file:") else {
            replay.skipped += 1
            return
        }
        guard !letter.isShortened else {
            replay.shortened += 1
            return
        }
        replay.tried += 1
        let topic = Array(letter.topic.utf8)
        let bytes = topic + letter.payload
        let payload = topic.count..<bytes.count
        var isRecovered = false
        let messages = decode(bytes, 0..<topic.count, payload, letter.received)
        for message in messages {
            let usable = message.usable(item: letter.rejection.item)
            guard !usable.items.isEmpty else { continue }
            isRecovered = true
            try write(usable, topic.span.bytes, bytes.span.bytes.extracting(payload), &tally)
        }
        guard isRecovered else {
            replay.stillRefused[messages.reason(for: letter), default: 0] += 1
            return
        }
        try archive.endMessage(topic: topic.span.bytes, payload: bytes.span.bytes.extracting(payload))
        tally.countMessage()
        // A letter that stands for several items is done with when none of them is refused any more.
        guard letter.rejection.item != nil || messages.allSatisfy(\.rejections.isEmpty) else {
            replay.stillRefused[messages.reason(for: letter), default: 0] += 1
            return
        }
        try archive.markReplayed(letter.id)
        replay.recovered += 1
    }
}

extension PayloadDecoder.Message {
    /// What can be used of the message now, of one item of a batch where only that had been refused: the others are
    /// in the store.
    fileprivate func usable(item: Int?) -> PayloadDecoder.Message {
        var message = self
        message.items = items.enumerated().compactMap { index, content in
            if case .rejection = content { return nil }
            let place = places.indices.contains(index) ? places[index] : index
            return item ?? place == place ? content : nil
        }
        return message
    }
}

extension [PayloadDecoder.Message] {
    /// Why a letter still waits, which may be for another reason than when it came.
    fileprivate func reason(for letter: DeadLetter) -> String {
        let rejections = flatMap(\.rejections)
        let own = rejections.first { $0.item == letter.rejection.item } ?? rejections.first
        return own?.reason ?? letter.rejection.reason
    }
}
