import Concurrent
import NetCDF
import TestSupport
import Testing

/// What the library alone reads from a file: one entry for each numeric variable.
struct LibraryValues: Sendable {
    struct Variable: Sendable {
        let name: String
        let shape: [Int]
        let doubles: [Double]
        /// Nil for floating types and numbers that do not fit.
        let integers: [Int64]?
        let unsigned: [UInt64]?
    }

    let variables: [Variable]

    /// Every `parts`-th variable from `part` on.
    @NetCDFThread
    init(_ path: String, part: Int = 0, of parts: Int = 1) throws {
        let file = try NetCDFFile(reading: path)
        let names = try file.variablePaths().enumerated().filter { $0.offset % parts == part }.map(\.element)
        variables = try names.compactMap { name in
            guard let doubles = try? file.doubles(name) else { return nil }
            return Variable(
                name: name,
                shape: try file.shape(of: name),
                doubles: doubles,
                integers: try? file.integers(name),
                unsigned: try? file.unsignedIntegers(name)
            )
        }
    }
}

/// Whole and in random row ranges, ours equals the library bit for bit. Gives the number of variables that were
/// read without the library.
func compare(_ path: String, seed: UInt64 = 1, part: Int = 0, of parts: Int = 1) async throws -> Int {
    let expected = try await LibraryValues(path, part: part, of: parts)
    let file = try await ChunkedFile(path, variables: expected.variables.map(\.name))
    return try await onOwnThread(named: "compare") {
        var random = SeededGenerator(seed: seed)
        for variable in expected.variables {
            #expect(try file.shape(of: variable.name) == variable.shape)
            let rows = variable.shape.first ?? 1
            try compare(file, variable, 0..<rows)
            for _ in 0..<4 where rows > 0 {
                let ends = (
                    Int.random(in: 0...rows, using: &random), Int.random(in: 0...rows, using: &random)
                )
                try compare(file, variable, min(ends.0, ends.1)..<max(ends.0, ends.1))
            }
        }
        return expected.variables.count { file.isDirect($0.name) }
    }
}

private func compare(
    _ file: ChunkedFile,
    _ variable: LibraryValues.Variable,
    _ rows: Range<Int>
) throws {
    let width = variable.shape.dropFirst().reduce(1, *)
    let part = (rows.lowerBound * width)..<(rows.upperBound * width)
    let doubles = try file.doubles(variable.name, rows: rows).map(\.bitPattern)
    #expect(doubles == variable.doubles[part].map(\.bitPattern), "\(file.path) \(variable.name) \(rows)")
    // Rows alone, in pairs and in runs across the edges of chunks.
    for pattern: UInt64 in [0b1, 0b110_1110, 0b1111_0111_1111_1011, .max] {
        let places = (0..<rows.count).filter { pattern >> UInt64($0 % 16) & 1 == 1 }
        let wanted = places.flatMap {
            variable.doubles[part][((rows.lowerBound + $0) * width)...].prefix(width)
        }
        let selection = RowSelection(places, of: rows.count)
        let found = try file.doubles(variable.name, rows: rows, at: selection)
        let same = found.map(\.bitPattern) == wanted.map(\.bitPattern)
        #expect(same, "\(file.path) \(variable.name) \(rows) \(pattern)")
        guard let unsigned = variable.unsigned else { continue }
        let picked = places.flatMap { unsigned[part][((rows.lowerBound + $0) * width)...].prefix(width) }
        let numbers = try file.unsignedIntegers(variable.name, rows: rows, at: selection)
        #expect(numbers == picked, "\(file.path) \(variable.name) \(rows) \(pattern)")
    }
    if let integers = variable.integers {
        let same = try file.integers(variable.name, rows: rows) == Array(integers[part])
        #expect(same, "\(file.path) \(variable.name) \(rows)")
    }
    if let unsigned = variable.unsigned {
        let same = try file.unsignedIntegers(variable.name, rows: rows) == Array(unsigned[part])
        #expect(same, "\(file.path) \(variable.name) \(rows)")
    }
}
