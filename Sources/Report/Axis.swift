import Foundation
import Quantities

/// A linear map from values to pixels with ticks at round numbers.
struct Axis {
    let lower: Double
    let upper: Double
    let start: Double
    let end: Double

    /// The range is widened where it is empty. Nil where it is not finite.
    init?(_ lower: Double, _ upper: Double, start: Double, end: Double) {
        guard lower.isFinite, upper.isFinite, lower <= upper, upper - lower < .infinity else { return nil }
        let margin = lower == upper ? max(abs(lower) * 0.1, 1e-300) : 0
        self.lower = lower - margin
        self.upper = upper + margin
        self.start = start
        self.end = end
    }

    func callAsFunction(_ value: Double) -> Double {
        start + (value - lower) / (upper - lower) * (end - start)
    }

    func contains(_ value: Double) -> Bool { value >= lower && value <= upper }

    func clamped(_ value: Double) -> Double { min(upper, max(lower, value)) }

    var ticks: [Double] { Self.ticks(lower, upper, about: 6) }

    /// Multiples of 1, 2 or 5 times a power of ten within a range.
    static func ticks(_ lower: Double, _ upper: Double, about count: Int) -> [Double] {
        let step = roundStep((upper - lower) / Double(max(1, count)))
        guard step > 0, step.isFinite, lower.isFinite, upper / step < 1e15, lower / step > -1e15 else {
            return []
        }
        let first = (lower / step - 1e-9).rounded(.up)
        let last = (upper / step + 1e-9).rounded(.down)
        guard first <= last, last - first < 200, let number = Int(exactly: last - first) else { return [] }
        return (0...number).map { (first + Double($0)) * step }
    }

    /// The smallest of 1, 2, 5, 10 times a power of ten that is not below a length.
    static func roundStep(_ length: Double) -> Double {
        guard length > 0, length.isFinite else { return 0 }
        let power = pow(10, log10(length).rounded(.down))
        return ([1, 2, 5].first { Double($0) * power >= length * (1 - 1e-9) }).map { Double($0) * power }
            ?? 10 * power
    }

    private static func decimalExponent(_ value: Double) -> Int {
        Int((log10(value) + 1e-9).rounded(.down))
    }

    /// Labels with as many decimals as the step needs.
    static func labels(_ ticks: [Double]) -> [String] {
        guard ticks.count > 1 else { return ticks.map { NumberText.significant($0) ?? "" } }
        // South of the equator and west of Greenwich the names descend.
        let step = abs(ticks[1] - ticks[0])
        let largest = ticks.map(abs).max() ?? 0
        if step > 0, step < 1e-4 || largest >= 1e7 {
            let digits = decimalExponent(max(largest, step)) - decimalExponent(step) + 1
            return ticks.map {
                NumberText.scientific(abs($0) < step / 2 ? 0 : $0, digits: min(12, digits)) ?? ""
            }
        }
        let decimals = step > 0 ? max(0, -decimalExponent(step)) : 0
        return ticks.map { NumberText.fixed($0, decimals: decimals) ?? "" }
    }
}

/// Moments to label a time axis at.
enum TimeAxis {
    private static let steps: [Double] = [
        60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200, 86_400, 172_800, 432_000, 864_000,
    ]

    /// About `count` ticks: round hours or days up to a few weeks, then months or years.
    static func ticks(_ first: Instant, _ last: Instant, about count: Int) -> [(time: Instant, label: String)]
    {
        let span = last.seconds(since: first)
        guard span > 0, count > 0 else { return [(first, TimeText.minute(first))] }
        let wanted = span / Double(count)
        guard let step = steps.first(where: { $0 >= wanted }) else {
            return monthTicks(first, last, about: count)
        }
        let begin = (first.secondsSince1970 / step).rounded(.up)
        let end = (last.secondsSince1970 / step).rounded(.down)
        guard begin <= end else { return [] }
        return stride(from: begin, through: end, by: 1).compactMap { multiple in
            guard let time = Instant(secondsSince1970: multiple * step) else { return nil }
            return (time, label(time, step: step))
        }
    }

    private static func label(_ time: Instant, step: Double) -> String {
        let fields = time.civil
        let day = "\(TimeText.two(fields.month))-\(TimeText.two(fields.day))"
        guard step < 86_400 else { return day }
        return fields.hour == 0 && fields.minute == 0 ? day : TimeText.clock(time)
    }

    private static func monthTicks(
        _ first: Instant,
        _ last: Instant,
        about count: Int
    ) -> [(time: Instant, label: String)] {
        let start = first.civil
        let end = last.civil
        let months = (end.year - start.year) * 12 + end.month - start.month
        let step = [1, 2, 3, 6, 12, 24, 60, 120].first { months / $0 <= count } ?? max(1, months / count)
        let origin = start.year * 12 + start.month - 1
        return stride(from: (origin + step - 1) / step * step, through: origin + months, by: step)
            .compactMap { month in
                let civil = CivilTime(year: month / 12, month: month % 12 + 1, day: 1)
                guard civil.isValid, Instant(civil) >= first else { return nil }
                return (
                    Instant(civil),
                    step >= 12 ? "\(civil.year)" : "\(civil.year)-\(TimeText.two(civil.month))"
                )
            }
    }
}
