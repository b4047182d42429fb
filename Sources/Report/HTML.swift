/// Markup that may be written to a page as it stands.
///
/// Literals are taken raw, text interpolated into them is escaped: a region named `<script>` stays a name.
struct HTML: ExpressibleByStringInterpolation, Sendable {
    private(set) var markup: String

    init(stringLiteral value: String) { markup = value }
    init(stringInterpolation interpolation: Interpolation) { markup = interpolation.markup }

    /// Text with the five special characters as entities and without characters that HTML forbids.
    init(escaping text: String) {
        markup = ""
        markup.reserveCapacity(text.utf8.count)
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": markup += "&amp;"
            case "<": markup += "&lt;"
            case ">": markup += "&gt;"
            case "\"": markup += "&quot;"
            case "'": markup += "&#39;"
            case "\n", "\t", "\r": markup.unicodeScalars.append(scalar)
            case _ where scalar.value < 32 || (127..<160).contains(scalar.value):
                markup.unicodeScalars.append("\u{FFFD}")
            default: markup.unicodeScalars.append(scalar)
            }
        }
    }

    static func + (page: HTML, more: HTML) -> HTML { "\(page)\(more)" }
    static func += (page: inout HTML, more: HTML) { page.markup += more.markup }

    var isEmpty: Bool { markup.isEmpty }

    struct Interpolation: StringInterpolationProtocol {
        fileprivate var markup = ""

        init(literalCapacity: Int, interpolationCount: Int) { markup.reserveCapacity(literalCapacity) }

        mutating func appendLiteral(_ literal: String) { markup += literal }
        mutating func appendInterpolation(_ text: String) { markup += HTML(escaping: text).markup }
        mutating func appendInterpolation(_ html: HTML) { markup += html.markup }
        mutating func appendInterpolation(_ list: [HTML]) { for html in list { markup += html.markup } }
        mutating func appendInterpolation(_ number: Int) { markup += String(number) }

        /// A coordinate of a drawing, to a tenth of a pixel; zero where it is not finite.
        mutating func appendInterpolation(_ coordinate: Double) { markup += pixels(coordinate) }
    }
}

extension Sequence<HTML> {
    func joined(_ separator: HTML = "") -> HTML {
        var page: HTML = ""
        for (index, part) in enumerated() {
            if index > 0 { page += separator }
            page += part
        }
        return page
    }
}

/// A drawing coordinate rounded to tenths: `12`, `-0.5`, `3.1`.
func pixels(_ value: Double) -> String {
    guard let tenths = Int(exactly: (value * 10).rounded()) else { return "0" }
    let sign = tenths < 0 ? "-" : ""
    let magnitude = tenths.magnitude
    let fraction = magnitude % 10
    return fraction == 0 ? "\(sign)\(magnitude / 10)" : "\(sign)\(magnitude / 10).\(fraction)"
}
