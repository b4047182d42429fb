import Quantities

/// Moments and identifiers written in digits.
enum IdentifierText {
    /// Seconds since 1970 of an ISO 8601 text, with a blank for the `T`, slashes in the date and without a zone too,
    /// which then is UTC; NaN where there is no text, infinite where it is no time.
    static func secondsSince1970(_ text: String) -> Double {
        let words = text.prefix { $0 != "\0" }.split(whereSeparator: \.isWhitespace).map(String.init)
        guard let first = words.first else { return .nan }
        guard words.count <= 3, words.joined().utf8.count <= 40 else { return .infinity }
        var moment = dashed(first)
        if words.count > 1 { moment += (isZone(words[1]) ? "" : "T") + words[1] }
        if words.count > 2 {
            guard isZone(words[2]) else { return .infinity }
            moment += words[2]
        }
        if moment.hasSuffix("UTC") { moment = String(moment.dropLast(3)) + "Z" }
        let instant =
            Instant(iso8601: moment) ?? Instant(iso8601: moment + "Z")
            ?? Instant(iso8601: moment + "T00:00:00Z")
        return instant?.secondsSince1970 ?? .infinity
    }

    private static func isZone(_ word: String) -> Bool {
        word == "Z" || word == "UTC" || word.hasPrefix("+") || word.hasPrefix("-")
    }

    /// `2020/01/31` as `2020-01-31`.
    private static func dashed(_ text: String) -> String {
        let bytes = Array(text.utf8)
        let slash = UInt8(ascii: "/")
        guard bytes.count >= 10, bytes[4] == slash, bytes[7] == slash else { return text }
        let dash = [UInt8(ascii: "-")]
        return String(decoding: bytes[..<4] + dash + bytes[5..<7] + dash + bytes[8...], as: UTF8.self)
    }

    /// Seconds since 1970 of an identifier that begins with `YYYYMMDDhhmmss`; a fifteenth digit is a tenth of a second
    /// (OCO). NaN for others.
    static func secondsSince1970(identifier: UInt64) -> Double {
        var digits = identifier
        var tenths = 0
        switch identifier {
        case 10_000_000_000_000..<100_000_000_000_000: break
        case 1_000_000_000_000_000..<10_000_000_000_000_000:
            tenths = Int(digits / 10 % 10)
            digits /= 100
        default: return .nan
        }
        let civil = CivilTime(
            year: Int(digits / 10_000_000_000),
            month: Int(digits / 100_000_000 % 100),
            day: Int(digits / 1_000_000 % 100),
            hour: Int(digits / 10_000 % 100),
            minute: Int(digits / 100 % 100),
            second: Int(digits % 100),
            microsecond: tenths * 100_000
        )
        return civil.isValid ? Instant(civil).secondsSince1970 : .nan
    }

    /// The digits of an identifier, or a hash of its characters where they are too many or none.
    static func number(_ text: String) -> UInt64 {
        let digits = text.filter { $0.isASCII && $0.isNumber }
        if !digits.isEmpty, let number = UInt64(digits) { return number }
        return hash(text.utf8.map(UInt64.init))
    }

    /// FNV-1a (Fowler, Noll, Vo), never 0, which stands for no identifier.
    static func hash(_ words: [UInt64]) -> UInt64 {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for word in words {
            for shift in stride(from: UInt64(0), to: 64, by: 8) {
                hash = (hash ^ (word >> shift & 0xff)) &* 0x100_0000_01b3
            }
        }
        return max(hash, 1)
    }
}

/// The times of identifiers one after the other: those of one minute share the work. Whole seconds.
struct IdentifierClock {
    /// `YYYYMMDDhhmm` of the last identifier and where it lies, seconds since 1970; NaN for what is no time.
    private var minute: UInt64 = 0
    private var start = Double.nan

    mutating func secondsSince1970(_ identifier: UInt64) -> Double {
        // OCO adds a tenth of a second and the footprint.
        let digits = identifier >= 1_000_000_000_000_000 ? identifier / 100 : identifier
        let (minute, second) = digits.quotientAndRemainder(dividingBy: 100)
        if minute != self.minute {
            self.minute = minute
            start = IdentifierText.secondsSince1970(identifier: minute &* 100)
        }
        return second < 60 ? start + Double(second) : .nan
    }
}
