import LinearAlgebra

/// A correlation matrix C = L·Lᵀ that is known by its root L; L may have more columns than rows.
///
/// Arguments are blocks of vectors: element (o, i, k) of a block is at (o · n + i) · inner + k, and the map works on
/// the middle index. Factors of a Kronecker product thereby work on one axis each of the same array.
public protocol CorrelationFactor: Sendable {
    /// Order n of C, which has ones on its diagonal.
    var count: Int { get }
    /// Number of columns of L.
    var controlCount: Int { get }
    /// L on the middle axis: `outer` x `controlCount` x `inner` values give `outer` x `count` x `inner`.
    func applyRoot(_ block: [Double], outer: Int, inner: Int) async -> [Double]
    /// Lᵀ on the middle axis, the other way.
    func applyTransposedRoot(_ block: [Double], outer: Int, inner: Int) async -> [Double]
}

/// No correlation: C = I.
public struct IndependentCorrelation: CorrelationFactor {
    public let count: Int
    public var controlCount: Int { count }

    public init(count: Int) throws(InversionError) {
        guard count > 0 else { throw .empty("correlation") }
        self.count = count
    }

    public func applyRoot(_ block: [Double], outer: Int, inner: Int) async -> [Double] { block }
    public func applyTransposedRoot(_ block: [Double], outer: Int, inner: Int) async -> [Double] { block }
}

/// The Kronecker product of factors, first the one that varies slowest. It is never formed: each factor is applied
/// along its own axis.
public struct ProductCorrelation: CorrelationFactor {
    public let factors: [any CorrelationFactor]
    public let count: Int
    public let controlCount: Int

    /// - Throws: ``InversionError/empty(_:)`` without factors, ``InversionError/algebra(_:_:)`` when the product has
    ///   more elements than 32-bit indices count.
    public init(_ factors: [any CorrelationFactor]) throws(InversionError) {
        guard !factors.isEmpty else { throw .empty("correlation") }
        var sizes = (states: 1, controls: 1)
        for factor in factors {
            // Each size is below 2³¹, so that no product of two overflows.
            sizes = (sizes.states * factor.count, sizes.controls * factor.controlCount)
            guard Int32(exactly: sizes.states) != nil, Int32(exactly: sizes.controls) != nil else {
                throw .algebra("prior correlation", .tooLarge(rows: sizes.states, columns: sizes.controls))
            }
        }
        self.factors = factors
        (count, controlCount) = sizes
    }

    /// Axes not yet mapped have their control counts, those mapped their state counts.
    public func applyRoot(_ block: [Double], outer: Int, inner: Int) async -> [Double] {
        var block = block
        var before = outer
        var after = inner * controlCount
        for factor in factors {
            after /= factor.controlCount
            block = await factor.applyRoot(block, outer: before, inner: after)
            before *= factor.count
        }
        return block
    }

    public func applyTransposedRoot(_ block: [Double], outer: Int, inner: Int) async -> [Double] {
        var block = block
        var before = outer
        var after = inner * count
        for factor in factors {
            after /= factor.count
            block = await factor.applyTransposedRoot(block, outer: before, inner: after)
            before *= factor.controlCount
        }
        return block
    }
}

/// Only some members of another correlation, in their order: a region cut from a regular grid.
public struct SelectedCorrelation: CorrelationFactor {
    public let base: any CorrelationFactor
    public let members: [Int]
    public var count: Int { members.count }
    public var controlCount: Int { base.controlCount }

    /// - Throws: ``InversionError`` when there are no members, one is outside the base, or one occurs twice.
    public init(_ base: any CorrelationFactor, members: [Int]) throws(InversionError) {
        guard !members.isEmpty else { throw .empty("correlation") }
        var isTaken = [Bool](repeating: false, count: base.count)
        for (index, member) in members.enumerated() {
            guard isTaken.indices.contains(member) else { throw .outOfRange("members", index: index) }
            guard !isTaken[member] else { throw .duplicate("members", index: index) }
            isTaken[member] = true
        }
        self.base = base
        self.members = members
    }

    public func applyRoot(_ block: [Double], outer: Int, inner: Int) async -> [Double] {
        let full = await base.applyRoot(block, outer: outer, inner: inner)
        var result: [Double] = []
        result.reserveCapacity(outer * members.count * inner)
        for slab in 0..<outer {
            for member in members {
                let start = (slab * base.count + member) * inner
                result.append(contentsOf: full[start..<(start + inner)])
            }
        }
        return result
    }

    public func applyTransposedRoot(_ block: [Double], outer: Int, inner: Int) async -> [Double] {
        var full = [Double](repeating: 0, count: outer * base.count * inner)
        for slab in 0..<outer {
            for (index, member) in members.enumerated() {
                let source = (slab * members.count + index) * inner
                let target = (slab * base.count + member) * inner
                for offset in 0..<inner { full[target + offset] = block[source + offset] }
            }
        }
        return await base.applyTransposedRoot(full, outer: outer, inner: inner)
    }
}
