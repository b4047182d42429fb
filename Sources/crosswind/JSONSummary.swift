import Foundation

/// Writes the one summary object of `--json`: keys sorted, numbers with all their digits.
enum JSONSummary {
    static func print(_ value: some Encodable) throws {
        let encoder = JSONEncoder()
        encoder.keyEncodingStrategy = .convertToSnakeCase
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        encoder.nonConformingFloatEncodingStrategy = .convertToString(
            positiveInfinity: "inf",
            negativeInfinity: "-inf",
            nan: "nan"
        )
        try Terminal.write(String(decoding: try encoder.encode(value), as: UTF8.self), to: .standardOutput)
    }
}
