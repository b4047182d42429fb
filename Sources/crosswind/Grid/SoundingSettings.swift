import Formats
import Foundation
import Quantities

/// The options that say how soundings are read.
enum SoundingSettings {
    static func options(_ options: Options) throws -> SoundingOptions {
        var reading = SoundingOptions(scale: try scale(options))
        for text in options.texts("limit") {
            let (name, range) = try limit(text, options.verb)
            guard let earlier = reading.thresholds[name] else {
                reading.thresholds[name] = range
                continue
            }
            let (low, high) = (
                max(earlier.lowerBound, range.lowerBound), min(earlier.upperBound, range.upperBound)
            )
            guard low <= high else {
                let expected = "to be met beside the other limit of \(name): no value is within both"
                throw UsageError.badValue("limit", text, expected: expected, verb: options.verb)
            }
            reading.thresholds[name] = low...high
        }
        if let assumed = try options.number("assume-uncertainty") {
            guard assumed > 0, assumed <= 1e3 else {
                throw UsageError.badValue(
                    "assume-uncertainty",
                    "\(assumed)",
                    expected: "above 0 and at most 1000 ppm",
                    verb: options.verb
                )
            }
            reading.assumedUncertainty = assumed
        }
        return reading
    }

    private static func scale(_ options: Options) throws -> CalibrationScale? {
        switch options.text("scale")?.lowercased() {
        case nil: return nil
        case "x2007": return .co2X2007
        case "x2019": return .co2X2019
        case let text:
            throw UsageError.badValue("scale", text ?? "", expected: "x2007 or x2019", verb: options.verb)
        }
    }

    /// `NAME=LOW..HIGH`; either end may be left out.
    private static func limit(_ text: String, _ verb: String) throws -> (String, ClosedRange<Double>) {
        let parts = text.split(separator: "=", maxSplits: 1).map(String.init)
        let ends = (parts.last ?? "").components(separatedBy: "..")
        let low = ends.first.map { $0.isEmpty ? -Double.infinity : Double($0) ?? .nan } ?? .nan
        let high = ends.last.map { $0.isEmpty ? Double.infinity : Double($0) ?? .nan } ?? .nan
        guard parts.count == 2, ends.count == 2, low <= high else {
            throw UsageError.badValue("limit", text, expected: "NAME=LOW..HIGH with LOW <= HIGH", verb: verb)
        }
        return (parts[0], low...high)
    }
}
