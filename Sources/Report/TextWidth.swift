/// Widths of text that a browser will set in a font we do not know: wide enough for the widest common ones.
enum TextWidth {
    /// Pixels at a font size.
    static func of(_ text: String, size: Double) -> Double {
        text.unicodeScalars.reduce(0) { $0 + advance($1) } * size
    }

    private static func advance(_ scalar: Unicode.Scalar) -> Double {
        switch scalar.value {
        case 0x2E80...0x9FFF, 0xAC00...0xD7AF, 0xF900...0xFAFF, 0xFE30...0xFE4F, 0xFF00...0xFF60,
            0x20000...0x3FFFF:
            1.0
        case 0x20, 0x2E, 0x2C, 0x3A, 0x69, 0x6C, 0x202F: 0.34
        case 0x4D, 0x57, 0x6D, 0x77: 0.92
        case 0x41...0x5A: 0.7
        default: 0.61
        }
    }

    /// The text, cut with an ellipsis where it is too wide.
    static func fitted(_ text: String, width: Double, size: Double) -> String {
        guard of(text, size: size) > width else { return text }
        var short = text
        while !short.isEmpty, of(short + "…", size: size) > width { short.removeLast() }
        return short + "…"
    }
}
