import LinearAlgebra

/// A covariance R = C·Cᵀ of observation errors that is known by what C⁻¹ does to a vector.
public protocol ErrorWhitening: Sendable {
    var count: Int { get }
    /// ln det R.
    var logDeterminant: Double { get }
    /// C⁻¹·d.
    func whiten(_ vector: [Double]) -> [Double]
    /// C⁻ᵀ·d.
    func whitenTransposed(_ vector: [Double]) -> [Double]
    /// C·e: errors from independent standard normal numbers.
    func colour(_ vector: [Double]) -> [Double]
}

extension ErrorFactor {
    func whitenTransposed(_ vector: [Double]) -> [Double] {
        switch self {
        case .diagonal: whiten(vector)
        case .dense(let cholesky): cholesky.backwardSolve(vector)
        }
    }
}

/// Independent errors, or errors with a full covariance.
public struct FactoredErrors: ErrorWhitening {
    public let count: Int
    private let factor: ErrorFactor

    /// - Throws: ``InversionError`` that names the element at fault.
    public init(_ model: ErrorModel) throws(InversionError) {
        try model.validate("observation", count: model.count)
        guard model.count > 0 else { throw .empty("observations") }
        factor = try ErrorFactor(model, name: "observation_covariance")
        count = model.count
    }

    public var logDeterminant: Double { factor.logDeterminant }
    public func whiten(_ vector: [Double]) -> [Double] { factor.whiten(vector) }
    public func whitenTransposed(_ vector: [Double]) -> [Double] { factor.whitenTransposed(vector) }
    public func colour(_ vector: [Double]) -> [Double] { factor.multiply(vector) }
}

/// The errors of an ``ErrorBudget`` group by group: R is never formed, only its block for each station, vehicle or
/// product.
public struct GroupedErrors: ErrorWhitening {
    public let count: Int
    private let members: [[Int]]
    private let factors: [ErrorFactor]

    /// - Throws: ``InversionError/algebra(_:_:)`` when the covariance of a group is not positive definite.
    public init(_ budget: ErrorBudget) throws(InversionError) {
        count = budget.sigma.count
        guard count > 0 else { throw .empty("observations") }
        if budget.isIndependent {
            members = [Array(0..<count)]
            factors = [.diagonal(budget.sigma)]
            return
        }
        members = budget.blocks
        var factors: [ErrorFactor] = []
        for block in members {
            let name = "observation_covariance of group \(budget.groups[block[0]])"
            factors.append(try ErrorFactor(.covariance(budget.covariance(of: block)), name: name))
        }
        self.factors = factors
    }

    public var logDeterminant: Double { factors.reduce(0) { $0 + $1.logDeterminant } }
    public func whiten(_ vector: [Double]) -> [Double] { byGroup(vector) { $0.whiten($1) } }
    public func whitenTransposed(_ vector: [Double]) -> [Double] {
        byGroup(vector) { $0.whitenTransposed($1) }
    }
    public func colour(_ vector: [Double]) -> [Double] { byGroup(vector) { $0.multiply($1) } }

    private func byGroup(_ vector: [Double], _ map: (ErrorFactor, [Double]) -> [Double]) -> [Double] {
        var result = vector
        for (block, factor) in zip(members, factors) {
            let part = map(factor, block.map { vector[$0] })
            for (index, place) in block.enumerated() { result[place] = part[index] }
        }
        return result
    }
}
