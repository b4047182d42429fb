public import Quantities

/// How a payload writes the moment of an observation.
public enum PayloadTime: Equatable, Sendable {
    /// With a zone, or else in the declared one.
    case iso8601(offsetSeconds: Int?)
    /// Since 1970, in a unit of so many microseconds.
    case unix(unitMicroseconds: Int64)
    case pattern(TimePattern, offsetSeconds: Int?)
    /// The device does not say; it is the moment at which the message came.
    case receipt
}

extension PayloadTime {
    static let keys = ["path", "format", "offset_hours"]

    init(_ object: ConfigurationObject) throws(ConfigurationError) {
        let offset = object.has("offset_hours") ? try readOffsetSeconds(object) : nil
        let format = object.has("format") ? try object.text("format") : "iso8601"
        let known: [String: PayloadTime] = [
            "iso8601": .iso8601(offsetSeconds: offset), "unix-s": .unix(unitMicroseconds: 1_000_000),
            "unix-ms": .unix(unitMicroseconds: 1000), "unix-us": .unix(unitMicroseconds: 1),
            "receipt": .receipt,
        ]
        if let named = known[format] {
            self = named
            return
        }
        guard let pattern = TimePattern(format) else {
            let names = known.keys.sorted().joined(separator: ", ")
            throw object.error("format", "`\(format)` is neither one of \(names) nor a pattern like %Y-%m-%d")
        }
        guard pattern.hasZone || offset != nil else {
            throw object.error("offset_hours", "a time without zone needs the offset of its clock")
        }
        self = .pattern(pattern, offsetSeconds: offset)
    }
}

/// East of Greenwich.
func readOffsetSeconds(_ object: ConfigurationObject) throws(ConfigurationError) -> Int {
    let hours = try object.number("offset_hours")
    guard (-14...14).contains(hours), let seconds = Int(exactly: (hours * 3600).rounded()) else {
        throw object.error("offset_hours", "not an offset from UTC, hours")
    }
    return seconds
}

/// A written form of date and time, in the letters of `strftime`: `%Y %m %d %H %M %S`, `%y` (2000 to 2099), `%j` (day
/// of the year), `%f` (digits after the point), `%z` (`Z`, `+08:00`, `+0800`), `%%`. All but `%f` and `%z` have a fixed
/// number of digits; what else the pattern holds stands as it is.
public struct TimePattern: Equatable, Sendable {
    enum Part: Equatable {
        case literal(UInt8)
        case field(UInt8)
    }

    let parts: [Part]
    public let text: String

    /// Nil for letters that are not known, and for patterns that do not name a day and do so once.
    public init?(_ text: String) {
        var parts: [Part] = []
        var isLetter = false
        for byte in text.utf8 {
            switch (isLetter, byte) {
            case (true, UInt8(ascii: "%")): parts.append(.literal(byte))
            case (true, _):
                guard "YymdHMSjfz".utf8.contains(byte), !parts.contains(.field(byte)) else { return nil }
                parts.append(.field(byte))
            case (false, UInt8(ascii: "%")):
                isLetter = true
                continue
            case (false, _): parts.append(.literal(byte))
            }
            isLetter = false
        }
        self.parts = parts
        self.text = text
        guard !isLetter, namesOneDay else { return nil }
    }

    public var hasZone: Bool { has("z") }

    private func has(_ letter: Unicode.Scalar) -> Bool { parts.contains(.field(UInt8(ascii: letter))) }

    private var namesOneDay: Bool {
        has("Y") != has("y") && has("m") == has("d") && has("m") != has("j")
            && (has("H") || !has("M")) && (has("M") || !has("S")) && (has("S") || !has("f"))
    }

    /// Nil for what has not this form or is no moment.
    /// - Parameter offsetSeconds: of the clock, east of Greenwich; a zone in the text goes before it.
    public func read(_ text: String, offsetSeconds: Int?) -> Instant? {
        var reader = PatternReader(bytes: Array(text.utf8))
        for part in parts {
            switch part {
            case .literal(let byte): guard reader.skip(byte) else { return nil }
            case .field(let letter): guard reader.read(letter) else { return nil }
            }
        }
        guard reader.isAtEnd, let offset = reader.offsetSeconds ?? offsetSeconds else { return nil }
        return reader.local?.advanced(bySeconds: Double(-offset))
    }
}

/// Takes the fields of a time from a text.
private struct PatternReader {
    let bytes: [UInt8]
    private var index = 0
    private var civil = CivilTime(year: 0, month: 1, day: 1)
    private var dayOfYear: Int?
    private(set) var offsetSeconds: Int?

    init(bytes: [UInt8]) { self.bytes = bytes }

    var isAtEnd: Bool { index == bytes.count }

    /// Before any offset.
    var local: Instant? {
        guard civil.isValid else { return nil }
        guard let dayOfYear else { return Instant(civil) }
        let time = Instant(civil).advanced(bySeconds: Double(dayOfYear - 1) * 86_400)
        return time.civil.year == civil.year && dayOfYear > 0 ? time : nil
    }

    mutating func skip(_ byte: UInt8) -> Bool {
        guard index < bytes.count, bytes[index] == byte else { return false }
        index += 1
        return true
    }

    mutating func read(_ letter: UInt8) -> Bool {
        switch letter {
        case UInt8(ascii: "Y"): return set(\.civil.year, 4)
        case UInt8(ascii: "y"):
            guard set(\.civil.year, 2) else { return false }
            civil.year += 2000
            return true
        case UInt8(ascii: "m"): return set(\.civil.month, 2)
        case UInt8(ascii: "d"): return set(\.civil.day, 2)
        case UInt8(ascii: "H"): return set(\.civil.hour, 2)
        case UInt8(ascii: "M"): return set(\.civil.minute, 2)
        case UInt8(ascii: "S"): return set(\.civil.second, 2)
        case UInt8(ascii: "j"):
            dayOfYear = number(3)
            return dayOfYear != nil
        case UInt8(ascii: "f"): return readFraction()
        default: return readZone()
        }
    }

    private mutating func set(_ field: WritableKeyPath<Self, Int>, _ width: Int) -> Bool {
        guard let value = number(width) else { return false }
        self[keyPath: field] = value
        return true
    }

    private mutating func number(_ width: Int) -> Int? {
        guard index + width <= bytes.count else { return nil }
        var value = 0
        for byte in bytes[index..<index + width] {
            guard (48...57).contains(byte) else { return nil }
            value = value * 10 + Int(byte) - 48
        }
        index += width
        return value
    }

    /// Digits past the microsecond are dropped.
    private mutating func readFraction() -> Bool {
        let digits = bytes[index...].prefix { (48...57).contains($0) }
        guard !digits.isEmpty else { return false }
        let six = (digits.prefix(6) + [UInt8](repeating: 48, count: 6)).prefix(6)
        civil.microsecond = six.reduce(0) { $0 * 10 + Int($1) - 48 }
        index += digits.count
        return true
    }

    private mutating func readZone() -> Bool {
        if skip(UInt8(ascii: "Z")) {
            offsetSeconds = 0
            return true
        }
        let isWest = index < bytes.count && bytes[index] == UInt8(ascii: "-")
        guard isWest || index < bytes.count && bytes[index] == UInt8(ascii: "+") else { return false }
        index += 1
        guard let hours = number(2) else { return false }
        _ = skip(UInt8(ascii: ":"))
        guard let minutes = number(2), hours <= 14, minutes < 60 else { return false }
        offsetSeconds = (isWest ? -1 : 1) * (hours * 3600 + minutes * 60)
        return true
    }
}
