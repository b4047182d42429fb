import Formats
import Quantities

/// How large a dense Jacobian may be that `crosswind invert --problem` keeps in memory.
struct MemoryBound {
    static let standardGibibytes = 1.0
    private static let gibibyte = 1_073_741_824.0

    let gibibytes: Double

    /// - Throws: ``UsageError``.
    init(_ options: Options) throws(UsageError) {
        guard let text = options.text("memory") else {
            gibibytes = Self.standardGibibytes
            return
        }
        guard let value = Double(text), value.isFinite, value >= 0 else {
            throw .badValue("memory", text, expected: "a number of GiB, 0 or more", verb: options.verb)
        }
        gibibytes = value
    }

    /// The size in GiB of a Jacobian that is to stay in its file; nil for one that may be in memory.
    func sizeBeyond(_ path: String) async throws -> Double? {
        guard let bytes = try await LinearProblemFile.jacobianBytes(path) else { return nil }
        let size = bytes / Self.gibibyte
        return size > gibibytes ? size : nil
    }

    /// A bound under which a Jacobian of some GiB is in memory, in few digits.
    static func text(above gibibytes: Double) -> String {
        AlignedTable.fixed((gibibytes * 10).rounded(.down) / 10 + 0.1, 1)
    }
}

/// What is asked of a problem whose Jacobian stays in its file, and needs all of it.
struct JacobianByRowsRefusal: Fault, Equatable {
    /// What was asked for, such as `--sensitivity`.
    let asked: String
    let gibibytes: Double

    var exitStatus: ExitStatus { .usage }
    var what: String {
        "needs the jacobian in memory, which takes \(AlignedTable.fixed(gibibytes, 2)) GiB and is read by rows"
    }
    var place: String { "crosswind invert \(asked)" }
    var remedy: String {
        "allow it with --memory \(MemoryBound.text(above: gibibytes)), or leave it out (see "
            + "`crosswind invert --help`)"
    }
}
