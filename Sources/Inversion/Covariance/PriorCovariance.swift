/// A prior covariance B = L·Lᵀ that is known by its root; L may have more columns (controls) than rows (states).
public protocol PriorCovariance: Sendable {
    /// Number of state elements.
    var count: Int { get }
    /// Number of columns of L.
    var controlCount: Int { get }
    /// Standard deviations of the state elements, all positive.
    var sigma: [Double] { get }
    /// L·v.
    func applyRoot(_ control: [Double]) async -> [Double]
    /// Lᵀ·x.
    func applyTransposedRoot(_ state: consuming [Double]) async -> [Double]
}

extension PriorCovariance {
    /// B·x.
    public func apply(_ state: [Double]) async -> [Double] { await applyRoot(applyTransposedRoot(state)) }
}

/// B = diag(sigma)·C·diag(sigma).
public struct ScaledCovariance: PriorCovariance {
    public let sigma: [Double]
    public let correlation: any CorrelationFactor
    public var count: Int { sigma.count }
    public var controlCount: Int { correlation.controlCount }

    /// - Throws: ``InversionError`` when the lengths differ or a standard deviation is not positive.
    public init(sigma: [Double], correlation: any CorrelationFactor) throws(InversionError) {
        try ErrorModel.independent(sigma).validate("prior", count: correlation.count)
        self.sigma = sigma
        self.correlation = correlation
    }

    /// C = C_sector ⊗ C_period ⊗ C_space: the element of a sector, a period and a cell is at
    /// (sector · periods + period) · cells + cell.
    public init(
        sigma: [Double],
        sector: any CorrelationFactor,
        period: any CorrelationFactor,
        space: any CorrelationFactor
    ) throws(InversionError) {
        try self.init(sigma: sigma, correlation: ProductCorrelation([sector, period, space]))
    }

    /// Independent elements.
    public init(independent sigma: [Double]) throws(InversionError) {
        try self.init(sigma: sigma, correlation: IndependentCorrelation(count: sigma.count))
    }

    public func applyRoot(_ control: [Double]) async -> [Double] {
        scaled(await correlation.applyRoot(control, outer: 1, inner: 1))
    }

    public func applyTransposedRoot(_ state: consuming [Double]) async -> [Double] {
        await correlation.applyTransposedRoot(scaled(state), outer: 1, inner: 1)
    }

    /// In place where the caller keeps no copy.
    private func scaled(_ vector: consuming [Double]) -> [Double] {
        for index in vector.indices { vector[index] *= sigma[index] }
        return vector
    }
}

/// Blocks that do not depend on each other, such as a flux field, point sources, boundary values and biases; the state
/// is the blocks one after the other.
public struct BlockCovariance: PriorCovariance {
    public let blocks: [any PriorCovariance]
    public let count: Int
    public let controlCount: Int

    public init(_ blocks: [any PriorCovariance]) throws(InversionError) {
        guard !blocks.isEmpty else { throw .empty("state") }
        self.blocks = blocks
        count = blocks.reduce(0) { $0 + $1.count }
        controlCount = blocks.reduce(0) { $0 + $1.controlCount }
    }

    public var sigma: [Double] { blocks.flatMap(\.sigma) }

    public func applyRoot(_ control: [Double]) async -> [Double] {
        var result: [Double] = []
        var start = 0
        for block in blocks {
            result += await block.applyRoot(Array(control[start..<(start + block.controlCount)]))
            start += block.controlCount
        }
        return result
    }

    public func applyTransposedRoot(_ state: [Double]) async -> [Double] {
        var result: [Double] = []
        var start = 0
        for block in blocks {
            result += await block.applyTransposedRoot(Array(state[start..<(start + block.count)]))
            start += block.count
        }
        return result
    }
}

/// The covariance of a dense problem, by its Cholesky factor.
public struct DenseCovariance: PriorCovariance {
    public let sigma: [Double]
    private let factor: ErrorFactor
    public var count: Int { sigma.count }
    public var controlCount: Int { sigma.count }

    /// - Throws: ``InversionError`` that names the element at fault, or says that the matrix is not definite.
    public init(_ model: ErrorModel) throws(InversionError) {
        try model.validate("prior", count: model.count)
        factor = try ErrorFactor(model, name: "prior_covariance")
        sigma = model.sigma
    }

    public func applyRoot(_ control: [Double]) async -> [Double] { factor.multiply(control) }
    public func applyTransposedRoot(_ state: [Double]) async -> [Double] { factor.transposedMultiply(state) }
}
