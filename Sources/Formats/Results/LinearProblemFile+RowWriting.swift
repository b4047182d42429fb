import Inversion
import LinearAlgebra
import NetCDF
import Quantities

/// The rows of a Jacobian that is written while it is made.
public struct JacobianRowSource {
    /// How the values are arranged.
    public enum Storage: String, Codable, CaseIterable, Sendable {
        /// `jacobian(observation, state)`, which every command of the inversion reads.
        case dense
        /// That of ``LargeProblemFile``.
        case sparse
    }

    let storage: Storage
    let row: @NetCDFThread (Int) throws -> (columns: [Int32], values: [Double])

    /// - Parameter row: that of an observation: ascending columns and their values. Each is asked for once, in order.
    public init(
        storage: Storage,
        row: @escaping @NetCDFThread (Int) throws -> (columns: [Int32], values: [Double])
    ) {
        self.storage = storage
        self.row = row
    }
}

extension LinearProblemFile {
    /// Elements that are written at a time.
    private static let blockElements = 1 << 20

    /// Writes a problem whose Jacobian comes row by row, so that it need not fit in memory.
    ///
    /// - Parameters:
    ///   - labels: the problem without its Jacobian (``LinearProblemInput/hasJacobian``).
    ///   - provenance: global attributes, in order.
    /// - Throws: ``NetCDFError``, for sparse rows without any element too, and what the source throws; the file at
    ///   `path` is then what it was before.
    @NetCDFThread
    public static func write(
        _ labels: LinearProblemInput,
        rows: JacobianRowSource,
        to path: String,
        provenance: [(String, String)] = []
    ) throws {
        var writer = try NetCDFWriter(replacing: path)
        let (count, states) = (labels.problem.observationCount, labels.problem.stateCount)
        try defineShape(labels, provenance, &writer)
        switch rows.storage {
        case .dense:
            let height = max(1, min(count, (1 << 17) / max(1, states)))
            try writer.defineVariable(
                "jacobian",
                .double,
                dimensions: ["observation", "state"],
                chunks: [height, min(states, 1 << 19)],
                attributes: unit(labels)
            )
        case .sparse:
            // Without a length that is known before: it grows with what is written.
            try writer.defineDimension("element", length: 0)
            try writer.defineVariable("jacobian_count", .int32, dimensions: ["observation"], attributes: [])
            for (name, type, attributes) in [
                ("jacobian", NetCDFType.double, unit(labels)), ("jacobian_state", .int32, []),
            ] {
                try writer.defineVariable(
                    name,
                    type,
                    dimensions: ["element"],
                    chunks: [1 << 16],
                    attributes: attributes
                )
            }
        }
        try fill(labels, &writer)
        switch rows.storage {
        case .dense: try writeDense(rows, count, states, &writer)
        case .sparse: try writeSparse(rows, count, &writer)
        }
        try writer.commit()
    }

    private static func unit(_ labels: LinearProblemInput) -> [(String, NetCDFAttribute)] {
        labels.unit.isEmpty ? [] : [("units", .text(labels.unit))]
    }

    @NetCDFThread
    private static func writeDense(
        _ rows: JacobianRowSource,
        _ count: Int,
        _ states: Int,
        _ writer: inout NetCDFWriter
    ) throws {
        // Whole chunks, each of which is packed once.
        let height = max(1, min(count, (1 << 17) / max(1, states)))
        let blockRows = height * max(1, blockElements / max(1, height * states))
        for start in stride(from: 0, to: count, by: blockRows) {
            let block = start..<min(start + blockRows, count)
            var values = [Double](repeating: 0, count: block.count * states)
            for index in block {
                let row = try rows.row(index)
                for (column, value) in zip(row.columns, row.values) {
                    values[(index - start) * states + Int(column)] = value
                }
            }
            try writer.write(values, to: "jacobian", start: [start, 0], shape: [block.count, states])
        }
    }

    @NetCDFThread
    private static func writeSparse(
        _ rows: JacobianRowSource,
        _ count: Int,
        _ writer: inout NetCDFWriter
    ) throws {
        var counts: [Double] = []
        var (columns, values) = ([Double](), [Double]())
        var place = 0
        for index in 0..<count {
            let row = try rows.row(index)
            counts.append(Double(row.columns.count))
            columns += row.columns.map(Double.init)
            values += row.values
            let isLast = index == count - 1
            let whole = isLast ? values.count : values.count / blockElements * blockElements
            guard whole > 0 else { continue }
            for (name, all) in [("jacobian", values), ("jacobian_state", columns)] {
                try writer.write(Array(all.prefix(whole)), to: name, start: [place], shape: [whole])
            }
            columns.removeFirst(whole)
            values.removeFirst(whole)
            place += whole
        }
        guard place > 0 else {
            throw NetCDFError(.unexpected("no observation responds to any element"), path: writer.path)
        }
        try writer.write(counts, to: "jacobian_count")
    }
}
