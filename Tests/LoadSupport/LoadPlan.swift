import Foundation
public import Quantities
import TestSupport

/// Messages that a seed makes, with what a network does to them: repeated, out of order, broken. It is the ledger
/// that the store is compared with.
public struct LoadPlan: Sendable {
    public struct Settings: Sendable {
        public var seed: UInt64
        public var messages: Int
        public var stations = 20
        public var duplicates = 0.01
        public var reordered = 0.02
        public var malformed = 0.001
        /// How far a reordered message falls back.
        public var reorderDistance = 200

        public init(seed: UInt64, messages: Int) {
            self.seed = seed
            self.messages = messages
        }
    }

    /// One message as a logger means it.
    public struct Message: Sendable {
        public let station: String
        public let sequence: Int64
        public let topic: String
        public let payload: [UInt8]
        public let isMalformed: Bool
        /// False for one that is cut off: nobody can tell its number, so no receipt ever covers it.
        public let hasNumber: Bool
    }

    public static let network = "load"
    /// Of all loggers.
    public static let boot = "b1"

    /// Each once, in the order of their making.
    public let messages: [Message]
    /// Indices into `messages` in the order of sending, repetitions included.
    public let order: [Int]

    public var validCount: Int { messages.count { !$0.isMalformed } }
    public var malformedCount: Int { messages.count { $0.isMalformed } }

    public init(_ settings: Settings) {
        var random = SeededGenerator(seed: settings.seed)
        let count = settings.messages
        let malformed = Set(
            (0..<count).shuffled(using: &random)
                .prefix(Int((Double(count) * settings.malformed).rounded()))
        )
        messages = (0..<count).map { index in
            Self.message(index, settings, isMalformed: malformed.contains(index), &random)
        }
        order = Self.order(settings, &random)
    }

    /// Each message has a place; late ones have a later place, repeated ones a second.
    private static func order(_ settings: Settings, _ random: inout SeededGenerator) -> [Int] {
        var places: [(place: Double, index: Int)] = []
        for index in 0..<settings.messages {
            let late = random.uniform() < settings.reordered
            let delay = late ? random.uniform() * Double(settings.reorderDistance) : 0
            places.append((Double(index) + delay, index))
            guard random.uniform() < settings.duplicates else { continue }
            places.append((Double(index) + random.uniform() * Double(settings.reorderDistance), index))
        }
        return places.sorted { ($0.place, $0.index) < ($1.place, $1.index) }.map(\.index)
    }

    private static func message(
        _ index: Int,
        _ settings: Settings,
        isMalformed: Bool,
        _ random: inout SeededGenerator
    ) -> Message {
        let station = "s\(index % settings.stations)"
        let sequence = Int64(index / settings.stations)
        let time = firstTime.advanced(bySeconds: Double(sequence))
        let value = 400 + Double(Int.random(in: 0..<100_000, using: &random)) / 1000
        let head = #"{"v":1,"boot":"\#(boot)","seq":\#(sequence),"#
        let text =
            isMalformed
            ? head + malformedTail(index, time, &random)
            : head + #""ts":"\#(time)","co2":\#(value),"gps":{"lat":39.9,"lon":116.4}}"#
        return Message(
            station: station,
            sequence: sequence,
            topic: "co2/v1/\(network)/\(station)/obs",
            payload: Array(text.utf8),
            isMalformed: isMalformed,
            hasNumber: text.hasSuffix("}")
        )
    }

    /// When the message was measured.
    public static func time(of message: Message) -> Instant {
        firstTime.advanced(bySeconds: Double(message.sequence))
    }

    private static let firstTime = Instant(CivilTime(year: 2025, month: 3, day: 1))

    /// Cut off, without a zone, or of no gas. The index tells one from another.
    private static func malformedTail(
        _ index: Int,
        _ time: Instant,
        _ random: inout SeededGenerator
    ) -> String {
        switch Int.random(in: 0..<3, using: &random) {
        case 0: #""n":\#(index),"ts":"\#(time)","co2":4"#
        case 1: #""n":\#(index),"ts":"2025-03-01T00:00:00","co2":400}"#
        default: #""n":\#(index),"ts":"\#(time)","so2":400}"#
        }
    }

    /// The sequence numbers that receipts cover when everything is stored, by station.
    public var numbers: [String: [ClosedRange<Int64>]] {
        var numbers: [String: [ClosedRange<Int64>]] = [:]
        for message in messages where message.hasNumber {
            let next = message.sequence
            if let last = numbers[message.station]?.last, last.upperBound == next - 1 {
                numbers[message.station]?.removeLast()
                numbers[message.station]?.append(last.lowerBound...next)
            } else {
                numbers[message.station, default: []].append(next...next)
            }
        }
        return numbers
    }

    /// Indices of the messages that receipts do not cover and could, in the order of making.
    /// - Parameter received: sequence numbers by station.
    public func missing(from received: [String: [ClosedRange<Int64>]]) -> [Int] {
        messages.indices.filter { index in
            let message = messages[index]
            return message.hasNumber
                && !(received[message.station] ?? []).contains { $0.contains(message.sequence) }
        }
    }

    /// The network file of the stations.
    public func networkFile(stations: Int) -> String {
        let list = (0..<stations).map { station in
            """
            {"id":"s\(station)","names":"s\(station)","kind":"vehicle","instruments":[{"id":"ndir","gas":"co2",
            "unit":"ppm","scale":"uncalibrated","standard_uncertainty":2,
            "gross_range":{"fail":[300,2000],"suspect":[370,1000]}}]}
            """
        }
        return """
            {"id":"\(Self.network)","names":"load","credit":"made","stations":[\(list.joined(separator: ","))]}
            """
    }
}
