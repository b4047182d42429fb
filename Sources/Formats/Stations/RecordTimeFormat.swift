import CSV
public import Quantities

/// How a recorded file writes its times.
public struct RecordTimeFormat: Equatable, Sendable {
    enum Notation: Equatable, Sendable {
        /// `YYYY-MM-DD[T ]hh:mm[:ss[.f]][zone]`.
        case iso8601
        /// Numbers counted from 1970, this many microseconds each.
        case sinceEpoch(unitMicroseconds: Double)
        /// Figures of fixed width among literal characters.
        case pattern([PatternItem])
    }

    enum PatternItem: Equatable, Sendable {
        case year4, year2, month, day, hour, minute, second
        case literal(UInt8)
    }

    let notation: Notation
    /// Of local times, east positive; nil where the times themselves say it.
    let offsetMinutes: Int?

    /// ISO 8601 with a zone in every time.
    public static let iso8601 = RecordTimeFormat(notation: .iso8601, offsetMinutes: nil)

    /// ISO 8601; without a zone it is UTC.
    public static let iso8601InUTC = RecordTimeFormat(notation: .iso8601, offsetMinutes: 0)

    public static let secondsSince1970 = RecordTimeFormat(
        notation: .sinceEpoch(unitMicroseconds: 1e6),
        offsetMinutes: nil
    )

    /// - Parameters:
    ///   - name: `iso8601`, `unix_s`, `unix_ms`, or a pattern of `YYYY` or `YY`, `MM`, `DD`, `hh`, `mm`, `ss` and
    ///     literal characters. A fraction may follow the seconds; what is left out is the first or zero.
    ///   - zone: `UTC` or an offset like `+08:00`. A pattern needs it, and ISO 8601 for times without zone.
    /// - Throws: words about what is wrong.
    init(_ name: String, zone: String?) throws(RecordTimeProblem) {
        var offset: Int?
        if let zone {
            offset = Self.offset(zone)
            guard offset != nil else {
                throw RecordTimeProblem("`\(zone)` is neither `UTC` nor like `+08:00`")
            }
        }
        switch name {
        case "iso8601": notation = .iso8601
        case "unix_s": notation = .sinceEpoch(unitMicroseconds: 1e6)
        case "unix_ms": notation = .sinceEpoch(unitMicroseconds: 1e3)
        default:
            notation = .pattern(try Self.items(name))
            guard offset != nil else { throw RecordTimeProblem("times without zone need `time_zone`") }
        }
        offsetMinutes = offset
    }

    private init(notation: Notation, offsetMinutes: Int?) {
        self.notation = notation
        self.offsetMinutes = offsetMinutes
    }

    private static func offset(_ zone: String) -> Int? {
        if zone == "UTC" || zone == "Z" { return 0 }
        let bytes = Array(zone.utf8)
        var cursor = FigureCursor()
        guard let minutes = cursor.zone(bytes.span), cursor.index == bytes.count else { return nil }
        return minutes
    }

    private static func items(_ pattern: String) throws(RecordTimeProblem) -> [PatternItem] {
        let words: [(String, PatternItem)] = [
            ("YYYY", .year4), ("YY", .year2), ("MM", .month), ("DD", .day), ("hh", .hour), ("mm", .minute),
            ("ss", .second),
        ]
        var items: [PatternItem] = []
        var rest = Substring(pattern)
        while let first = rest.first {
            if let word = words.first(where: { rest.hasPrefix($0.0) }) {
                items.append(word.1)
                rest.removeFirst(word.0.count)
            } else {
                guard let byte = first.asciiValue, !first.isLetter || "TZ".contains(first) else {
                    throw RecordTimeProblem("`\(first)` in a time pattern")
                }
                items.append(.literal(byte))
                rest.removeFirst()
            }
        }
        guard items.contains(.year4) || items.contains(.year2), items.contains(.month)
        else {
            throw RecordTimeProblem("a time pattern needs year and month, as in `YYYY-MM-DD hh:mm:ss`")
        }
        return items
    }
}

/// A time format that cannot be.
struct RecordTimeProblem: Error, Equatable {
    let words: String
    init(_ words: String) { self.words = words }
}

extension RecordTimeFormat {
    /// Nil when the text is no such time.
    public func instant(_ text: Span<UInt8>) -> Instant? {
        switch notation {
        case .iso8601: return isoInstant(text)
        case .sinceEpoch(let unit):
            guard let number = decimalNumber(text) else { return nil }
            return Instant(secondsSince1970: number * (unit / 1e6))
        case .pattern(let items): return patternInstant(text, items)
        }
    }

    private func isoInstant(_ text: Span<UInt8>) -> Instant? {
        var cursor = FigureCursor()
        var civil = CivilTime(year: 0, month: 1, day: 1)
        guard let year = cursor.number(text, 4), cursor.skip(text, "-"), let month = cursor.number(text, 2),
            cursor.skip(text, "-"), let day = cursor.number(text, 2),
            cursor.skip(text, "T") || cursor.skip(text, " "),
            let hour = cursor.number(text, 2), cursor.skip(text, ":"), let minute = cursor.number(text, 2)
        else { return nil }
        (civil.year, civil.month, civil.day, civil.hour, civil.minute) = (year, month, day, hour, minute)
        if cursor.skip(text, ":") {
            guard let second = cursor.number(text, 2), let fraction = cursor.fraction(text) else {
                return nil
            }
            (civil.second, civil.microsecond) = (second, fraction)
        }
        guard cursor.index < text.count else { return instant(civil, offsetMinutes) }
        guard let offset = cursor.zone(text), cursor.index == text.count else { return nil }
        return instant(civil, offset)
    }

    private func patternInstant(_ text: Span<UInt8>, _ items: [PatternItem]) -> Instant? {
        var cursor = FigureCursor()
        var civil = CivilTime(year: 0, month: 1, day: 1)
        for item in items {
            if case .literal(let byte) = item {
                guard cursor.index < text.count, text[cursor.index] == byte else { return nil }
                cursor.index += 1
                continue
            }
            guard let number = cursor.number(text, item == .year4 ? 4 : 2) else { return nil }
            switch item {
            case .year4: civil.year = number
            // Continuous measurement of greenhouse gases began in 1957.
            case .year2: civil.year = number < 57 ? 2000 + number : 1900 + number
            case .month: civil.month = number
            case .day: civil.day = number
            case .hour: civil.hour = number
            case .minute: civil.minute = number
            case .second:
                guard let fraction = cursor.fraction(text) else { return nil }
                (civil.second, civil.microsecond) = (number, fraction)
            case .literal: break
            }
        }
        guard cursor.index == text.count else { return nil }
        return instant(civil, offsetMinutes)
    }

    private func instant(_ civil: CivilTime, _ offsetMinutes: Int?) -> Instant? {
        guard let offsetMinutes, civil.isValid else { return nil }
        return Instant(microseconds: Instant(civil).microseconds - Int64(offsetMinutes) * 60_000_000)
    }
}

/// Reads figures of fixed width.
private struct FigureCursor {
    var index = 0

    mutating func number(_ text: Span<UInt8>, _ width: Int) -> Int? {
        guard index + width <= text.count else { return nil }
        var value = 0
        for place in index..<(index + width) {
            let digit = text[place] &- UInt8(ascii: "0")
            guard digit <= 9 else { return nil }
            value = value * 10 + Int(digit)
        }
        index += width
        return value
    }

    mutating func skip(_ text: Span<UInt8>, _ character: Unicode.Scalar) -> Bool {
        guard index < text.count, text[index] == UInt8(ascii: character) else { return false }
        index += 1
        return true
    }

    /// Microseconds of an optional fraction, further digits dropped; nil when a point has no digit after it.
    mutating func fraction(_ text: Span<UInt8>) -> Int? {
        guard skip(text, ".") || skip(text, ",") else { return 0 }
        let first = index
        var value = 0
        while index < text.count, case let digit = text[index] &- UInt8(ascii: "0"), digit <= 9 {
            if index - first < 6 { value = value * 10 + Int(digit) }
            index += 1
        }
        guard index > first else { return nil }
        for _ in min(index - first, 6)..<6 { value *= 10 }
        return value
    }

    /// Minutes east of Greenwich.
    mutating func zone(_ text: Span<UInt8>) -> Int? {
        if skip(text, "Z") || skip(text, "z") { return 0 }
        let sign: Int
        if skip(text, "+") { sign = 1 } else if skip(text, "-") { sign = -1 } else { return nil }
        guard let hours = number(text, 2) else { return nil }
        _ = skip(text, ":")
        guard let minutes = number(text, 2), hours < 24, minutes < 60 else { return nil }
        return sign * (hours * 60 + minutes)
    }
}
