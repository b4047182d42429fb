import Quantities

/// Moments and identifiers written in digits.
enum IdentifierText {
    /// Seconds since 1970 of an ISO 8601 text, with a blank for the `T` and without a zone too; NaN for others.
    static func secondsSince1970(_ text: String) -> Double {
        let trimmed = String(text.drop(while: \.isWhitespace).prefix { $0 != "\0" })
        let words = trimmed.split(separator: " ").prefix(2).joined(separator: "T")
        guard words.utf8.count <= 40 else { return .nan }
        let moment =
            Instant(iso8601: words) ?? Instant(iso8601: words + "Z") ?? Instant(iso8601: words + "T00:00:00Z")
        return moment?.secondsSince1970 ?? .nan
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
