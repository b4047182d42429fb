extension Instant: CustomStringConvertible, Codable {
    /// Parses `YYYY-MM-DDThh:mm:ss[.ffffff](Z|±hh:mm)`. A zone is mandatory: a local time without one
    /// is not a moment. Digits past the microsecond are dropped.
    public init?(iso8601 text: some StringProtocol) {
        var reader = DigitReader(text)
        guard let year = reader.number(4), reader.skip("-"), let month = reader.number(2), reader.skip("-"),
            let day = reader.number(2), reader.skip("T") || reader.skip(" "),
            let hour = reader.number(2), reader.skip(":"), let minute = reader.number(2), reader.skip(":"),
            let second = reader.number(2), let microsecond = reader.fraction(),
            let offsetMinutes = reader.zone(), reader.isAtEnd
        else { return nil }
        let civil = CivilTime(
            year: year,
            month: month,
            day: day,
            hour: hour,
            minute: minute,
            second: second,
            microsecond: microsecond
        )
        guard civil.isValid else { return nil }
        let local = Instant(civil)
        self.init(microseconds: local.microseconds - Int64(offsetMinutes) * 60_000_000)
    }

    /// `2018-10-24T07:52:36.280Z`; the fraction has 0, 3 or 6 digits, as many as needed.
    public var description: String {
        let fields = civil
        let date = "\(padded(fields.year, 4))-\(padded(fields.month, 2))-\(padded(fields.day, 2))"
        let time = "\(padded(fields.hour, 2)):\(padded(fields.minute, 2)):\(padded(fields.second, 2))"
        return "\(date)T\(time)\(fraction(fields.microsecond))Z"
    }

    public init(from decoder: any Decoder) throws {
        let text = try decoder.singleValueContainer().decode(String.self)
        guard let value = Instant(iso8601: text) else {
            throw DecodingError.dataCorrupted(
                .init(
                    codingPath: decoder.codingPath,
                    debugDescription: "not an ISO 8601 time with zone: \(text)"
                )
            )
        }
        self = value
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}

private func padded(_ value: Int, _ width: Int) -> String {
    let digits = String(value)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
}

private func fraction(_ microsecond: Int) -> String {
    if microsecond == 0 { return "" }
    if microsecond % 1000 == 0 { return "." + padded(microsecond / 1000, 3) }
    return "." + padded(microsecond, 6)
}

/// Cursor over ASCII digits and separators.
private struct DigitReader {
    private let bytes: [UInt8]
    private var index = 0

    init(_ text: some StringProtocol) { bytes = Array(text.utf8) }

    var isAtEnd: Bool { index == bytes.count }

    mutating func number(_ width: Int) -> Int? {
        guard index + width <= bytes.count else { return nil }
        var value = 0
        for offset in 0..<width {
            let digit = Int(bytes[index + offset]) - 48
            guard (0...9).contains(digit) else { return nil }
            value = value * 10 + digit
        }
        index += width
        return value
    }

    mutating func skip(_ character: Character) -> Bool {
        guard index < bytes.count, bytes[index] == character.asciiValue else { return false }
        index += 1
        return true
    }

    /// Microseconds of an optional fraction; nil when a point has no digit after it.
    mutating func fraction() -> Int? {
        guard skip(".") || skip(",") else { return 0 }
        var value = 0
        var digits = 0
        while index < bytes.count, (48...57).contains(bytes[index]) {
            if digits < 6 { value = value * 10 + Int(bytes[index]) - 48 }
            digits += 1
            index += 1
        }
        guard digits > 0 else { return nil }
        while digits < 6 {
            value *= 10
            digits += 1
        }
        return value
    }

    /// Offset from UTC in minutes, east positive.
    mutating func zone() -> Int? {
        if skip("Z") || skip("z") { return 0 }
        let sign: Int
        if skip("+") { sign = 1 } else if skip("-") { sign = -1 } else { return nil }
        guard let hours = number(2) else { return nil }
        _ = skip(":")
        guard let minutes = number(2), hours < 24, minutes < 60 else { return nil }
        return sign * (hours * 60 + minutes)
    }
}
