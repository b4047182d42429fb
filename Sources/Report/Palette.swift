import Foundation

/// Colours that keep their order for every reader and in grey print.
///
/// Sequential colours run through OKLab (B. Ottosson 2020, "A perceptual color space for image processing")
/// with lightness falling in equal steps from pale yellow over green-blue to dark indigo.
enum Palette {
    static let inventory = "#7a8691"
    static let prior = "#d98a00"
    static let posterior = "#0a62a6"
    static let truth = "#b3123f"
    static let neutral = "#e3e7ea"
    /// Of estimates from the air among the databases, and of none of them.
    static let topDown = "#16232e"
    /// Told apart by readers with any colour vision (after Okabe and Ito 2008, darkened for text on white).
    static let categories = ["#0a62a6", "#c8570a", "#00795c", "#7d4fa8", "#8a6d00"]

    /// Colours of a scale; more would not be told apart and would cut the runs of equal colour short.
    static let classCount = 32

    /// Class 0 is the palest.
    static let sequential: [String] = (0..<classCount).map { index in
        hex(sequentialColour(Double(index) / Double(classCount - 1)))
    }

    /// Lightness, chroma and hue of the scale at 0...1.
    static func sequentialColour(_ share: Double) -> (red: Double, green: Double, blue: Double) {
        let lightness = 0.975 - 0.675 * share
        let hue = (105 + 175 * pow(share, 0.9)) * Double.pi / 180
        let chroma = 0.015 + 0.12 * sin(Double.pi * (0.06 + 0.76 * share))
        return rgb(lightness: lightness, a: chroma * cos(hue), b: chroma * sin(hue))
    }

    /// Blue below zero, orange above, white at zero; -1...1, grey where not finite.
    static func diverging(_ value: Double) -> String {
        guard value.isFinite else { return neutral }
        let strength = min(1, abs(value))
        let hue = (value < 0 ? 250.0 : 45.0) * Double.pi / 180
        let chroma = 0.13 * strength
        return hex(rgb(lightness: 1 - 0.48 * strength, a: chroma * cos(hue), b: chroma * sin(hue)))
    }

    /// Classes of ``diverging(_:)`` from -1 to 1.
    static let divergingClasses: [String] = (0..<classCount).map { index in
        diverging(2 * (Double(index) + 0.5) / Double(classCount) - 1)
    }

    /// OKLab to gamma-encoded sRGB, clipped to the gamut.
    private static func rgb(
        lightness: Double,
        a: Double,
        b: Double
    ) -> (red: Double, green: Double, blue: Double) {
        let long = cube(lightness + 0.3963377774 * a + 0.2158037573 * b)
        let medium = cube(lightness - 0.1055613458 * a - 0.0638541728 * b)
        let short = cube(lightness - 0.0894841775 * a - 1.2914855480 * b)
        return (
            encoded(4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short),
            encoded(-1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short),
            encoded(-0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short)
        )
    }

    private static func cube(_ value: Double) -> Double { value * value * value }

    private static func encoded(_ linear: Double) -> Double {
        let value = min(1, max(0, linear))
        return value <= 0.0031308 ? 12.92 * value : 1.055 * pow(value, 1 / 2.4) - 0.055
    }

    static func hex(_ colour: (red: Double, green: Double, blue: Double)) -> String {
        let digits = Array("0123456789abcdef")
        let channels = [colour.red, colour.green, colour.blue].flatMap { channel -> [Character] in
            let byte = Int((channel * 255).rounded())
            return [digits[byte / 16], digits[byte % 16]]
        }
        return "#" + String(channels)
    }
}

/// Values to colour classes, linear or logarithmic, clipped at quantiles so that one odd cell does not take
/// the whole scale.
struct ColourScale {
    let lower: Double
    let upper: Double
    let isLogarithmic: Bool
    /// Whether values lie beyond the ends.
    let isOpenBelow: Bool
    let isOpenAbove: Bool

    /// Nil where no value can be drawn (a logarithmic scale draws positive ones only).
    init?(values: some Sequence<Double>, isLogarithmic: Bool) {
        let drawn = values.filter { $0.isFinite && (!isLogarithmic || $0 > 0) }.sorted()
        guard let first = drawn.first, let last = drawn.last else { return nil }
        func quantile(_ share: Double) -> Double {
            drawn[min(drawn.count - 1, Int(share * Double(drawn.count - 1)))]
        }
        var (low, high) = isLogarithmic ? (quantile(0.02), quantile(0.998)) : (quantile(0.01), quantile(0.99))
        if isLogarithmic { low = max(low, high * 1e-4) }
        if !(low < high) { (low, high) = (first, last) }
        if !(low < high) { (low, high) = isLogarithmic ? (low / 2, low * 2) : (low - 0.5, low + 0.5) }
        guard low < high, high - low < .infinity else { return nil }
        self.lower = low
        self.upper = high
        isOpenBelow = first < low
        isOpenAbove = last > high
        self.isLogarithmic = isLogarithmic
    }

    /// Position on the scale, 0...1; nil for what is not drawn.
    func share(_ value: Double) -> Double? {
        guard value.isFinite, !isLogarithmic || value > 0 else { return nil }
        let share =
            isLogarithmic
            ? log(value / lower) / log(upper / lower) : (value - lower) / (upper - lower)
        return min(1, max(0, share))
    }

    func colourClass(_ value: Double) -> Int? {
        share(value).map { min(Palette.classCount - 1, Int($0 * Double(Palette.classCount))) }
    }

    /// Values to label the scale at.
    var ticks: [Double] {
        guard isLogarithmic else { return Axis.ticks(lower, upper, about: 5) }
        let decades =
            (Int(
                log10(lower).rounded(.up)
            )...max(
                Int(log10(lower).rounded(.up)),
                Int(log10(upper).rounded(.down))
            )).map { pow(10, Double($0)) }.filter { $0 >= lower * 0.999 && $0 <= upper * 1.001 }
        guard decades.count >= 2 else { return [lower, (lower * upper).squareRoot(), upper] }
        let stride = (decades.count + 5) / 6
        return decades.enumerated().filter { $0.offset % stride == 0 }.map(\.element)
    }
}
