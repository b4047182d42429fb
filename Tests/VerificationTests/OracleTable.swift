import Foundation
import TestSupport

/// A comma-separated table of numbers and names without quotes.
struct OracleTable {
    let rows: [[String: String]]

    init(_ path: String) throws {
        guard let url = Places.shared(path) else {
            rows = []
            return
        }
        let text = try String(contentsOf: url, encoding: .utf8)
        let lines = text.split(whereSeparator: \.isNewline).map {
            $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        }
        rows = lines.dropFirst().map { Dictionary(uniqueKeysWithValues: zip(lines[0], $0)) }
    }

    func numbers(_ column: String) -> [Double] { rows.map { Double($0[column] ?? "") ?? .nan } }
}

func near(_ a: Double, _ b: Double, _ tolerance: Double = 1e-9) -> Bool {
    abs(a - b) <= tolerance * max(1, abs(b))
}
