extension Instant {
    /// Parses text in UTF-8 as ``init(iso8601:)-text`` does, without a copy for the form that devices send:
    /// `YYYY-MM-DDThh:mm:ss[.f]Z`.
    public init?(iso8601 bytes: RawSpan) {
        if let time = plainUTC(bytes) {
            self = time
        } else {
            // Longer ones are none; a device may send megabytes.
            guard bytes.byteCount <= 64 else { return nil }
            self.init(iso8601: bytes.withUnsafeBytes { String(decoding: $0, as: UTF8.self) })
        }
    }
}

/// Nil for every other form, also for those that mean a moment.
private func plainUTC(_ bytes: RawSpan) -> Instant? {
    let count = bytes.byteCount
    guard (20...64).contains(count), byte(bytes, 4) == 0x2D, byte(bytes, 7) == 0x2D, byte(bytes, 10) == 0x54,
        byte(bytes, 13) == 0x3A, byte(bytes, 16) == 0x3A, byte(bytes, count - 1) == 0x5A,
        let century = pair(bytes, 0), let year = pair(bytes, 2), let month = pair(bytes, 5),
        let day = pair(bytes, 8), let hour = pair(bytes, 11), let minute = pair(bytes, 14),
        let second = pair(bytes, 17), let microsecond = fraction(bytes, from: 19, to: count - 1)
    else { return nil }
    let civil = CivilTime(
        year: century * 100 + year,
        month: month,
        day: day,
        hour: hour,
        minute: minute,
        second: second,
        microsecond: microsecond
    )
    return civil.isValid ? Instant(civil) : nil
}

private func byte(_ bytes: RawSpan, _ index: Int) -> UInt8 {
    bytes.unsafeLoad(fromByteOffset: index, as: UInt8.self)
}

/// Two digits.
private func pair(_ bytes: RawSpan, _ index: Int) -> Int? {
    let tens = Int(byte(bytes, index)) - 48
    let ones = Int(byte(bytes, index + 1)) - 48
    return (0...9).contains(tens) && (0...9).contains(ones) ? tens * 10 + ones : nil
}

/// Microseconds of a point and digits, or of nothing. Digits past the microsecond are dropped.
private func fraction(_ bytes: RawSpan, from start: Int, to end: Int) -> Int? {
    guard start < end else { return 0 }
    guard byte(bytes, start) == 0x2E, start + 1 < end else { return nil }
    var value = 0
    for offset in 0..<max(6, end - start - 1) {
        guard start + 1 + offset < end else {
            value *= 10
            continue
        }
        let digit = Int(byte(bytes, start + 1 + offset)) - 48
        guard (0...9).contains(digit) else { return nil }
        if offset < 6 { value = value * 10 + digit }
    }
    return value
}
