/// A field of comma-separated values: quoted where it holds a comma, a quote or a line break (RFC 4180, section 2).
public func csvField(_ text: String) -> String {
    let needsQuotes = text.contains { $0 == "," || $0 == "\"" || $0.isNewline }
    return needsQuotes ? "\"" + text.replacing("\"", with: "\"\"") + "\"" : text
}
