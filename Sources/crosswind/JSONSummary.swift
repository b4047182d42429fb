import Foundation

/// Writes the one summary object of `--json`: keys sorted, numbers with all their digits.
enum JSONSummary {
    static func print(_ value: some Encodable) throws {
        try Terminal.write(text(value), to: .standardOutput)
    }

    static func text(_ value: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.keyEncodingStrategy = .convertToSnakeCase
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        encoder.nonConformingFloatEncodingStrategy = .convertToString(
            positiveInfinity: "inf",
            negativeInfinity: "-inf",
            nan: "nan"
        )
        return String(decoding: try encoder.encode(value), as: UTF8.self)
    }
}
