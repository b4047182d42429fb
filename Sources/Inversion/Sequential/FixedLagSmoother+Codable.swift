import Foundation
import LinearAlgebra

/// Numbers to the bit, eight bytes each with the least significant first: a decimal text would be larger, and would
/// depend on who writes it.
private struct PackedDoubles: Codable {
    let values: [Double]

    init(_ values: [Double]) { self.values = values }

    init(from decoder: any Decoder) throws {
        let data = try decoder.singleValueContainer().decode(Data.self)
        guard data.count % 8 == 0 else { throw SequentialError.damaged("list of numbers") }
        let bytes = [UInt8](data)
        values = stride(from: 0, to: bytes.count, by: 8).map { start in
            var bits: UInt64 = 0
            for offset in (0..<8).reversed() { bits = bits << 8 | UInt64(bytes[start + offset]) }
            return Double(bitPattern: bits)
        }
    }

    func encode(to encoder: any Encoder) throws {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(values.count * 8)
        for value in values {
            for shift in stride(from: 0, to: 64, by: 8) {
                bytes.append(UInt8(truncatingIfNeeded: value.bitPattern >> UInt64(shift)))
            }
        }
        var container = encoder.singleValueContainer()
        try container.encode(Data(bytes))
    }
}

private struct PackedMatrix: Codable {
    let rows: Int
    let columns: Int
    let values: PackedDoubles

    init(_ matrix: Matrix) {
        rows = matrix.rows
        columns = matrix.columns
        values = PackedDoubles(matrix.storage)
    }

    func matrix() throws(SequentialError) -> Matrix {
        let (count, overflow) = rows.multipliedReportingOverflow(by: columns)
        guard rows >= 0, columns >= 0, !overflow, count == values.values.count else {
            throw .damaged("matrix")
        }
        return Matrix(rows: rows, columns: columns, storage: values.values)
    }
}

extension SequentialModel: Codable {
    private enum CodingKeys: String, CodingKey {
        case elementNames, priorSigma, priorCovariance, persistence, windowPeriods, totals, lowerBounds
    }

    /// - Throws: ``SequentialError`` when the parts do not fit each other.
    public init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        let error: ErrorModel
        if let sigma = try values.decodeIfPresent(PackedDoubles.self, forKey: .priorSigma) {
            error = .independent(sigma.values)
        } else {
            error = .covariance(try values.decode(PackedMatrix.self, forKey: .priorCovariance).matrix())
        }
        try self.init(
            elementNames: values.decode([String].self, forKey: .elementNames),
            priorError: error,
            persistence: values.decode(PackedDoubles.self, forKey: .persistence).values,
            windowPeriods: values.decode(Int.self, forKey: .windowPeriods),
            totals: values.decode([TotalOverTime].self, forKey: .totals),
            lowerBounds: values.decodeIfPresent([Double?].self, forKey: .lowerBounds)
        )
    }

    public func encode(to encoder: any Encoder) throws {
        var values = encoder.container(keyedBy: CodingKeys.self)
        switch priorError {
        case .independent(let sigma): try values.encode(PackedDoubles(sigma), forKey: .priorSigma)
        case .covariance(let matrix): try values.encode(PackedMatrix(matrix), forKey: .priorCovariance)
        }
        try values.encode(elementNames, forKey: .elementNames)
        try values.encode(PackedDoubles(persistence), forKey: .persistence)
        try values.encode(windowPeriods, forKey: .windowPeriods)
        try values.encode(totals, forKey: .totals)
        try values.encodeIfPresent(lowerBounds, forKey: .lowerBounds)
    }
}

/// All that is needed to go on tomorrow as if the program had never stopped.
extension FixedLagSmoother: Codable {
    private enum CodingKeys: String, CodingKey {
        case version, model, periods, mean, root, taken, observationCount, sums, refusedLate, heldAtBound
    }

    /// Of the layout; another one is refused.
    private static let version = 1

    /// - Throws: ``SequentialError/damaged(_:)`` when the parts do not fit each other.
    public init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        guard try values.decode(Int.self, forKey: .version) == Self.version else {
            throw SequentialError.damaged("version")
        }
        model = try values.decode(SequentialModel.self, forKey: .model)
        periods = try values.decode([PeriodPrior].self, forKey: .periods)
        state = JointState(
            mean: try values.decode(PackedDoubles.self, forKey: .mean).values,
            root: try values.decode(PackedMatrix.self, forKey: .root).matrix()
        )
        taken = try values.decode([String: Int].self, forKey: .taken)
        observationCount = try values.decode(Int.self, forKey: .observationCount)
        let sums = try values.decode(PackedDoubles.self, forKey: .sums).values
        guard sums.count == 2 else { throw SequentialError.damaged("sums") }
        (logEvidence, chiSquare) = (sums[0], sums[1])
        refusedLate = try values.decode(Int.self, forKey: .refusedLate)
        heldAtBound = try values.decode(Int.self, forKey: .heldAtBound)
        try validate()
    }

    public func encode(to encoder: any Encoder) throws {
        var values = encoder.container(keyedBy: CodingKeys.self)
        try values.encode(Self.version, forKey: .version)
        try values.encode(model, forKey: .model)
        try values.encode(periods, forKey: .periods)
        try values.encode(PackedDoubles(state.mean), forKey: .mean)
        try values.encode(PackedMatrix(state.root), forKey: .root)
        try values.encode(taken, forKey: .taken)
        try values.encode(observationCount, forKey: .observationCount)
        try values.encode(PackedDoubles([logEvidence, chiSquare]), forKey: .sums)
        try values.encode(refusedLate, forKey: .refusedLate)
        try values.encode(heldAtBound, forKey: .heldAtBound)
    }

    private func validate() throws(SequentialError) {
        for period in periods { try period.validate(model) }
        guard !periods.isEmpty, periods.count <= model.windowPeriods else {
            throw .damaged("list of periods")
        }
        for (before, after) in zip(periods, periods.dropFirst()) where before.index &+ 1 != after.index {
            throw .damaged("list of periods")
        }
        let count = model.totals.count + periods.count * model.elementCount
        guard state.mean.count == count, state.mean.allSatisfy(\.isFinite) else { throw .damaged("mean") }
        guard state.root.rows == count, state.root.firstNotFinite == nil else { throw .damaged("covariance") }
    }
}
