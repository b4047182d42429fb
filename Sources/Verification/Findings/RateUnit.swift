/// A mass, or a mass in a time, as tables spell it: `t`, `kt/yr`, `kg/h`, `Mt yr-1`, `万吨/年`.
struct RateUnit: Equatable {
    /// Kilograms, or kilograms per second.
    let factor: Double
    let isRate: Bool

    private static let kilograms = [
        "g": 1e-3, "kg": 1, "t": 1e3, "Mg": 1e3, "tonne": 1e3, "tonnes": 1e3, "kt": 1e6, "Gg": 1e6, "Mt": 1e9,
        "Tg": 1e9, "Gt": 1e12, "Pg": 1e12, "千克": 1, "公斤": 1, "吨": 1e3, "千吨": 1e6, "万吨": 1e7, "百万吨": 1e9,
        "亿吨": 1e11,
    ]
    private static let julianYear = 31_557_600.0
    private static let seconds = [
        "s": 1.0, "min": 60, "h": 3600, "hr": 3600, "hour": 3600, "d": 86_400, "day": 86_400,
        "yr": julianYear, "year": julianYear,
        "a": julianYear, "秒": 1, "时": 3600, "小时": 3600, "天": 86_400, "日": 86_400,
        "年": julianYear,
    ]

    /// Nil for what is not known, which is then compared letter by letter; `mt` may be a tonne or a million of them.
    init?(spelling: String) {
        let plain = spelling.replacing("⁻¹", with: "-1")
        let parts =
            plain.hasSuffix("-1")
            ? plain.dropLast(2).split(separator: " ")
            : plain.split(separator: "/", omittingEmptySubsequences: false).map { $0.trimmed }
        guard let mass = parts.first, let kilograms = Self.kilograms[String(mass)] else { return nil }
        switch parts.count {
        case 1 where !plain.hasSuffix("-1"): (factor, isRate) = (kilograms, false)
        case 2:
            guard let seconds = Self.seconds[String(parts[1])] else { return nil }
            (factor, isRate) = (kilograms / seconds, true)
        default: return nil
        }
    }

    /// What a number in `unit` is multiplied with to be in `other`; nil where the one does not convert to the other.
    static func conversion(from unit: String, to other: String) -> Double? {
        guard unit != other else { return 1 }
        guard let from = RateUnit(spelling: unit), let to = RateUnit(spelling: other),
            from.isRate == to.isRate
        else { return nil }
        return from.factor / to.factor
    }
}

extension Substring {
    fileprivate var trimmed: Substring {
        let start = drop { $0 == " " }
        return start.lastIndex { $0 != " " }.map { start[...$0] } ?? ""
    }
}
